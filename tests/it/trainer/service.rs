//! The trainer's loop, natively: requests in, events out.

use crate::trainer::support::tiny;
use moescope::protocol::{DeviceChoice, FileBytes, Sampling, decode, encode};
use moescope::run::archive::ArchiveFault;
use moescope::run::fault::{LabRequestFault, RunFileFault};
use moescope::run::protocol::{LabEvent, LabRequest};
use moescope::run::{Coefficients, LabFault, Settings, SettingsError};
use moescope::trainer::service::{Timing, serve};
use moescope::worker::{Host, Mailbox};
use pollster::block_on;
use std::cell::RefCell;
use std::collections::VecDeque;

/// A page that sends its next request whenever the trainer has nothing to do.
struct Page<'a> {
    mailbox: &'a Mailbox<LabRequest>,
    script: RefCell<VecDeque<LabRequest>>,
    events: RefCell<Vec<LabEvent>>,
}

impl Host<LabEvent> for Page<'_> {
    async fn pause(&self) {}

    async fn sleep(&self, _: u32) {}

    fn send(&self, event: LabEvent) {
        // As it would travel.
        let event: LabEvent = decode(&encode(&event).unwrap()).unwrap();
        let idle = match &event {
            LabEvent::State { running } => running.is_empty(),
            _ => matches!(event, LabEvent::Ready { .. } | LabEvent::Started),
        };
        self.events.borrow_mut().push(event);
        if idle {
            self.next();
        }
    }
}

impl Page<'_> {
    /// Sends requests up to the next one that ends in a state.
    fn next(&self) {
        loop {
            let Some(request) = self.script.borrow_mut().pop_front() else {
                self.mailbox.close();
                return;
            };
            let last = matches!(
                request,
                LabRequest::Open { .. } | LabRequest::Start { .. } | LabRequest::Run { .. } | LabRequest::Import { .. }
            );
            self.mailbox.push(request);
            if last {
                return;
            }
        }
    }
}

fn play(script: Vec<LabRequest>) -> Vec<LabEvent> {
    let mailbox = Mailbox::default();
    let page = Page { mailbox: &mailbox, script: RefCell::new(script.into()), events: RefCell::default() };
    block_on(serve(&page, &mailbox, Timing::default()));
    page.events.into_inner()
}

fn open() -> LabRequest {
    LabRequest::Open { device: DeviceChoice::Auto }
}

fn begin(settings: Settings) -> LabRequest {
    LabRequest::Start { settings: Box::new(settings), text: None, probe: String::new() }
}

fn steps_of(events: &[LabEvent], wanted: u32) -> Vec<u64> {
    let steps = events.iter().filter_map(|event| match event {
        LabEvent::Steps { steps, .. } => Some(steps),
        _ => None,
    });
    steps.flatten().filter(|record| record.branch == wanted).map(|record| record.step).collect()
}

/// After a lost device the page opens another one: the run goes on from its last recorded step, and what it computes again
/// is what it would have computed without the loss.
#[test]
fn with_another_device_the_run_goes_on_from_its_last_recorded_step() {
    let run = |steps| LabRequest::Run { branches: Vec::new(), steps: Some(steps) };
    let losses = |events: &[LabEvent]| -> Vec<(u64, f32)> {
        let steps = events.iter().filter_map(|event| match event {
            LabEvent::Steps { steps, .. } => Some(steps),
            _ => None,
        });
        steps.flatten().map(|record| (record.step, record.loss)).collect()
    };
    let whole = losses(&play(vec![open(), begin(tiny()), run(60)]));
    let events = play(vec![open(), begin(tiny()), run(40), open(), run(20)]);
    assert!(!events.iter().any(|event| matches!(event, LabEvent::Fault { .. })));
    let again = events.iter().rposition(|event| matches!(event, LabEvent::Ready { .. })).unwrap();
    assert_eq!(losses(&events[..again]), whole[..40]);
    let after = losses(&events[again..]);
    let from = after[0].0 as usize;
    assert!((2..=41).contains(&from), "from a recorded step, not from the beginning: {from}");
    assert_eq!(after, whole[from - 1..from + 19]);
}

#[test]
fn a_session_from_start_to_export() {
    let coefficients = Coefficients { learning_rate: 0.01, ..Coefficients::default() };
    let fork = Settings { coefficients, ..tiny() };
    let events = play(vec![
        open(),
        begin(tiny()),
        LabRequest::Every { evaluation: 4, sample: 5 },
        LabRequest::Run { branches: Vec::new(), steps: Some(10) },
        LabRequest::SetCoefficients { branch: 0, coefficients },
        LabRequest::Run { branches: Vec::new(), steps: Some(1) },
        LabRequest::Fork { branch: 0, step: 10, settings: Box::new(fork) },
        LabRequest::Goto { ticket: 7, branch: 0, step: 5 },
        LabRequest::Saturation { branch: 0 },
        LabRequest::Speed(Some(1e6)),
        LabRequest::Run { branches: Vec::new(), steps: Some(3) },
        LabRequest::Sample { branch: 1, prompt: "The".into(), sampling: Sampling::default(), tokens: 4 },
        LabRequest::Export { branch: 0 },
        LabRequest::Checkpoint { branch: 1 },
        LabRequest::Drop { branch: 1 },
    ]);
    assert!(!events.iter().any(|event| matches!(event, LabEvent::Fault { .. })));
    assert_eq!(steps_of(&events, 0), (1..=14).collect::<Vec<u64>>());
    assert_eq!(steps_of(&events, 1), [11, 12, 13]);
    let infos = events.iter().rev().find_map(|event| match event {
        LabEvent::Branches(infos) if infos.len() == 2 => Some(infos),
        _ => None,
    });
    let infos = infos.unwrap();
    assert_eq!(infos[0].changes, [(10, coefficients)]);
    assert_eq!((infos[1].parent, infos[1].settings.coefficients), (Some((0, 10)), coefficients));
    let looked = events.iter().find_map(|event| match event {
        LabEvent::Probe { ticket: Some(7), step, .. } => Some(*step),
        _ => None,
    });
    assert_eq!(looked, Some(4));
    let samples = events.iter().filter(|event| matches!(event, LabEvent::Sample { .. })).count();
    assert_eq!(samples, 2 + 1);
    let file = events.iter().find_map(|event| match event {
        LabEvent::Exported { name, file, others: 0 } if name.ends_with("step-14.zip") => Some(file.clone()),
        _ => None,
    });
    let again = play(vec![
        open(),
        LabRequest::Import { file: FileBytes::Here(file.unwrap()) },
        LabRequest::Run { branches: vec![0], steps: Some(1) },
    ]);
    assert_eq!(steps_of(&again, 0), [15]);
    let saved = again.iter().any(|event| matches!(event, LabEvent::Saved { .. }));
    let settled = events.iter().any(|event| matches!(event, LabEvent::Saturation(_)));
    let checkpoint = events.iter().any(|event| matches!(event, LabEvent::Checkpoint { files, .. } if files.len() == 4));
    assert!(saved && settled && checkpoint);
}

/// The page may ask for all that is needed to go on at any time; beside that it gets it when a run ends.
#[test]
fn a_copy_is_given_when_it_is_asked_for() {
    let saved = |events: &[LabEvent]| -> Vec<(u32, u64)> {
        let each = events.iter().filter_map(|event| match event {
            LabEvent::Saved { branch, step, file, .. } if !file.is_empty() => Some((*branch, *step)),
            _ => None,
        });
        each.collect()
    };
    let train = |steps| LabRequest::Run { branches: Vec::new(), steps: Some(steps) };
    let events = play(vec![open(), begin(tiny()), train(3), LabRequest::Save, train(2)]);
    assert_eq!(saved(&events), [(0, 3), (0, 3), (0, 5)]);
    let nothing = play(vec![open(), LabRequest::Save]);
    assert!(saved(&nothing).is_empty() && !nothing.iter().any(|event| matches!(event, LabEvent::Fault { .. })));
}

#[test]
fn two_branches_take_turns() {
    let both = Settings { against: Some(&moescope::methods::BASE), ..tiny() };
    let events = play(vec![open(), begin(both), LabRequest::Run { branches: Vec::new(), steps: Some(6) }]);
    let order: Vec<u32> = events
        .iter()
        .filter_map(|event| if let LabEvent::Steps { steps, .. } = event { Some(steps) } else { None })
        .flatten()
        .map(|record| record.branch)
        .collect();
    assert_eq!(order, [0, 1].repeat(6));
}

#[test]
fn mistakes_are_answered_and_the_trainer_goes_on() {
    let events = play(vec![
        LabRequest::Run { branches: Vec::new(), steps: None },
        open(),
        begin(Settings { experts: 0, ..tiny() }),
        LabRequest::Run { branches: Vec::new(), steps: Some(1) },
        begin(tiny()),
        LabRequest::Run { branches: vec![3], steps: Some(1) },
        LabRequest::Import { file: FileBytes::Here(b"nonsense".to_vec()) },
        LabRequest::Run { branches: Vec::new(), steps: Some(2) },
    ]);
    let faults: Vec<&LabFault> =
        events.iter().filter_map(|event| if let LabEvent::Fault(fault) = event { Some(fault) } else { None }).collect();
    let none = LabFault::Request(LabRequestFault::NoRun);
    let experts = SettingsError::Bounds { name: "experts".to_owned(), least: 1.0, most: 64.0, value: 0.0 };
    let expected = [
        &none,
        &LabFault::Settings(experts),
        &none,
        &LabFault::Request(LabRequestFault::NoBranch(3)),
        &LabFault::File(RunFileFault::Archive(ArchiveFault::Broken)),
    ];
    assert_eq!(faults, expected);
    assert_eq!(steps_of(&events, 0), [1, 2]);
}
