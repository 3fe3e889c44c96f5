//! The list of models that the page offers: what there is in `assets/models`, with what each card says.

use crate::model::ModelConfig;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// A model, as `src/app/models` reads it.
#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    summary: String,
    parameters: u64,
    bits_per_byte: Option<f64>,
    bytes: u64,
}

/// Writes `index.json` into a folder of checkpoints: one entry for each folder with weights, in order of name.
pub fn write(folder: &Path) -> Result<(), String> {
    let path = folder.join("index.json");
    std::fs::write(&path, list(folder)?).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn list(folder: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut entries = Vec::new();
    for found in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = found.map_err(unreadable)?.path();
        if path.join("model.safetensors").is_file() {
            entries.push(entry(&path)?);
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let json =
        serde_json::to_string_pretty(&entries).map_err(|error| format!("the list cannot be written: {error}"))?;
    Ok(json + "\n")
}

fn entry(path: &Path) -> Result<Entry, String> {
    let file = path.join("card.json");
    let wrong = |what: &str| format!("{}: {what}; `moescope export` writes one that is whole", file.display());
    let card: Value =
        serde_json::from_str(&super::super::read_text(&file)?).map_err(|error| wrong(&error.to_string()))?;
    let mut bytes = 0;
    let config = ModelConfig::from_json(&super::super::read_text(&path.join("config.json"))?)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    for name in ["config.json", "model.safetensors", config.tokenizer_file(), "card.json"] {
        let part = path.join(name);
        let length = std::fs::metadata(&part).map_err(|error| format!("{} cannot be read: {error}", part.display()))?;
        bytes += length.len();
    }
    Ok(Entry {
        name: path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or_else(|| wrong("the folder has no name"))?
            .to_owned(),
        summary: card["summary"].as_str().ok_or_else(|| wrong("summary is missing"))?.to_owned(),
        parameters: card["parameters"].as_u64().ok_or_else(|| wrong("parameters is missing"))?,
        bits_per_byte: card["measured"]["bits_per_byte"].as_f64(),
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// What ships: at most 8 MB a model and 64 MB together, in millions of bytes, the shared tokenizer counted once.
    #[test]
    fn the_models_are_small_enough_to_ship() {
        fn bytes(folder: &Path) -> u64 {
            let sizes = std::fs::read_dir(folder).unwrap().map(|found| {
                let path = found.unwrap().path();
                if path.is_dir() { bytes(&path) } else { std::fs::metadata(&path).unwrap().len() }
            });
            sizes.sum()
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models");
        assert!(bytes(&folder) < 64_000_000, "{} bytes", bytes(&folder));
        for found in std::fs::read_dir(&folder).unwrap() {
            let path = found.unwrap().path();
            assert!(!path.is_dir() || bytes(&path) <= 8_000_000, "{}", path.display());
        }
    }

    #[test]
    fn the_list_is_of_the_models_that_are_there() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models");
        let listed = std::fs::read_to_string(folder.join("index.json")).unwrap();
        let there = super::list(&folder).unwrap();
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(read(&listed), read(&there), "run `moescope results --models assets/models`");
    }
}
