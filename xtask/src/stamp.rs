//! Writes into a built page which build it is, so that no cache mixes the files of two.
//!
//! The build is named by a hash of its files. The name stands behind the addresses of all scripts and binaries (`?b=…`), so that
//! a copy of another build is not asked for; and in each binary and its script, so that `www/load.js` notices where a server or a
//! cache answers with one all the same.

use crate::Result;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// The section of a binary that holds the build's name, as `www/load.js` knows it.
const SECTION: &[u8] = b"moescope-build";
/// The binaries, each with a script of the same name.
const BINARIES: [&str; 4] = ["app", "studio", "engine_cpu", "engine_gpu"];
/// How addresses of scripts and binaries end where they are written.
const ENDS: [&str; 2] = [".js\"", "_bg.wasm\""];
/// The service worker has one address for all builds: the browser asks for it again by itself.
const KEPT: &str = "sw.js?b=";

/// Stamps a built folder, and gives the build's name.
///
/// # Errors
/// If a file cannot be read or written.
pub fn stamp(dist: &Path) -> Result<String> {
    let www = dist.join("www");
    let scripts: Vec<PathBuf> = names(&www)?.into_iter().filter(|path| ends(path, "js")).collect();
    let binaries = BINARIES.map(|name| (dist.join(format!("{name}.js")), dist.join(format!("{name}_bg.wasm"))));
    let page = dist.join("index.html");
    let mut hasher = DefaultHasher::new();
    for path in scripts.iter().chain(binaries.iter().flat_map(|(script, wasm)| [script, wasm])).chain([&page]) {
        read(path)?.hash(&mut hasher);
    }
    let build = format!("{:016x}", hasher.finish());
    for (script, wasm) in &binaries {
        let export = format!("\nexport const build = \"{build}\";\n");
        write(script, &[read(script)?, export.into_bytes()].concat())?;
        write(wasm, &with_section(&read(wasm)?, &build))?;
    }
    for path in scripts.iter().chain([&page]) {
        let text = fs::read_to_string(path).map_err(|error| failed(path, &error))?;
        write(path, named(addressed(&text, &build), path, &build).as_bytes())?;
    }
    Ok(build)
}

/// A binary with a build's name in it.
pub fn with_section(module: &[u8], build: &str) -> Vec<u8> {
    let body = [&number(SECTION.len()), SECTION, build.as_bytes()].concat();
    [module, &[0], &number(body.len()), &body].concat()
}

/// A text in which the build's name stands behind the addresses of scripts and binaries.
fn addressed(text: &str, build: &str) -> String {
    let stamped = ENDS
        .iter()
        .fold(text.to_owned(), |text, end| text.replace(end, &format!("{}?b={build}\"", end.trim_end_matches('"'))));
    stamped.replace(&format!("{KEPT}{build}"), KEPT.trim_end_matches("?b="))
}

/// A script that names its build, even where it names no other file: `www/sw.js` keeps what names its own.
fn named(text: String, path: &Path, build: &str) -> String {
    if text.contains(build) || !ends(path, "js") || path.ends_with("sw.js") {
        return text;
    }
    format!("{text}// {build}\n")
}

/// A number as LEB128.
fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        bytes.push(if value > 0 { low | 0x80 } else { low });
        if value == 0 {
            return bytes;
        }
    }
}

fn ends(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|other| other == extension)
}

fn names(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| failed(path, &error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_stamped_and_the_service_workers_is_not() {
        let text =
            "import { load } from \"./load.js\"; register(new URL(\"../sw.js\", u)); f(\"app_bg.wasm\", \"x.json\");";
        let stamped = "import { load } from \"./load.js?b=7\"; register(new URL(\"../sw.js\", u)); f(\"app_bg.wasm?b=7\", \"x.json\");";
        assert_eq!(addressed(text, "7"), stamped);
    }

    #[test]
    fn every_script_names_its_build_once() {
        let named = |name: &str, text: &str| named(text.to_owned(), Path::new(name), "7f");
        assert_eq!(named("www/load.js", "f();\n"), "f();\n// 7f\n");
        assert_eq!(named("www/watch.js", "import \"./load.js?b=7f\";\n"), "import \"./load.js?b=7f\";\n");
        assert_eq!(named("www/sw.js", "f();\n"), "f();\n", "one for all builds");
        assert_eq!(named("index.html", "<p>"), "<p>");
    }

    /// Section 0 of the specification's binary format: id, length, length of the name, name, content.
    #[test]
    fn a_binary_gets_one_more_section() {
        let module = b"\0asm\x01\0\0\0";
        let stamped = with_section(module, "ab");
        assert_eq!(stamped, [module.as_slice(), &[0, 17, 14], b"moescope-build", b"ab"].concat());
        assert_eq!(number(300), [0xac, 0x02]);
    }
}
