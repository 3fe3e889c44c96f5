//! Writes the functions of `moescope::messages` from Fluent's files in `src/messages`, and from those that its tests read.

#[path = "src/messages/generator.rs"]
mod generator;

use generator::{Generated, MessageFile};
use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let warnings = write("src/messages", "messages.rs")?;
    warnings.iter().for_each(|warning| println!("cargo::warning={warning}"));
    // What the tests' second language lacks, it lacks on purpose.
    write("tests/fixtures/messages", "sample_messages.rs")?;
    Ok(())
}

/// Writes the functions of a folder's messages into a file; what its languages lack.
fn write(folder: &str, file: &str) -> Result<Vec<String>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={folder}");
    let Generated { code, warnings } = generator::generate(&sources(Path::new(folder))?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join(file), code)?;
    Ok(warnings)
}

/// The files in the languages' folders.
fn sources(folder: &Path) -> Result<Vec<MessageFile>, Box<dyn Error>> {
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut sources = Vec::new();
    for language in fs::read_dir(folder)? {
        let language = language?.path();
        if !language.is_dir() {
            continue;
        }
        for file in fs::read_dir(&language)? {
            let file = file?.path();
            if file.extension().is_some_and(|end| end == "ftl") {
                sources.push(MessageFile {
                    language: name(&language),
                    room: name(&file),
                    text: fs::read_to_string(&file)?,
                });
            }
        }
    }
    Ok(sources)
}
