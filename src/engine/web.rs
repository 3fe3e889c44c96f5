//! The engine in a web worker: messages in and out, files over the network, faults that reach the page.

use super::device::{OnTrouble, Trouble};
use super::inbox::Inbox;
use super::service::{Host, serve};
use crate::protocol::{self, Event, FaultKind};
use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, ReadableStreamDefaultReader, Response, WorkerNavigator,
};

/// Largest file that is fetched, in bytes.
const MAX_FILE: u64 = 512 << 20;

/// Starts the engine in this worker.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let message = format!("The engine stopped because of a fault in it ({info}). It can be started again.");
        post(&Event::Fault { kind: FaultKind::Route, message, fatal: true });
    }));
    let inbox = Rc::new(Inbox::default());
    let receiver = Rc::clone(&inbox);
    on_bytes(move |bytes| match bytes.and_then(|bytes| protocol::decode(&bytes).ok()) {
        Some(request) => receiver.push(request),
        None => post(&Event::Fault {
            kind: FaultKind::Protocol,
            message:
                "The page sent something that the engine cannot read: they are of different versions. Reload the page."
                    .to_owned(),
            fatal: false,
        }),
    });
    spawn_local(async move {
        match Pauses::new() {
            Ok(pauses) => serve(&Worker { pauses }, &inbox).await,
            Err(error) => post(&Event::Fault {
                kind: FaultKind::Device,
                message: format!("This browser's workers lack what the engine needs: {}", words(&error)),
                fatal: true,
            }),
        }
    });
}

/// Hears the page's messages: their bytes, or `None` for a message that is something else.
pub(crate) fn on_bytes(mut hear: impl FnMut(Option<Vec<u8>>) + 'static) {
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| hear(read(&event.data())));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The listener lives as long as the worker.
    on_message.forget();
}

/// The worker itself.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn read(data: &JsValue) -> Option<Vec<u8>> {
    let bytes = match data.dyn_ref::<ArrayBuffer>() {
        Some(buffer) => Uint8Array::new(buffer),
        None => data.dyn_ref::<Uint8Array>()?.clone(),
    };
    Some(bytes.to_vec())
}

fn post(event: &Event) {
    if let Ok(bytes) = protocol::encode(event) {
        send_bytes(&bytes);
    }
}

/// Sends bytes to the page in a buffer that changes hands, so that nothing is copied twice.
pub(crate) fn send_bytes(bytes: &[u8]) {
    let buffer = Uint8Array::from(bytes).buffer();
    if let Err(error) = scope().post_message_with_transfer(&buffer, &Array::of1(&buffer)) {
        web_sys::console::error_1(&error);
    }
}

fn on_trouble(trouble: Trouble) {
    let message = match trouble {
        Trouble::Lost(what) => format!("The GPU was lost. {what}"),
        Trouble::Uncaptured(what) => {
            format!("The GPU refused an operation, so its results cannot be trusted. {what}")
        }
    };
    post(&Event::Fault { kind: FaultKind::DeviceLost, message: message.trim_end().to_owned(), fatal: true });
}

struct Worker {
    pauses: Pauses,
}

impl Host for Worker {
    const ON_TROUBLE: OnTrouble = on_trouble;

    fn fetch(
        &self,
        address: &str,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> impl Future<Output = Result<Vec<u8>, String>> {
        fetch(address, progress)
    }

    fn pause(&self) -> impl Future<Output = ()> {
        self.pauses.pause()
    }

    fn send(&self, event: Event) {
        post(&event);
    }
}

async fn fetch(address: &str, progress: &dyn Fn(u64, Option<u64>)) -> Result<Vec<u8>, String> {
    let unreachable = |error: JsValue| {
        format!("{address} could not be fetched ({}). Check the connection, then try again.", words(&error))
    };
    let response = JsFuture::from(scope().fetch_with_str(address)).await.map_err(unreachable)?;
    let response: Response = response.dyn_into().map_err(unreachable)?;
    if !response.ok() {
        return Err(format!(
            "{address} could not be fetched: the server says {} {}. Check that the model's folder is there.",
            response.status(),
            response.status_text()
        ));
    }
    // The length of a compressed body says nothing about what comes out of it.
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let total =
        header("content-length").and_then(|text| text.parse().ok()).filter(|_| header("content-encoding").is_none());
    let too_long = || format!("{address} is larger than {} MiB, which is more than the engine takes.", MAX_FILE >> 20);
    if total.is_some_and(|total: u64| total > MAX_FILE) {
        return Err(too_long());
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader =
        body.get_reader().dyn_into().map_err(|object| unreachable(object.into()))?;
    let mut bytes: Vec<u8> = Vec::new();
    progress(0, total);
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(unreachable)?;
        let field = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).map_err(unreachable);
        if field("done")?.is_truthy() {
            break;
        }
        let part: Uint8Array = field("value")?.dyn_into().map_err(unreachable)?;
        let start = bytes.len();
        bytes.resize(start + part.length() as usize, 0);
        part.copy_to(&mut bytes[start..]);
        if bytes.len() as u64 > MAX_FILE {
            return Err(too_long());
        }
        progress(bytes.len() as u64, total);
    }
    match total {
        Some(total) if total != bytes.len() as u64 => {
            Err(format!("{address} broke off after {} of {total} bytes. Try again.", bytes.len()))
        }
        _ => Ok(bytes),
    }
}

/// Turns of the event loop, by a message to ourselves: a timer would wait four milliseconds every time.
pub(crate) struct Pauses {
    channel: MessageChannel,
}

impl Pauses {
    pub(crate) fn new() -> Result<Self, JsValue> {
        Ok(Self { channel: MessageChannel::new()? })
    }

    pub(crate) async fn pause(&self) {
        let turn = js_sys::Promise::new(&mut |resolve, _| {
            self.channel.port1().set_onmessage(Some(&resolve));
            if self.channel.port2().post_message(&JsValue::NULL).is_err() {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
        // This promise is never rejected.
        let _ = JsFuture::from(turn).await;
    }
}

/// `navigator.gpu`, if there is one.
pub(super) fn webgpu() -> Option<JsValue> {
    let navigator: WorkerNavigator = scope().navigator();
    Reflect::get(&navigator, &"gpu".into()).ok().filter(JsValue::is_object)
}

/// The GPU's maker and family, as far as the browser tells.
pub(super) async fn gpu_family() -> Option<String> {
    let gpu = webgpu()?;
    let request: js_sys::Function = Reflect::get(&gpu, &"requestAdapter".into()).ok()?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).ok()?;
    let adapter: js_sys::Promise = request.call1(&gpu, &options).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(adapter).await.ok()?;
    let info = Reflect::get(&adapter, &"info".into()).ok()?;
    let field = |name: &str| Reflect::get(&info, &name.into()).ok()?.as_string().filter(|text| !text.is_empty());
    let parts: Vec<String> = ["vendor", "architecture"].into_iter().filter_map(field).collect();
    Some(parts.join(" "))
}

/// What JavaScript threw, in words.
pub(crate) fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| "no reason given".to_owned()),
    }
}
