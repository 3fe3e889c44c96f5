//! Takes the functions' names out of a WebAssembly module: a fifth of the engine's bytes, and only debuggers read them.
//!
//! The linker's own way of doing so also drops the section that tells wasm-bindgen what the target can do.

use crate::Result;
use std::fs;
use std::path::Path;

const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;

/// Removes the names from every module in a built folder.
///
/// # Errors
/// If a file cannot be read or written, or is no WebAssembly module.
pub fn names(dist: &Path) -> Result<()> {
    let failed = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    for entry in fs::read_dir(dist).map_err(|error| failed(dist, &error))? {
        let path = entry.map_err(|error| failed(dist, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let module = fs::read(&path).map_err(|error| failed(&path, &error))?;
            let lean = without_names(&module).ok_or_else(|| failed(&path, &"this is no WebAssembly module"))?;
            fs::write(&path, lean).map_err(|error| failed(&path, &error))?;
        }
    }
    Ok(())
}

/// A module without its `name` section; nothing if the bytes are no module.
fn without_names(module: &[u8]) -> Option<Vec<u8>> {
    let mut rest = module.strip_prefix(MAGIC)?;
    let mut lean = MAGIC.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (length, body) = number(after)?;
        let (body, next) = body.split_at_checked(length)?;
        let is_names = id == CUSTOM && number(body).is_some_and(|(n, name)| name.get(..n) == Some(b"name".as_slice()));
        if !is_names {
            lean.extend_from_slice(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Some(lean)
}

/// A LEB128 number and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (at, &byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A type section, a custom section of that name, and an export section.
    fn module(custom: &[u8]) -> Vec<u8> {
        let length = u8::try_from(custom.len() + 3).unwrap();
        let name = u8::try_from(custom.len()).unwrap();
        [MAGIC, &[1, 2, 1, 0x60], &[0, length, name], custom, &[7, 8], &[7, 1, 0]].concat()
    }

    #[test]
    fn only_the_names_go() {
        assert_eq!(without_names(&module(b"name")).unwrap(), [MAGIC, &[1, 2, 1, 0x60, 7, 1, 0]].concat());
        let other = module(b"target_features");
        assert_eq!(without_names(&other), Some(other.clone()));
    }

    #[test]
    fn what_is_cut_off_is_no_module() {
        let whole = module(b"name");
        assert_eq!(without_names(&whole[..whole.len() - 1]), None);
        assert_eq!(without_names(b"<!doctype html>"), None);
    }
}
