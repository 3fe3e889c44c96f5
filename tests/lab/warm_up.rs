//! When the trainer warms up: while nobody wants anything from it, before the first run, and never into a run.

use crate::support::tiny;
use moescope::engine::device::{OnTrouble, Trouble};
use moescope::engine::native::block_on;
use moescope::lab::inbox::Inbox;
use moescope::lab::protocol::{LabEvent, LabRequest};
use moescope::lab::service::{Host, serve};
use moescope::protocol::DeviceChoice;
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// A page whose visitor reads for a while, and then starts a run of two steps.
struct Reader<'a> {
    inbox: &'a Inbox,
    /// Looks at the inbox so far.
    looks: Cell<u32>,
    /// After how many of them the visitor starts.
    reads: u32,
    events: RefCell<Vec<LabEvent>>,
}

fn ignore(_: Trouble) {}

impl Host for Reader<'_> {
    const ON_TROUBLE: OnTrouble = ignore;
    /// Longer than any test: only a request can end it.
    const WARM_UP: Duration = Duration::from_secs(1 << 20);

    async fn pause(&self) {
        self.looks.set(self.looks.get() + 1);
        if self.looks.get() == self.reads {
            self.begin();
        }
    }

    async fn sleep(&self, _: u32) {}

    fn send(&self, event: LabEvent) {
        match &event {
            LabEvent::Started => self.inbox.push(LabRequest::Open { device: DeviceChoice::Auto }),
            LabEvent::Ready { .. } if self.reads == 0 => self.begin(),
            LabEvent::Steps { steps, .. } if steps.iter().any(|record| record.step == 2) => self.inbox.close(),
            _ => {}
        }
        self.events.borrow_mut().push(event);
    }
}

impl Reader<'_> {
    fn begin(&self) {
        self.inbox.push(LabRequest::Start { settings: Box::new(tiny()), text: None, probe: String::new() });
        self.inbox.push(LabRequest::Run { branches: Vec::new(), steps: Some(2) });
    }
}

/// What the page is told, and the losses in it.
fn told(reads: u32) -> (Vec<LabEvent>, Vec<(u64, f32)>) {
    let inbox = Inbox::default();
    let reader = Reader { inbox: &inbox, looks: Cell::new(0), reads, events: RefCell::default() };
    block_on(serve(&reader, &inbox));
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
    assert!(!events.iter().any(|event| matches!(event, LabEvent::Fault { .. })));
    let (_, cold) = told(0);
    assert_eq!(warm, cold, "the same run as without it");
    assert_eq!(warm.iter().map(|(step, _)| *step).collect::<Vec<u64>>(), [1, 2]);
}
