use super::action::{Act, Out};
use super::state::{TrainState, Trainer};
use crate::app::worker::Stop;
use crate::error::WorkerFault;
use crate::protocol::{DeviceChoice, DeviceReason, DeviceReport, FileBytes};
use crate::run::fault::{Divergence, LabFault};
use crate::run::protocol::{BranchInfo, LabEvent, LabRequest, OwnText, TextInfo};
use crate::run::record::{LayerRecord, StepRecord};
use crate::run::{Coefficients, Memory, Preset, Settings, SettingsError, TextChoice};
use crate::trace::sample;

pub(super) fn event(state: &mut TrainState, event: LabEvent) -> Vec<Out> {
    state.apply(Act::Event(Box::new(event)))
}

pub(super) fn ready(state: &mut TrainState) -> Vec<Out> {
    let device = DeviceReport { gpu: false, name: "CPU".into(), why: DeviceReason::SmallModel };
    event(state, LabEvent::Ready { device })
}

pub(super) fn info(id: u32, parent: Option<(u32, u64)>, step: u64, settings: &Settings) -> BranchInfo {
    BranchInfo { id, parent, step, settings: settings.clone(), first: settings.coefficients, changes: Vec::new() }
}

pub(super) fn opened(settings: &Settings, branches: Vec<BranchInfo>) -> LabEvent {
    let text = TextInfo { domains: vec![], bytes: 1, total: 1, train: 1, held_out: 1, vocabulary: 300 };
    let settings = Settings { vocabulary: 300, ..settings.clone() };
    LabEvent::Opened {
        memory: Memory::of(&settings),
        settings: Box::new(settings),
        text,
        branches,
        probe: "a b".into(),
    }
}

pub(super) fn record(branch: u32, step: u64) -> StepRecord {
    let load = vec![0.5, 0.5];
    let layer = LayerRecord {
        load,
        max_over_mean: 1.0,
        load_entropy: 1.0,
        router_entropy: Some(1.0),
        dropped: 0.0,
        balance_loss: None,
        z_loss: None,
        importance_loss: None,
        load_loss: None,
    };
    StepRecord { branch, step, loss: 5.0, millis: 10.0, layers: vec![layer] }
}

pub(super) fn steps(state: &mut TrainState, branch: u32, steps: std::ops::RangeInclusive<u64>) {
    let steps = steps.map(|step| record(branch, step)).collect();
    event(state, LabEvent::Steps { steps, evaluations: vec![] });
}

/// A run of the first preset, paused at a step.
pub(super) fn running(to: u64) -> TrainState {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    assert_eq!(state.apply(Act::Open), [Out::Spawn(DeviceChoice::Auto)]);
    state.apply(Act::Start);
    event(&mut state, LabEvent::Started);
    ready(&mut state);
    let settings = state.draft.clone();
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    event(&mut state, LabEvent::State { running: vec![0] });
    steps(&mut state, 0, 1..=to);
    state
}

pub(super) fn asked(out: &[Out]) -> Vec<&LabRequest> {
    out.iter().filter_map(|out| if let Out::Ask(request) = out { Some(request) } else { None }).collect()
}

#[test]
fn a_link_is_ready_to_start_and_start_waits_for_the_trainer() {
    let mut state = TrainState::from_link("preset~base_seed~7", DeviceChoice::Cpu);
    assert_eq!(state.draft.seed, 7);
    assert_eq!(state.apply(Act::Open), [Out::Spawn(DeviceChoice::Cpu)]);
    assert_eq!(state.apply(Act::Start), []);
    assert_eq!(event(&mut state, LabEvent::Started), [Out::Ask(LabRequest::Open { device: DeviceChoice::Cpu })]);
    let out = ready(&mut state);
    assert!(matches!(asked(&out)[..], [LabRequest::Start { settings, .. }] if settings.seed == 7));
    let settings = state.draft.clone();
    let out = event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    assert!(matches!(asked(&out).last(), Some(LabRequest::Run { branches, steps: None }) if branches == &[0]));
    assert_eq!(state.link(), "preset~base_seed~7");
}

#[test]
fn settings_that_do_not_fit_are_refused_before_anything_is_asked() {
    let mut state = running(5);
    for (name, value) in [("experts", "64"), ("width", "512"), ("layers", "8"), ("inner", "2048")] {
        state.apply(Act::Set(name, value.into()));
    }
    assert_eq!(state.error().unwrap().name(), "memory");
    assert_eq!(state.apply(Act::Start), []);
    assert!(state.blocked().unwrap().contains("MB"), "said beside the button");
    assert!(state.notices.is_empty(), "and not twice");
    assert!(state.run.is_some(), "the run that is there stays");
}

#[test]
fn coefficients_change_at_once_at_the_newest_step_and_wait_in_the_past() {
    let mut state = running(20);
    let out = state.apply(Act::Set("balance", "0.01".into()));
    assert!(
        matches!(asked(&out)[..], [LabRequest::SetCoefficients { branch: 0, coefficients }] if coefficients.balance == 0.01)
    );
    state.apply(Act::Seek(Some(8)));
    assert_eq!(state.apply(Act::Set("balance", "0.02".into())), []);
    assert!(state.staged());
    let out = state.apply(Act::Fork);
    assert!(
        matches!(asked(&out)[..], [LabRequest::Fork { branch: 0, step: 8, settings }] if settings.coefficients.balance == 0.02)
    );
}

#[test]
fn a_branch_that_would_do_the_same_is_planned_first() {
    let mut state = running(20);
    assert_eq!(state.apply(Act::Plan), [Out::Focus("lab-plan".into())]);
    assert_eq!(state.apply(Act::Fork), [], "nothing is chosen otherwise");
    assert_eq!((state.branching, state.otherwise()), (Some(20), None));
    steps(&mut state, 0, 21..=30);
    // What is chosen now is for the branch, not for the run that goes on.
    assert_eq!(state.apply(Act::Set("balance", "0.01".into())), []);
    assert_eq!(state.otherwise().unwrap(), "balance 0.01");
    state.apply(Act::Set("method", "deepseek".into()));
    assert_eq!(state.otherwise().unwrap(), "DeepSeekMoE (2024), balance 0.01");
    assert!(
        matches!(asked(&state.apply(Act::Fork))[..], [LabRequest::Fork { branch: 0, step: 20, settings }] if settings.method.id == "deepseek")
    );
    assert_eq!(state.branching, None);
    event(&mut state, LabEvent::Fault(LabFault::Settings(SettingsError::OtherText)));
    state.apply(Act::Undo);
    state.apply(Act::Plan);
    assert_eq!(state.apply(Act::NoBranch), [Out::Focus("lab-fork".into())]);
    assert_eq!(state.branching, None);
    state.apply(Act::Seek(Some(8)));
    state.apply(Act::Plan);
    state.apply(Act::Seek(Some(12)));
    assert_eq!(state.branching, Some(12), "it begins where one looks");
    assert!(matches!(asked(&state.apply(Act::Copy))[..], [LabRequest::Fork { step: 12, .. }]));
    let settings = state.draft.clone();
    let both = vec![info(0, None, 30, &settings), info(1, Some((0, 12)), 12, &settings)];
    let out = event(&mut state, LabEvent::Branches(both));
    assert!(out.contains(&Out::Focus("lab-branch-2".into())), "the keyboard goes to what was made: {out:?}");
    let run = state.run.as_ref().unwrap();
    assert_eq!(run.name(run.branch(1).unwrap()), "2: copy from step 12");
}

/// Sentences and curves are painted one after the other, and news may come between.
#[test]
fn words_tell_of_the_step_that_the_curves_show() {
    let mut state = running(20);
    state.shown = Some(18);
    assert_eq!((state.look().step, state.step(), state.newest()), (18, 18, 20));
    state.shown = Some(90);
    assert_eq!(state.step(), 20, "another run may be shorter");
}

#[test]
fn a_fork_is_selected_and_the_past_belongs_to_its_parent() {
    let mut state = running(20);
    let parent = state.draft.clone();
    let coefficients = Coefficients { balance: 0.5, ..parent.coefficients };
    let child = Settings { coefficients, ..parent.clone() };
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &parent), info(1, Some((0, 8)), 8, &child)]));
    assert_eq!((state.selected, state.newest(), state.draft.coefficients.balance), (1, 8, 0.5));
    steps(&mut state, 1, 9..=12);
    let run = state.run.as_ref().unwrap();
    let walked: Vec<(u32, u64)> = run.curve(1).records().map(|record| (record.branch, record.step)).collect();
    assert_eq!(walked, (1..=8).map(|s| (0, s)).chain((9..=12).map(|s| (1, s))).collect::<Vec<_>>());
    assert_eq!((run.owner(1, 8), run.owner(1, 9), run.owner(0, 20)), (0, 1, 0));
    assert_eq!(run.curve(1).name, "2: from step 8, balance 0.5");
    assert!(state.can_fork() && !state.needs_new_run());
    state.apply(Act::Set("method", "base".into()));
    assert!(state.can_fork() && state.needs_new_run());
    state.apply(Act::Set("layers", "3".into()));
    assert!(!state.can_fork());
    state.apply(Act::Undo);
    assert!(!state.needs_new_run() && !state.staged());
}

#[test]
fn a_sentence_of_spaces_is_one_and_no_sentence_is_none() {
    let mut state = running(20);
    let asks = |out: Vec<Out>, text: &str| {
        asked(&out).iter().any(|request| matches!(request, LabRequest::Probe { text: asked, .. } if asked == text))
    };
    assert!(asks(state.apply(Act::Probe(" \n ".into())), " \n "));
    assert!(state.apply(Act::Probe(String::new())).is_empty());
}

#[test]
fn answers_about_another_step_than_the_one_looked_at_are_thrown_away() {
    let mut state = running(20);
    let ticket = |out: Vec<Out>| match asked(&out)[..] {
        [LabRequest::Goto { ticket, .. }] => *ticket,
        _ => panic!("{out:?}"),
    };
    let first = ticket(state.apply(Act::Seek(Some(5))));
    let second = ticket(state.apply(Act::Seek(Some(6))));
    let probe = |ticket, step| LabEvent::Probe {
        ticket: Some(ticket),
        branch: 0,
        step,
        trace: Box::new(sample::trace(4, 1, 2, 1)),
    };
    event(&mut state, probe(first, 5));
    assert!(state.looked.is_none());
    event(&mut state, probe(second, 6));
    assert_eq!(state.probe().unwrap().step, 6);
    state.apply(Act::Seek(None));
    assert!(state.looked.is_none());
}

#[test]
fn after_a_crash_the_run_goes_on_with_its_curves_up_to_the_saved_step() {
    let mut state = running(20);
    event(&mut state, LabEvent::Saved { branch: 0, step: 20, file: vec![1, 2, 3], others: 0 });
    steps(&mut state, 0, 21..=30);
    state.apply(Act::Stopped(Stop::Error("It died.".into())));
    assert_eq!(state.trainer, Trainer::Starting);
    event(&mut state, LabEvent::Started);
    assert!(state.unsaved, "the page is not left without a question");
    assert_eq!(ready(&mut state), [Out::Ask(LabRequest::Import { file: FileBytes::Here(vec![1, 2, 3]) })]);
    let settings = state.run.as_ref().unwrap().asked.clone();
    let out = event(&mut state, opened(&settings, vec![info(0, Some((0, 20)), 20, &settings)]));
    assert_eq!((state.newest(), state.run.as_ref().unwrap().curve(0).records().count()), (20, 20));
    assert_eq!(state.run.as_ref().unwrap().curve(0).name, "1: Switch (2021)");
    assert!(matches!(asked(&out).last(), Some(LabRequest::Run { .. })), "it trained before, so it goes on");
}

/// The trainer lives and kept the run: it is asked to open a device again, says how far the run is there, and goes on.
#[test]
fn after_a_lost_device_the_run_goes_on_from_its_last_recorded_step() {
    let mut state = running(20);
    let lost = LabEvent::Fault(LabFault::NoNumbers(None));
    assert!(matches!(asked(&event(&mut state, lost))[..], [LabRequest::Open { .. }]));
    assert!(state.notices.iter().any(|notice| notice.text.contains("goes on from its last recorded step")));
    event(&mut state, LabEvent::State { running: vec![] });
    let out = ready(&mut state);
    assert!(matches!(asked(&out)[..], [LabRequest::Run { branches, steps: None }] if branches == &[0]), "{out:?}");
    let settings = state.run.as_ref().unwrap().asked.clone();
    event(&mut state, LabEvent::Branches(vec![info(0, None, 16, &settings)]));
    assert_eq!((state.newest(), state.run.as_ref().unwrap().curve(0).records().count()), (16, 16));
    event(&mut state, LabEvent::State { running: vec![0] });
    steps(&mut state, 0, 17..=25);
    assert_eq!(state.run.as_ref().unwrap().curve(0).records().count(), 25, "no step twice, none missing");
}

#[test]
fn a_trainer_that_dies_while_a_run_is_made_makes_it_again() {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    state.apply(Act::Open);
    ready(&mut state);
    assert!(matches!(asked(&state.apply(Act::Start))[..], [LabRequest::Start { .. }]));
    state.apply(Act::Stopped(Stop::Error("It died.".into())));
    assert!(matches!(asked(&ready(&mut state))[..], [LabRequest::Start { .. }]));
}

#[test]
fn a_trainer_of_another_version_ends_the_run_with_a_sentence() {
    let mut state = running(4);
    event(&mut state, LabEvent::Fault(LabFault::Worker(WorkerFault::Unreadable)));
    assert!(matches!(&state.trainer, Trainer::Failed(why) if why.contains("different versions. Reload the page.")));
    assert!(state.running.is_empty());
}

#[test]
fn a_hidden_tab_pauses_unless_somebody_chose_otherwise() {
    let mut state = running(5);
    assert_eq!(state.apply(Act::Hidden(true)), [Out::Ask(LabRequest::Pause)]);
    event(&mut state, LabEvent::State { running: vec![] });
    assert!(
        matches!(asked(&state.apply(Act::Hidden(false)))[..], [LabRequest::Run { branches, .. }] if branches == &[0])
    );
    event(&mut state, LabEvent::State { running: vec![0] });
    state.apply(Act::Background(true));
    assert_eq!(state.apply(Act::Hidden(true)), [Out::Ask(LabRequest::Save)], "it may never be shown again");
    assert_eq!(state.apply(Act::Hidden(true)), []);
}

#[test]
fn a_loss_that_is_no_number_offers_the_way_back() {
    let mut state = running(20);
    let at = Divergence { branch: 0, step: 21, back: 10, loss: f32::NAN, rate: 0.0003, largest: None };
    event(&mut state, LabEvent::Fault(LabFault::Diverged(at)));
    assert_eq!(state.offer, Some((0, 10)));
    assert_eq!(state.lower(), 0.00015, "the same would fail again");
    state.run.as_mut().unwrap().branches[0].info.settings.coefficients.learning_rate = 100.0;
    let offered = state.lower();
    let out = state.apply(Act::GoBack);
    assert_eq!((state.step(), state.offer), (10, None));
    let fork = out.iter().find_map(|out| match out {
        Out::Ask(LabRequest::Fork { branch, step, settings }) => {
            Some((*branch, *step, settings.coefficients.learning_rate))
        }
        _ => None,
    });
    assert_eq!((offered, fork), (0.0015, Some((0, 10, 0.0015))), "as it was offered");
    assert!(state.notices.is_empty(), "what was said of the fault is dealt with");
}

/// The rate had been changed on the way, so the branch goes on with the one from before.
#[test]
fn a_branch_with_the_rate_of_then_is_named_by_it() {
    let mut state = running(20);
    let first = state.draft.clone();
    let coefficients = Coefficients { learning_rate: 1.0, ..first.coefficients };
    let now = Settings { coefficients, ..first.clone() };
    let parent = BranchInfo { first: first.coefficients, changes: vec![(15, coefficients)], ..info(0, None, 20, &now) };
    event(&mut state, LabEvent::Branches(vec![parent, info(1, Some((0, 10)), 10, &first)]));
    let run = state.run.as_ref().unwrap();
    assert_eq!(run.name(run.branch(1).unwrap()), "2: from step 10, learning rate 0.0015");
    // Where nothing later was kept, the way back leads to the beginning, and such a branch has no parent.
    let slow = Settings { coefficients: Coefficients { learning_rate: 1e-4, ..first.coefficients }, ..first.clone() };
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &first), info(2, None, 0, &slow)]));
    let run = state.run.as_ref().unwrap();
    assert_eq!(run.name(run.branch(2).unwrap()), "3: from step 0, learning rate 0.0001");
    assert_eq!(run.name(run.branch(0).unwrap()), "1: Switch (2021)");
}

#[test]
fn an_own_text_must_be_there_before_the_run_starts() {
    let mut state = TrainState::from_link("text~own", DeviceChoice::Auto);
    assert_eq!(state.error().unwrap().name(), "text");
    let text = OwnText { name: "a.txt".into(), bytes: b"abc".to_vec(), total: 3 };
    state.apply(Act::Own((text, None)));
    assert!(state.error().is_none() && state.draft.text == TextChoice::Own);
}

#[test]
fn presets_keep_seed_and_text() {
    let mut state = TrainState::from_link("preset~base_seed~9_text~code", DeviceChoice::Auto);
    state.apply(Act::Preset("collapse"));
    assert_eq!((state.draft.seed, state.draft.text), (9, TextChoice::Code));
    assert_eq!(Preset::of(&state.draft).unwrap().name, "collapse");
}

#[test]
fn the_first_and_the_newest_samples_are_kept() {
    let mut state = running(5);
    for step in 0..200 {
        event(&mut state, LabEvent::Sample { branch: 0, step, prompt: String::new(), text: step.to_string() });
    }
    let samples = &state.branch().unwrap().samples;
    assert_eq!((samples.len(), samples[0].step, samples.last().unwrap().step), (super::run::SAMPLES, 0, 199));
}

#[test]
fn another_sentence_is_answered_for_every_branch_and_for_the_step_looked_at() {
    let mut state = running(20);
    state.apply(Act::Seek(Some(5)));
    let out = state.apply(Act::Probe("c d".into()));
    let (new, past) = match asked(&out)[..] {
        [LabRequest::Probe { ticket: new, .. }, LabRequest::Goto { ticket: past, step: 5, .. }] => (*new, *past),
        _ => panic!("{out:?}"),
    };
    let probe = |ticket, step| LabEvent::Probe {
        ticket: Some(ticket),
        branch: 0,
        step,
        trace: Box::new(sample::trace(4, 1, 2, 1)),
    };
    event(&mut state, probe(new, 20));
    assert_eq!(state.branch().unwrap().probe.as_ref().unwrap().step, 20);
    event(&mut state, probe(past, 5));
    assert_eq!((state.probe().unwrap().step, state.branch().unwrap().probe.as_ref().unwrap().step), (5, 20));
}

#[test]
fn a_step_before_any_run_makes_one_and_trains_it_by_one_step() {
    let mut state = TrainState::default();
    state.apply(Act::Step);
    ready(&mut state);
    let settings = state.draft.clone();
    let out = event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    let runs: Vec<&Out> = out.iter().filter(|out| matches!(out, Out::Ask(LabRequest::Run { .. }))).collect();
    assert_eq!(runs, [&Out::Ask(LabRequest::Run { branches: Vec::new(), steps: Some(1) })]);
}
