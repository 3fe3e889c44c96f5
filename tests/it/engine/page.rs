//! A page in memory: it has a folder's files, answers events and speaks at pauses.

use crate::engine::support::{config, sparse, tokenizer};
use moescope::engine::service::serve;
use moescope::error::{EngineFault, FetchFault};
use moescope::model::{Transformer, checkpoint};
use moescope::protocol::{DeviceChoice, Event, Finish, Manner, Request, Sampling};
use moescope::worker::{Host, Mailbox};
use pollster::block_on;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// What the page says to an event.
pub type React = fn(&Event) -> Vec<Request>;

/// Files in memory, and a page that answers events and speaks at pauses.
struct Page {
    files: BTreeMap<&'static str, Vec<u8>>,
    events: RefCell<Vec<Event>>,
    react: React,
    /// Pauses until the page speaks, and what it says.
    pauses: RefCell<VecDeque<Vec<Request>>>,
    mailbox: Rc<Mailbox<Request>>,
}

impl Host<Event> for Page {
    async fn fetch(&self, address: &str, progress: &dyn Fn(u64, Option<u64>)) -> Result<Vec<u8>, FetchFault> {
        let name = address.strip_prefix("https://example.org/tiny/").unwrap();
        let Some(bytes) = self.files.get(name) else {
            let (address, words) = (address.to_owned(), "Not Found".to_owned());
            return Err(FetchFault::Refused { address, status: 404, words });
        };
        progress(bytes.len() as u64, Some(bytes.len() as u64));
        Ok(bytes.clone())
    }

    async fn pause(&self) {
        for request in self.pauses.borrow_mut().pop_front().unwrap_or_default() {
            self.mailbox.push(request);
        }
    }

    async fn sleep(&self, _: u32) {}

    fn send(&self, event: Event) {
        for request in (self.react)(&event) {
            self.mailbox.push(request);
        }
        self.events.borrow_mut().push(event);
    }
}

/// The folder's files, with a model of seed 7.
pub fn files() -> BTreeMap<&'static str, Vec<u8>> {
    let model = Transformer::init(&config(), 7, &sparse().device).unwrap();
    BTreeMap::from([
        ("config.json", config().to_json().unwrap().into_bytes()),
        ("tokenizer.json", tokenizer().to_json().into_bytes()),
        ("card.json", br#"{"title": "tiny"}"#.to_vec()),
        ("model.safetensors", checkpoint::save(&model, checkpoint::Precision::Single).unwrap()),
    ])
}

/// The events of a page that opens the folder and then reacts. `pauses` follows the first pause, which is part of opening.
pub fn talk(files: BTreeMap<&'static str, Vec<u8>>, react: React, pauses: Vec<Vec<Request>>) -> Vec<Event> {
    let mailbox = Rc::new(Mailbox::default());
    let pauses = std::iter::once(vec![]).chain(pauses).collect();
    let page =
        Page { files, events: RefCell::default(), react, pauses: RefCell::new(pauses), mailbox: Rc::clone(&mailbox) };
    mailbox.push(open());
    mailbox.close();
    block_on(serve(&page, &mailbox));
    page.events.take()
}

pub fn open() -> Request {
    Request::Open { device: DeviceChoice::Cpu, model: "https://example.org/tiny/".to_owned(), files: vec![] }
}

pub fn route(ticket: u64, text: &str) -> Request {
    Request::Route { ticket, text: text.to_owned(), manner: Manner::default() }
}

pub fn generate(ticket: u64, text: &str) -> Request {
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    Request::Generate { ticket, text: text.to_owned(), task: None, sampling, max_tokens: 4 }
}

/// Tickets of traces, tokens and ends, in order.
pub fn answers(events: &[Event]) -> Vec<(&'static str, u64)> {
    let answer = |event: &Event| match event {
        Event::Trace { ticket, .. } => Some(("trace", *ticket)),
        Event::Token { ticket, .. } => Some(("token", *ticket)),
        Event::Finished { ticket, reason: Finish::Stopped } => Some(("stopped", *ticket)),
        Event::Finished { ticket, .. } => Some(("finished", *ticket)),
        _ => None,
    };
    events.iter().filter_map(answer).collect()
}

pub fn faults<'a>(events: &'a [Event]) -> Vec<&'a EngineFault> {
    let fault = |event: &'a Event| match event {
        Event::Fault(fault) if fault.is_fatal() => panic!("fatal: {fault}"),
        Event::Fault(fault) => Some(fault),
        _ => None,
    };
    events.iter().filter_map(fault).collect()
}
