//! The message loop, the same in the browser and natively: takes the newest request, works in small pieces, and looks at the
//! inbox in between.

use super::device::{self, OnTrouble};
use super::generate::{Generation, Step};
use super::inbox::Inbox;
use super::session::{Checkpoint, Session};
use crate::model::ModelError;
use crate::protocol::{DeviceChoice, Event, FaultKind, Finish, Request, Sampling};
use crate::trace::Trace;
use std::future::Future;

/// What the service needs from where it runs.
pub trait Host {
    /// Called when something happens to the GPU.
    const ON_TROUBLE: OnTrouble;

    /// The bytes at an address, or what went wrong and what to do. `progress` hears of bytes done, and of how many.
    fn fetch(
        &self,
        address: &str,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> impl Future<Output = Result<Vec<u8>, String>>;

    /// Lets messages come in.
    fn pause(&self) -> impl Future<Output = ()>;

    /// Tells the page.
    fn send(&self, event: Event);
}

/// A checkpoint's files, kept so that another device needs no network.
struct Files {
    address: String,
    config: Vec<u8>,
    tokenizer: Vec<u8>,
    card: Vec<u8>,
    weights: Vec<u8>,
}

struct Service<'a, H> {
    host: &'a H,
    inbox: &'a Inbox,
    files: Option<Files>,
    session: Option<Session>,
}

/// Answers requests until the inbox is closed.
pub async fn serve(host: &impl Host, inbox: &Inbox) {
    let mut service = Service { host, inbox, files: None, session: None };
    host.send(Event::Started);
    while let Some(request) = inbox.next().await {
        if let Err((kind, error)) = service.answer(request).await {
            host.send(Event::Fault { kind, message: error.to_string(), fatal: false });
        }
    }
}

type Fault = (FaultKind, ModelError);

impl<H: Host> Service<'_, H> {
    async fn answer(&mut self, request: Request) -> Result<(), Fault> {
        match request {
            Request::Open { device, model } => self.open(device, &model).await,
            Request::Route { ticket, text } => self.route(ticket, &text).await.map(|_| ()),
            Request::Generate { ticket, text, sampling, max_tokens } => {
                if text.is_empty() {
                    let message = "There is no text to continue. Type at least one character.";
                    return Err((FaultKind::Route, ModelError::new(message)));
                }
                match self.route(ticket, &text).await? {
                    Some(trace) => self.generate(ticket, &trace, sampling, max_tokens).await,
                    None => Ok(()),
                }
            }
            Request::Stop => Ok(()),
        }
    }

    /// Opens device and model. If that fails, the ones in use stay in use.
    async fn open(&mut self, choice: DeviceChoice, address: &str) -> Result<(), Fault> {
        self.progress("Opening the device", 0, None);
        let device = device::open(choice, H::ON_TROUBLE).await.map_err(|error| (FaultKind::Device, error))?;
        if self.files.as_ref().is_none_or(|files| files.address != address) {
            self.files = Some(self.fetch(address).await?);
        }
        let Some(files) = &self.files else { return Ok(()) };
        self.progress("Reading the model", 0, None);
        self.host.pause().await;
        let name = address.trim_end_matches('/').rsplit('/').next().unwrap_or(address);
        let Files { config, tokenizer, weights, .. } = files;
        let session = Session::open(&Checkpoint { name, config, tokenizer, weights }, device);
        match session {
            Ok(session) => {
                // The card is for reading only: a model without one, or with one that is no text, routes as well.
                let card = String::from_utf8(files.card.clone()).unwrap_or_default();
                let device = session.device().report.clone();
                self.session = Some(session);
                self.host.send(Event::Ready { device, card });
                Ok(())
            }
            Err(error) => {
                // A damaged file must not be kept.
                self.files = None;
                Err((FaultKind::Model, error))
            }
        }
    }

    async fn fetch(&self, address: &str) -> Result<Files, Fault> {
        let base = format!("{}/", address.trim_end_matches('/'));
        let file = async |name: &str| {
            let progress = |done, total| self.progress(&format!("Fetching {name}"), done, total);
            let bytes = self.host.fetch(&format!("{base}{name}"), &progress).await;
            bytes.map_err(|what| (FaultKind::Fetch, ModelError::new(format!("{name}: {what}"))))
        };
        Ok(Files {
            address: address.to_owned(),
            config: file("config.json").await?,
            tokenizer: file("tokenizer.json").await?,
            card: file("card.json").await.unwrap_or_default(),
            weights: file("model.safetensors").await?,
        })
    }

    /// Routes a text; `None` if a newer request made it pointless.
    async fn route(&mut self, ticket: u64, text: &str) -> Result<Option<Trace>, Fault> {
        let Some(session) = &mut self.session else {
            let message = "No model is loaded, so nothing can be routed. Load a model first.";
            return Err((FaultKind::Route, ModelError::new(message)));
        };
        let mut job = session.begin(text);
        while session.advance(&mut job).await.map_err(|error| (FaultKind::Route, error))? {
            self.host.pause().await;
            if self.inbox.is_newer() {
                return Ok(None);
            }
        }
        let (trace, cut) = session.finish(job);
        self.host.send(Event::Trace { ticket, trace: Box::new(trace.clone()), cut });
        Ok(Some(trace))
    }

    async fn generate(&mut self, ticket: u64, trace: &Trace, sampling: Sampling, most: usize) -> Result<(), Fault> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let mut generation = Generation::after(trace, sampling, most);
        let reason = loop {
            self.host.pause().await;
            if self.inbox.is_stopped() {
                break Finish::Stopped;
            }
            match session.step(&mut generation).await.map_err(|error| (FaultKind::Route, error))? {
                Step::Token(step) => self.host.send(Event::Token { ticket, step }),
                Step::Finished(reason) => break reason,
            }
        };
        self.host.send(Event::Finished { ticket, reason });
        Ok(())
    }

    fn progress(&self, what: &str, done: u64, total: Option<u64>) {
        self.host.send(Event::Progress { what: what.to_owned(), done, total });
    }
}
