//! The engine in the process, for the command line: files instead of fetches, waiting instead of events.

use super::session::{Checkpoint, Session};
use crate::device::{self, GpuAccess, OpenDevice};
use crate::error::{DeviceFault, FileFault};
use crate::model::{ModelConfig, ModelError, checkpoint};
use crate::protocol::{Cut, DeviceChoice};
use crate::token::PassedOver;
use crate::trace::Trace;
use pollster::block_on;
use std::path::Path;

/// Routes a text through the checkpoint in a folder, as a text of this task ([`Session::say_task`]). With the trace comes
/// what was cut off the text and what of the files was passed over ([`Session::passed_over`]).
///
/// # Errors
/// If the device or a file cannot be opened, or the text cannot be routed.
pub fn trace_text(
    folder: &Path,
    text: &str,
    task: Option<usize>,
    choice: DeviceChoice,
) -> Result<(Trace, Option<Cut>, PassedOver), ModelError> {
    block_on(async {
        let device = device::open(choice, &GpuAccess::default()).await;
        let device = device.map_err(|why| ModelError::Device(DeviceFault::NoGpu(why)))?;
        let mut session = open_folder(folder, device)?;
        session.say_task(task);
        let (trace, cut) = session.route(text).await?;
        Ok((trace, cut, session.passed_over()))
    })
}

/// A session with the checkpoint in a folder.
///
/// # Errors
/// If a file cannot be read or is not what it should be.
pub fn open_folder(folder: &Path, device: OpenDevice) -> Result<Session, ModelError> {
    let read = |name: &str| read_file(&folder.join(name));
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let config = read("config.json")?;
    Session::open(
        &Checkpoint {
            name: name.as_deref().unwrap_or("model"),
            tokenizer: &read(ModelConfig::tokenizer_of(&config))?,
            config: &config,
            weights: &named(&read_weights(folder)?),
        },
        device,
    )
}

fn read_file(path: &Path) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|error| ModelError::File {
        name: path.display().to_string(),
        fault: FileFault::Unreadable { detail: error.to_string() },
    })
}

/// The weight files of the checkpoint in a folder, with their names: one, or those that its index names.
///
/// # Errors
/// If one is missing or cannot be read.
pub fn read_weights(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, ModelError> {
    let (whole, index) = (folder.join(checkpoint::FILE), folder.join(checkpoint::INDEX));
    let names = match !whole.exists() && index.exists() {
        true => checkpoint::shards(&read_file(&index)?)?,
        false if whole.exists() => vec![checkpoint::FILE.to_owned()],
        // Their names say how many they are.
        false => match numbered(folder) {
            Some(names) => names,
            None => return Err(no_weights(folder)),
        },
    };
    names.into_iter().map(|name| Ok((name.clone(), read_file(&folder.join(name))?))).collect()
}

/// Files of weights without the index that lists them: `model-00001-of-00002.safetensors` and all others of its number.
fn numbered(folder: &Path) -> Option<Vec<String>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with("model-") && name.ends_with(".safetensors"));
    names.sort();
    let all: usize = names.first()?.strip_suffix(".safetensors")?.rsplit_once("-of-")?.1.parse().ok()?;
    (names.len() == all).then_some(names)
}

/// The same files, borrowed.
pub fn named(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

fn no_weights(folder: &Path) -> ModelError {
    let kind = |name: &String| [".safetensors", ".bin", ".gguf", ".pt", ".pth"].iter().any(|end| name.ends_with(end));
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut others: Vec<String> =
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(kind).collect();
    others.sort();
    ModelError::NoWeights { folder: folder.display().to_string(), others }
}
