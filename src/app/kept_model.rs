//! Models that were opened from files, kept for their tab ([`super::kept_file`]): an address names such a model and does not
//! hold it, so a reload and the way back need its files. Those lie one after another in one file of the browser's cache, so
//! that all are there or none; the session's storage says for each model where, and how long each file is.

#[cfg(feature = "studio")]
use super::kept_file::KeptFault;
use super::kept_file::{self, MODELS};
use super::models::GivenModel;
use web_sys::{Blob, Storage};

/// Largest model that is kept, all files together, in bytes.
#[cfg(feature = "studio")]
const MOST: u64 = 200_000_000;
/// What the names of the entries begin with.
const PREFIX: &str = "moescope.model.";

/// Where a model's files are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    key: String,
    /// Names and lengths, in their order.
    files: Vec<(String, u64)>,
}

impl Entry {
    /// The key, then a line for each file.
    #[cfg(feature = "studio")]
    fn write(&self) -> String {
        let lines = self.files.iter().map(|(name, size)| format!("\n{size} {}", name.replace('\n', " ")));
        self.key.clone() + &lines.collect::<String>()
    }

    fn read(value: &str) -> Option<Self> {
        let mut lines = value.split('\n');
        let key = lines.next()?.to_owned();
        let file =
            |line: &str| line.split_once(' ').and_then(|(size, name)| Some((name.to_owned(), size.parse().ok()?)));
        Some(Self { key, files: lines.map(file).collect::<Option<_>>()? })
    }
}

fn storage() -> Option<Storage> {
    gloo::utils::window().session_storage().ok().flatten()
}

/// Keeps a model's files under its name.
///
/// # Errors
/// Why the browser does not keep them.
#[cfg(feature = "studio")]
pub async fn put(model: &str, files: &[(String, Blob)]) -> Result<(), KeptFault> {
    let sized = files.iter().map(|(name, file)| (name.clone(), file.size() as u64));
    let mut entry = Entry { key: String::new(), files: sized.collect() };
    let size = entry.files.iter().map(|(_, size)| size).sum();
    if size > MOST {
        return Err(KeptFault::TooLarge { size, most: MOST });
    }
    let parts: js_sys::Array = files.iter().map(|(_, file)| wasm_bindgen::JsValue::from(file)).collect();
    let whole = Blob::new_with_blob_sequence(&parts)?;
    entry.key = kept_file::put(&MODELS, &whole).await?;
    let storage = storage().ok_or(KeptFault::NoStorage)?;
    Ok(storage.set_item(&format!("{PREFIX}{model}"), &entry.write())?)
}

/// The files of a model, if the tab still keeps them.
pub async fn get(model: &str) -> Option<GivenModel> {
    let entry = Entry::read(&storage()?.get_item(&format!("{PREFIX}{model}")).ok()??)?;
    let whole = kept_file::get(&MODELS, &entry.key).await.ok()?;
    let (mut files, mut at) = (Vec::with_capacity(entry.files.len()), 0);
    for (name, size) in entry.files {
        files.push((name, whole.slice_with_f64_and_f64(at as f64, (at + size) as f64).ok()?));
        at += size;
    }
    GivenModel::of_files(model.to_owned(), &files).ok()
}

#[cfg(all(test, feature = "studio"))]
mod tests {
    use super::Entry;

    #[test]
    fn where_a_models_files_are_is_read_back() {
        let files = [("config.json", 12), ("a name with spaces.safetensors", 0), ("tokenizer.json", 1 << 40)];
        let files = files.map(|(name, size)| (name.to_owned(), size)).to_vec();
        let entry = Entry { key: "1769".to_owned(), files };
        assert_eq!(Entry::read(&entry.write()), Some(entry));
        for broken in ["1769\n", "1769\nx config.json", "1769\n12"] {
            assert_eq!(Entry::read(broken), None, "{broken:?}");
        }
    }
}
