//! A service in a web worker: messages in and out, files over the network, faults that reach the page.

use super::fetch::fetch;
use super::host::Host;
use super::mailbox::{Mail, Mailbox};
use super::messages::{on_bytes, send_bytes, words};
use super::turns::{Turns, sleep};
use crate::device::GpuAccess;
use crate::error::{FetchFault, NoGpu, Trouble, WorkerFault};
use crate::protocol;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::marker::PhantomData;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// One of the engine's services.
pub trait Service: 'static {
    /// What its page asks.
    type Request: Mail + DeserializeOwned + 'static;
    /// What it answers.
    type Event: Serialize;

    /// How it tells of a fault.
    fn fault(fault: WorkerFault) -> Self::Event;

    /// Answers requests until the mailbox is closed.
    fn serve(worker: &ServiceWorker<Self>, mailbox: &Mailbox<Self::Request>) -> impl Future<Output = ()>
    where
        Self: Sized;
}

/// The worker that a service runs in.
pub struct ServiceWorker<S> {
    turns: Turns,
    no_gpu: Option<NoGpu>,
    service: PhantomData<S>,
}

/// Starts a service in this worker. `no_gpu` is why no GPU can be used, where the page's scripts found that out.
pub fn start<S: Service>(no_gpu: Option<NoGpu>) {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        post(&S::fault(WorkerFault::Panicked(info.to_string())));
    }));
    let mailbox = Rc::new(Mailbox::default());
    let receiver = Rc::clone(&mailbox);
    on_bytes(move |bytes| match bytes.and_then(|bytes| protocol::decode(&bytes).ok()) {
        Some(request) => receiver.push(request),
        None => post(&S::fault(WorkerFault::Unreadable)),
    });
    spawn_local(async move {
        match Turns::new() {
            Ok(turns) => S::serve(&ServiceWorker { turns, no_gpu, service: PhantomData }, &mailbox).await,
            Err(error) => post(&S::fault(WorkerFault::Unsupported(words(&error)))),
        }
    });
}

fn post(event: &impl Serialize) {
    if let Ok(bytes) = protocol::encode(event) {
        send_bytes(&bytes);
    }
}

fn on_trouble<S: Service>(trouble: Trouble) {
    post(&S::fault(WorkerFault::Gpu(trouble)));
}

impl<S: Service> Host<S::Event> for ServiceWorker<S> {
    fn gpu(&self) -> GpuAccess {
        GpuAccess { on_trouble: on_trouble::<S>, missing: self.no_gpu.clone() }
    }

    async fn pause(&self) {
        self.turns.next().await;
    }

    async fn sleep(&self, millis: u32) {
        sleep(millis).await;
    }

    fn send(&self, event: S::Event) {
        post(&event);
    }

    fn fetch(
        &self,
        address: &str,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> impl Future<Output = Result<Vec<u8>, FetchFault>> {
        fetch(address, progress)
    }
}
