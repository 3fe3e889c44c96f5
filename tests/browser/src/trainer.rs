//! A trainer worker, driven from outside.

use crate::{Browser, Page, Result, Site};
use moescope::protocol::{DeviceChoice, decode, encode};
use moescope::run::Settings;
use moescope::run::protocol::{LabEvent, LabRequest};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long an answer may take; a GPU in software compiles for minutes.
const PATIENCE: Duration = Duration::from_secs(600);

/// Starts the worker and keeps what it says, as base 64. What is longer than any message that a test reads is dropped.
const BEGIN: &str = "
    const text = (bytes) => { let out = ''; for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192)); return btoa(out); };
    const worker = new Worker(new URL('www/engine.js', document.baseURI), { type: 'module', name: 'moescope train ' + arguments[0] });
    const lab = window.lab = { worker, said: [], errors: [] };
    worker.onmessage = ({ data }) => { if (typeof data === 'string') { if (/^(not-started|no-code) /.test(data)) lab.errors.push(data); return; } const bytes = new Uint8Array(data); if (bytes.length < 4000000) lab.said.push(text(bytes)); };
    worker.onerror = (event) => { lab.errors.push(event.message); };
    lab.send = (encoded) => { const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0)); worker.postMessage(bytes.buffer, [bytes.buffer]); };
    return true;";

/// The worker, in a page that it has nothing to do with.
#[derive(Debug)]
pub struct Trainer<'a> {
    page: Page<'a>,
    events: VecDeque<LabEvent>,
}

impl<'a> Trainer<'a> {
    /// Starts a worker and opens a device.
    ///
    /// # Errors
    /// If it does not start, or there is no such device.
    pub fn open(browser: &'a Browser, site: &Site, device: DeviceChoice) -> Result<Self> {
        let page = Page::open(browser, &site.url(), "device=cpu")?;
        page.script(BEGIN, &[json!(device.name())])?;
        let mut trainer = Self { page, events: VecDeque::new() };
        trainer.wait(|event| matches!(event, LabEvent::Started).then_some(()))?;
        trainer.send(&LabRequest::Open { device })?;
        trainer.wait(|event| matches!(event, LabEvent::Ready { .. }).then_some(()))?;
        Ok(trainer)
    }

    /// The page around it.
    pub fn page(&self) -> &Page<'a> {
        &self.page
    }

    /// Sends a request.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn send(&self, request: &LabRequest) -> Result<()> {
        let bytes = encode(request).map_err(|error| error.to_string())?;
        self.page.script("window.lab.send(arguments[0]); return true;", &[json!(to_base64(&bytes))]).map(drop)
    }

    /// The next event.
    ///
    /// # Errors
    /// If the worker died, or nothing comes.
    pub fn event(&mut self) -> Result<LabEvent> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let said = self.page.script(
                "const { said, errors } = window.lab; window.lab.said = []; return errors.length ? { errors } : said;",
                &[],
            )?;
            let Some(said) = said.as_array() else { return Err(format!("the worker died: {said}")) };
            for text in said.iter().filter_map(Value::as_str) {
                self.events.push_back(decode(&from_base64(text)).map_err(|error| error.to_string())?);
            }
            if Instant::now() > end {
                return Err("waited in vain for the trainer".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The first event of which `wanted` makes something.
    ///
    /// # Errors
    /// If a fault comes first, or nothing.
    pub fn wait<T>(&mut self, mut wanted: impl FnMut(&LabEvent) -> Option<T>) -> Result<T> {
        loop {
            let event = self.event()?;
            if let Some(found) = wanted(&event) {
                return Ok(found);
            }
            if let LabEvent::Fault(fault) = event {
                return Err(fault.to_string());
            }
        }
    }

    /// Starts a run and waits until it is there.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(&mut self, settings: &Settings) -> Result<()> {
        self.send(&LabRequest::Start { settings: Box::new(settings.clone()), text: None, probe: String::new() })?;
        self.wait(|event| matches!(event, LabEvent::Opened { .. }).then_some(()))?;
        self.wait(|event| matches!(event, LabEvent::State { .. }).then_some(()))
    }

    /// Trains so many steps of some branches; the first one's losses.
    ///
    /// # Errors
    /// If a step fails.
    pub fn train(&mut self, branches: Vec<u32>, steps: u64) -> Result<Vec<f32>> {
        let first = branches.first().copied().unwrap_or_default();
        self.send(&LabRequest::Run { branches, steps: Some(steps) })?;
        let mut losses = Vec::new();
        self.wait(|event| {
            if let LabEvent::Steps { steps, .. } = event {
                losses.extend(steps.iter().filter(|record| record.branch == first).map(|record| record.loss));
            }
            matches!(event, LabEvent::State { running } if running.is_empty()).then_some(())
        })?;
        Ok(losses)
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or_default());
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

fn from_base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0_u32, 0);
    let digits = text.bytes().filter_map(|c| ALPHABET.iter().position(|&digit| digit == c));
    for digit in digits {
        word = word << 6 | digit as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    out
}
