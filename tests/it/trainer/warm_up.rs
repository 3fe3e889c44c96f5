//! When the trainer warms up: while nobody wants anything from it, before the first run, and never into a run.

use crate::trainer::support::tiny;
use moescope::protocol::DeviceChoice;
use moescope::run::protocol::{LabEvent, LabRequest};
use moescope::trainer::service::{Timing, serve};
use moescope::worker::{Host, Mailbox};
use pollster::block_on;
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// A page whose visitor reads for a while, and then starts a run of two steps.
struct Reader<'a> {
    mailbox: &'a Mailbox<LabRequest>,
    /// Looks at the mailbox so far.
    looks: Cell<u32>,
    /// After how many of them the visitor starts.
    reads: u32,
    events: RefCell<Vec<LabEvent>>,
}

impl Host<LabEvent> for Reader<'_> {
    async fn pause(&self) {
        self.looks.set(self.looks.get() + 1);
        if self.looks.get() == self.reads {
            self.begin();
        }
    }

    async fn sleep(&self, _: u32) {}

    fn send(&self, event: LabEvent) {
        match &event {
            LabEvent::Started => self.mailbox.push(LabRequest::Open { device: DeviceChoice::Auto }),
            LabEvent::Ready { .. } if self.reads == 0 => self.begin(),
            LabEvent::Steps { steps, .. } if steps.iter().any(|record| record.step == 2) => self.mailbox.close(),
            _ => {}
        }
        self.events.borrow_mut().push(event);
    }
}

impl Reader<'_> {
    fn begin(&self) {
        self.mailbox.push(LabRequest::Start { settings: Box::new(tiny()), text: None, probe: String::new() });
        self.mailbox.push(LabRequest::Run { branches: Vec::new(), steps: Some(2) });
    }
}

/// What the page is told, and the losses in it.
fn told(reads: u32) -> (Vec<LabEvent>, Vec<(u64, f32)>) {
    let mailbox = Mailbox::default();
    let reader = Reader { mailbox: &mailbox, looks: Cell::new(0), reads, events: RefCell::default() };
    // Longer than any test: only a request can end it.
    let timing = Timing { warm_up: Duration::from_secs(1 << 20), ..Timing::default() };
    block_on(serve(&reader, &mailbox, timing));
    let events = reader.events.into_inner();
    let steps = events.iter().filter_map(|event| match event {
        LabEvent::Steps { steps, .. } => Some(steps),
        _ => None,
    });
    let losses = steps.flatten().map(|record| (record.step, record.loss)).collect();
    (events, losses)
}

#[test]
fn it_ends_with_the_first_request_and_leaves_no_trace() {
    let (events, warm) = told(3);
    let opened = events.iter().position(|event| matches!(event, LabEvent::Opened { .. })).unwrap();
    let early =
        |event: &LabEvent| matches!(event, LabEvent::Steps { .. } | LabEvent::Probe { .. } | LabEvent::Sample { .. });
    assert!(!events[..opened].iter().any(early), "nobody is told of its steps");
    assert!(!events.iter().any(|event| matches!(event, LabEvent::Fault(_))));
    let (_, cold) = told(0);
    assert_eq!(warm, cold, "the same run as without it");
    assert_eq!(warm.iter().map(|(step, _)| *step).collect::<Vec<u64>>(), [1, 2]);
}
