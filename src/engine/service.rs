//! The message loop, the same in the browser and natively: takes the newest request, works in small pieces, and looks at the
//! mailbox in between.

use super::generate::{Generation, Step};
use super::session::{Checkpoint, Session};
use crate::device::{self, OpenDevice};
use crate::error::{EngineFault, FileFault, RequestFault};
use crate::model::{ModelConfig, ModelError, checkpoint, mistaken};
use crate::protocol::{Cut, DeviceChoice, Event, FileBytes, Finish, Manner, Request, Sampling, Task};
use crate::trace::Trace;
use crate::worker::{Host, Mailbox};
use std::collections::BTreeMap;

/// A checkpoint's files, kept so that another device needs no network.
struct Files {
    address: String,
    config: Vec<u8>,
    tokenizer: Vec<u8>,
    card: Vec<u8>,
    /// One file or several, with their names.
    weights: Vec<(String, Vec<u8>)>,
}

/// A model to compare with, and its card.
struct Other {
    session: Session,
    card: String,
}

struct Service<'a, H> {
    host: &'a H,
    mailbox: &'a Mailbox<Request>,
    files: Option<Files>,
    session: Option<Session>,
    /// By address.
    others: BTreeMap<String, Other>,
}

/// Answers requests until the mailbox is closed.
pub async fn serve(host: &impl Host<Event>, mailbox: &Mailbox<Request>) {
    let mut service = Service { host, mailbox, files: None, session: None, others: BTreeMap::new() };
    host.send(Event::Started);
    while let Some(request) = mailbox.next().await {
        if let Err(fault) = service.answer(request).await {
            host.send(Event::Fault(fault));
        }
    }
}

impl<H: Host<Event>> Service<'_, H> {
    async fn answer(&mut self, request: Request) -> Result<(), EngineFault> {
        match request {
            Request::Open { device, model, files } => self.open(device, &model, files).await,
            Request::Route { ticket, text, manner } => self.route(ticket, &text, manner).await.map(|_| ()),
            Request::Compare { ticket, text, models, manner } => self.compare(ticket, &text, &models, manner).await,
            Request::Generate { ticket, text, task, sampling, max_tokens } => {
                if text.is_empty() {
                    return Err(refused(RequestFault::NoText));
                }
                match self.route(ticket, &text, Manner { ahead: false, task }).await? {
                    Some(trace) => self.generate(ticket, &trace, sampling, max_tokens).await,
                    None => Ok(()),
                }
            }
            Request::Stop => Ok(()),
        }
    }

    /// Opens device and model. If that fails, the ones in use stay in use.
    async fn open(
        &mut self,
        choice: DeviceChoice,
        address: &str,
        given: Vec<(String, FileBytes)>,
    ) -> Result<(), EngineFault> {
        self.progress(Task::OpeningDevice, 0, None);
        let device = device::open(choice, &self.host.gpu()).await.map_err(EngineFault::Device)?;
        if !given.is_empty() {
            self.files = Some(self.given(address, given).await?);
        } else if self.files.as_ref().is_none_or(|files| files.address != address) {
            self.files = Some(self.fetch(address).await?);
        }
        let Some(files) = &self.files else { return Ok(()) };
        self.progress(Task::ReadingModel, 0, None);
        self.host.pause().await;
        match files.read(device) {
            Ok(Other { session, card }) => {
                let device = session.device().report.clone();
                let passed_over = session.passed_over();
                self.session = Some(session);
                self.others.clear();
                self.host.send(Event::Ready { device, card, passed_over });
                Ok(())
            }
            Err(error) => {
                // A damaged file must not be kept.
                self.files = None;
                Err(EngineFault::Files(error))
            }
        }
    }

    /// Files that came with the request. One that is missing is empty, and reading the model says so.
    async fn given(&self, address: &str, given: Vec<(String, FileBytes)>) -> Result<Files, EngineFault> {
        let (mut files, mut index) = (Files::none(address), None);
        for (name, bytes) in given {
            let bytes = match bytes {
                FileBytes::Here(bytes) => bytes,
                FileBytes::At(at) => {
                    let progress = |done, total| self.progress(Task::Reading { file: name.clone() }, done, total);
                    let read = self.host.fetch(&at, &progress).await;
                    read.map_err(|_| of_file(name.clone(), FileFault::Moved))?
                }
            };
            if name.ends_with(checkpoint::INDEX) {
                index = Some(bytes);
            } else {
                files.add(name, bytes);
            }
        }
        let wanted = index.map(|index| checkpoint::shards(&index)).transpose();
        let wanted = wanted.map_err(EngineFault::Files)?.unwrap_or_default();
        match wanted.into_iter().find(|wanted| files.weights.iter().all(|(name, _)| name != wanted)) {
            Some(name) => Err(of_file(name, FileFault::NotGiven { index: checkpoint::INDEX.to_owned() })),
            None => Ok(files),
        }
    }

    async fn fetch(&self, address: &str) -> Result<Files, EngineFault> {
        let base = format!("{}/", address.trim_end_matches('/'));
        let file = async |name: &str| self.fetch_file(&base, name).await;
        let config = file("config.json").await?;
        Ok(Files {
            address: address.to_owned(),
            tokenizer: file(ModelConfig::tokenizer_of(&config)).await?,
            config,
            card: file("card.json").await.unwrap_or_default(),
            weights: self.fetch_weights(&base).await?,
        })
    }

    async fn fetch_file(&self, base: &str, name: &str) -> Result<Vec<u8>, EngineFault> {
        let task = Task::Fetching { file: name.trim_start_matches("../").to_owned() };
        let progress = |done, total| self.progress(task.clone(), done, total);
        self.host.fetch(&format!("{base}{name}"), &progress).await.map_err(EngineFault::Fetch)
    }

    /// The weights: one file, or those that an index names.
    async fn fetch_weights(&self, base: &str) -> Result<Vec<(String, Vec<u8>)>, EngineFault> {
        let whole = self.fetch_file(base, checkpoint::FILE).await;
        // Where a file is missing, some servers answer with a page.
        if whole.as_ref().is_ok_and(|bytes| mistaken(checkpoint::FILE, bytes).is_none()) {
            return whole.map(|bytes| vec![(checkpoint::FILE.to_owned(), bytes)]);
        }
        let index = self.fetch_file(base, checkpoint::INDEX).await;
        let Some(names) = index.ok().and_then(|index| checkpoint::shards(&index).ok()) else {
            return whole.map(|bytes| vec![(checkpoint::FILE.to_owned(), bytes)]);
        };
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            let bytes = self.fetch_file(base, &name).await?;
            files.push((name, bytes));
        }
        Ok(files)
    }

    /// Routes a text through every model, and tells of each as soon as it is done.
    async fn compare(&mut self, ticket: u64, text: &str, models: &[String], manner: Manner) -> Result<(), EngineFault> {
        for address in models {
            self.host.pause().await;
            if self.mailbox.is_newer() {
                return Ok(());
            }
            match self.compared(ticket, text, address, manner).await {
                Ok(Some(event)) => self.host.send(event),
                Ok(None) => return Ok(()),
                // The other models are still worth seeing.
                Err(fault) => self.host.send(Event::NotCompared { ticket, model: address.clone(), fault }),
            }
        }
        Ok(())
    }

    /// A text through one of the compared models; `None` if a newer request made it pointless.
    async fn compared(
        &mut self,
        ticket: u64,
        text: &str,
        address: &str,
        manner: Manner,
    ) -> Result<Option<Event>, EngineFault> {
        if !self.prepare(address).await? {
            return Ok(None);
        }
        let Some(other) = self.others.get_mut(address) else { return Ok(None) };
        let Some((trace, cut)) = routed(&mut other.session, text, manner, self.host, self.mailbox).await? else {
            return Ok(None);
        };
        let (model, card) = (address.to_owned(), other.card.clone());
        Ok(Some(Event::Compared { ticket, model, trace: Box::new(trace), card, cut }))
    }

    /// Loads a model to compare with, unless it is there. Whether it is still wanted.
    async fn prepare(&mut self, address: &str) -> Result<bool, EngineFault> {
        if self.others.contains_key(address) {
            return Ok(true);
        }
        let Some(device) = self.session.as_ref().map(|session| session.device().clone()) else {
            return Err(refused(RequestFault::NothingOpen));
        };
        let files = self.fetch(address).await?;
        let other = files.read(device).map_err(EngineFault::Files)?;
        self.others.insert(address.to_owned(), other);
        self.host.pause().await;
        Ok(!self.mailbox.is_newer())
    }

    /// Routes a text; `None` if a newer request made it pointless.
    async fn route(&mut self, ticket: u64, text: &str, manner: Manner) -> Result<Option<Trace>, EngineFault> {
        let Some(session) = &mut self.session else {
            return Err(refused(RequestFault::NoModel));
        };
        let Some((trace, cut)) = routed(session, text, manner, self.host, self.mailbox).await? else { return Ok(None) };
        self.host.send(Event::Trace { ticket, trace: Box::new(trace.clone()), cut });
        Ok(Some(trace))
    }

    async fn generate(
        &mut self,
        ticket: u64,
        trace: &Trace,
        sampling: Sampling,
        most: usize,
    ) -> Result<(), EngineFault> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let mut generation = Generation::after(trace, sampling, most);
        let reason = loop {
            self.host.pause().await;
            if self.mailbox.is_stopped() {
                break Finish::Stopped;
            }
            match session.step(&mut generation).await.map_err(EngineFault::Route)? {
                Step::Token(step) => self.host.send(Event::Token { ticket, step }),
                Step::Finished(reason) => break reason,
            }
        };
        self.host.send(Event::Finished { ticket, reason });
        Ok(())
    }

    fn progress(&self, task: Task, done: u64, total: Option<u64>) {
        self.host.send(Event::Progress { task, done, total });
    }
}

impl Files {
    /// Nothing yet of a model of that address.
    fn none(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            config: Vec::new(),
            tokenizer: Vec::new(),
            card: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Adds a file by its name.
    fn add(&mut self, name: String, bytes: Vec<u8>) {
        match name.as_str() {
            "config.json" => self.config = bytes,
            "tokenizer.json" => self.tokenizer = bytes,
            "card.json" => self.card = bytes,
            _ if name.ends_with(".safetensors") => self.weights.push((name, bytes)),
            _ => {}
        }
    }

    /// The model on a device.
    fn read(&self, device: OpenDevice) -> Result<Other, ModelError> {
        let Self { address, config, tokenizer, weights, card } = self;
        let weights: Vec<(&str, &[u8])> =
            weights.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let checkpoint = Checkpoint { name: folder(address), config, tokenizer, weights: &weights };
        let session = Session::open(&checkpoint, device)?;
        // The card is for reading only: a model without one, or with one that is no text, routes as well.
        let card = String::from_utf8(card.clone()).unwrap_or_default();
        Ok(Other { session, card })
    }
}

fn refused(fault: RequestFault) -> EngineFault {
    EngineFault::Route(ModelError::Request(fault))
}

fn of_file(name: String, fault: FileFault) -> EngineFault {
    EngineFault::Files(ModelError::File { name, fault })
}

/// The last part of an address.
fn folder(address: &str) -> &str {
    address.trim_end_matches('/').rsplit('/').next().unwrap_or(address)
}

/// Routes a text, looking at the mailbox in between; `None` if a newer request made it pointless.
async fn routed(
    session: &mut Session,
    text: &str,
    manner: Manner,
    host: &impl Host<Event>,
    mailbox: &Mailbox<Request>,
) -> Result<Option<(Trace, Option<Cut>)>, EngineFault> {
    session.say_task(manner.task);
    let mut job = if manner.ahead { session.begin_published(text) } else { session.begin(text) };
    while session.advance(&mut job).await.map_err(EngineFault::Route)? {
        host.pause().await;
        if mailbox.is_newer() {
            return Ok(None);
        }
    }
    Ok(Some(session.finish(job)))
}
