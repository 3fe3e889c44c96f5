//! The engine in the process, for the command line: files instead of fetches, waiting instead of events.

use super::device::{self, OpenDevice};
use super::session::{Checkpoint, Session};
use crate::model::{ModelConfig, ModelError};
use crate::protocol::{Cut, DeviceChoice};
use crate::trace::Trace;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Routes a text through the checkpoint in a folder, as a text of this task ([`Session::say_task`]).
///
/// # Errors
/// If the device or a file cannot be opened, or the text cannot be routed.
pub fn trace_text(
    folder: &Path,
    text: &str,
    task: Option<usize>,
    choice: DeviceChoice,
) -> Result<(Trace, Option<Cut>), ModelError> {
    block_on(async {
        let device = device::open(choice, |_| ()).await?;
        let mut session = open_folder(folder, device)?;
        session.say_task(task);
        session.route(text).await
    })
}

/// A session with the checkpoint in a folder.
///
/// # Errors
/// If a file cannot be read or is not what it should be.
pub fn open_folder(folder: &Path, device: OpenDevice) -> Result<Session, ModelError> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|error| ModelError::new(format!("{} cannot be read: {error}", path.display())))
    };
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let config = read("config.json")?;
    Session::open(
        &Checkpoint {
            name: name.as_deref().unwrap_or("model"),
            tokenizer: &read(ModelConfig::tokenizer_of(&config))?,
            config: &config,
            weights: &read("model.safetensors")?,
        },
        device,
    )
}

/// Waits for a future on this thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}
