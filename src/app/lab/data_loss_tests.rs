//! Nothing of the visitor's is lost without a word.

use super::action::{Act, Out};
use super::state::{StoredRun, TrainState};
use super::tests::{asked, event, info, opened, ready, record, running, steps};
use crate::app::worker::Stop;
use crate::methods;
use crate::protocol::{DeviceChoice, FileBytes};
use crate::run::protocol::{BranchInfo, LabEvent, LabRequest, OwnText};
use crate::run::record::StepRecord;
use crate::run::{Coefficients, Settings};

fn own(name: &str) -> OwnText {
    OwnText { name: name.into(), bytes: name.as_bytes().to_vec(), total: name.len() as u64 }
}

/// A run of an own text, paused at step 20.
fn own_run() -> TrainState {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    state.apply(Act::Own((own("a.txt"), None)));
    state.apply(Act::Open);
    state.apply(Act::Start);
    ready(&mut state);
    let settings = state.draft.clone();
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    steps(&mut state, 0, 1..=20);
    state
}

fn started(out: &[Out]) -> (&Settings, Option<&str>) {
    match asked(out)[..] {
        [LabRequest::Start { settings, text, .. }] => (settings, text.as_ref().map(|own| own.name.as_str())),
        _ => panic!("{out:?}"),
    }
}

#[test]
fn another_own_file_is_not_in_force_until_a_new_run_and_the_run_keeps_its_own() {
    let mut state = own_run();
    assert!(!state.needs_new_run());
    state.apply(Act::Own((own("b.txt"), None)));
    assert!(state.needs_new_run() && !state.can_fork());
    let out = state.apply(Act::Reset);
    assert_eq!(started(&out).1, Some("a.txt"), "the same run again");
    let settings = state.making.clone().unwrap().settings;
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    assert!(state.needs_new_run(), "the other file is still chosen");
    state.apply(Act::Stopped(Stop::Error("It died.".into())));
    assert_eq!(started(&ready(&mut state)).1, Some("a.txt"));
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    state.apply(Act::Undo);
    assert!(!state.needs_new_run());
    state.apply(Act::Own((own("b.txt"), None)));
    assert_eq!(started(&state.apply(Act::Start)).1, Some("b.txt"));
}

#[test]
fn leaving_is_asked_about_only_while_steps_are_in_no_export() {
    let mut state = running(0);
    assert!(!state.unsaved);
    steps(&mut state, 0, 1..=3);
    assert!(state.unsaved);
    event(&mut state, LabEvent::Exported { name: "a.zip".into(), file: vec![], others: 0 });
    assert!(!state.unsaved);
    steps(&mut state, 0, 4..=4);
    assert!(state.unsaved);
    let settings = state.draft.clone();
    state.apply(Act::Start);
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    assert!(!state.unsaved);
}

#[test]
fn the_last_run_is_kept_and_offered_and_can_be_forgotten() {
    let mut state = running(20);
    let out = event(&mut state, LabEvent::Saved { branch: 0, step: 1020, file: vec![7], others: 0 });
    let [Out::Keep(kept)] = &out[..] else { panic!("{out:?}") };
    assert!(kept.title.starts_with("Switch") && kept.title.ends_with("step 1,020"), "{}", kept.title);
    let mut later = TrainState::from_link("", DeviceChoice::Auto);
    later.apply(Act::Open);
    later.apply(Act::Found(kept.clone()));
    assert_eq!(later.apply(Act::GoOn), [], "the trainer is not there yet");
    assert_eq!(ready(&mut later), [Out::Ask(LabRequest::Import { file: FileBytes::Here(vec![7]) })]);
    let place = "kept-run?page=1&at=2".to_owned();
    later.apply(Act::Found(StoredRun { place: place.clone(), ..kept.clone() }));
    assert_eq!((later.apply(Act::Forget), later.kept.clone()), (vec![Out::Forget(place)], None));
    state.apply(Act::Found(kept.clone()));
    assert_eq!(state.kept, None, "there is a run already");
}

/// A file is being opened, and what was chosen until then.
fn importing() -> (TrainState, Settings) {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    state.apply(Act::Open);
    ready(&mut state);
    state.apply(Act::Import(FileBytes::Here(vec![1])));
    let begun = state.draft.clone();
    (state, begun)
}

#[test]
fn an_opened_file_brings_its_curves_and_says_what_it_does_not_bring() {
    let (mut state, begun) = importing();
    let coefficients = Coefficients { balance: 0.5, ..begun.coefficients };
    let now = Settings { coefficients, ..begun.clone() };
    let first = begun.coefficients;
    let info = BranchInfo { first, changes: vec![(200, coefficients)], ..info(0, Some((0, 439)), 439, &now) };
    event(&mut state, opened(&begun, vec![info]));
    assert_eq!(state.look().newest, 439, "the axis reaches to where it is, with or without curves");
    let records: Vec<StepRecord> = (1..=439).map(|step| record(0, step)).collect();
    event(&mut state, LabEvent::Recalled { own: None, selected: 0, steps: records, evaluations: vec![], others: 1 });
    assert_eq!((state.newest(), state.run.as_ref().unwrap().curve(0).records().count()), (439, 439));
    let curve = state.run.as_ref().unwrap().curve(0);
    assert_eq!(curve.changes, [(200, "balance 0.5".to_owned())]);
    let said = &state.notices.last().unwrap().text;
    assert!(
        said.contains("step 439") && said.contains("of one other branch") && said.contains("as it began"),
        "{said}"
    );
    assert_eq!(Settings::from_link(&state.link()).coefficients, begun.coefficients);
    assert!(!state.staged() && !state.needs_new_run() && !state.unsaved);
    assert_eq!(state.apply(Act::Share), [Out::Share]);
}

/// A run that began with two branches is asked for with both again: the link of what was opened starts it so.
#[test]
fn an_opened_file_remembers_what_ran_beside_it() {
    let (mut state, begun) = importing();
    let other = Settings { method: &methods::HASH_RANDOM, ..begun.clone() };
    event(&mut state, opened(&begun, vec![info(0, Some((0, 5)), 5, &begun), info(1, Some((1, 5)), 5, &other)]));
    let steps: Vec<StepRecord> = (1..=5).flat_map(|n| [record(0, n), record(1, n)]).collect();
    event(&mut state, LabEvent::Recalled { own: None, selected: 0, steps, evaluations: vec![], others: 0 });
    assert_eq!(Settings::from_link(&state.link()).against, Some(&methods::HASH_RANDOM));
    assert!(!state.notices.last().unwrap().text.contains("begun on the way"));
}

/// A file of three branches, opened: all are there as they hung together, and the one that was looked at is selected.
#[test]
fn an_opened_file_brings_all_its_branches() {
    let (mut state, begun) = importing();
    let coefficients = Coefficients { balance: 0.5, ..begun.coefficients };
    let other = Settings { coefficients, ..begun.clone() };
    event(&mut state, opened(&begun, vec![info(0, Some((0, 30)), 30, &begun), info(2, Some((0, 20)), 25, &other)]));
    let steps: Vec<StepRecord> = (1..=30).map(|n| record(0, n)).chain((21..=25).map(|n| record(2, n))).collect();
    event(&mut state, LabEvent::Recalled { own: None, selected: 2, steps, evaluations: vec![], others: 0 });
    let run = state.run.as_ref().unwrap();
    assert_eq!((state.selected, state.newest(), run.curve(2).records().count()), (2, 25, 25));
    assert_eq!(run.curve(2).name, "3: from step 20, balance 0.5");
    assert_eq!(run.asked.against, None, "the second branch began on the way");
    assert_eq!(state.draft.coefficients.balance, 0.5);
    assert!(state.notices.last().unwrap().text.contains("All 2 branches"));
    state.apply(Act::Toggle);
    assert!(state.notices.is_empty(), "it was said and read");
}

#[test]
fn after_a_crash_all_branches_that_were_kept_go_on_with_their_curves() {
    let mut state = running(20);
    let settings = state.draft.clone();
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &settings), info(1, Some((0, 8)), 8, &settings)]));
    steps(&mut state, 1, 9..=14);
    let out = event(&mut state, LabEvent::Saved { branch: 1, step: 12, file: vec![7], others: 0 });
    let ends = |out: &[Out], end| matches!(out, [Out::Keep(kept)] if kept.title.ends_with(end));
    assert!(ends(&out, "step 12, and another branch"), "{out:?}");
    state.apply(Act::Stopped(Stop::Error("It died.".into())));
    ready(&mut state);
    let back = vec![info(0, Some((0, 20)), 20, &settings), info(1, Some((0, 8)), 12, &settings)];
    event(&mut state, opened(&settings, back));
    let run = state.run.as_ref().unwrap();
    assert_eq!([0, 1].map(|id| run.curve(id).records().count()), [20, 12]);
    assert_eq!(run.branch(1).unwrap().history.steps().len(), 4, "its own piece only");
    assert!(!state.notices.iter().any(|notice| notice.text.contains("Only the branch")));
}

#[test]
fn what_was_said_of_a_file_goes_when_it_holds_no_more() {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    state.apply(Act::Open);
    ready(&mut state);
    state.apply(Act::Own((own("a.txt"), Some("Only its beginning is read.".into()))));
    assert_eq!(state.notices.len(), 1);
    state.apply(Act::Set("text", "code".into()));
    assert!(state.notices.is_empty());
    state.apply(Act::Fault("This is no ZIP file.".into()));
    state.apply(Act::Import(FileBytes::Here(vec![1])));
    assert!(state.notices.is_empty(), "another file");
}

#[test]
fn back_at_the_runs_link_nothing_is_left_to_be_put_in_force() {
    let mut state = running(20);
    let link = state.link();
    let settings = state.draft.clone();
    let coefficients = Coefficients { balance: 0.5, ..settings.coefficients };
    let now = Settings { coefficients, ..settings };
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &now)]));
    state.apply(Act::Link("preset~hash_seed~2".into()));
    assert!(state.needs_new_run());
    state.apply(Act::Link(link));
    assert!(!state.needs_new_run() && !state.staged());
}

#[test]
fn what_is_chosen_while_a_run_is_made_stays_chosen() {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    state.apply(Act::Open);
    ready(&mut state);
    let before = started(&state.apply(Act::Start)).0.clone();
    state.apply(Act::Set("layers", "3".into()));
    state.apply(Act::Set("balance", "0.5".into()));
    event(&mut state, opened(&before, vec![info(0, None, 0, &before)]));
    assert_eq!((state.draft.layers, state.draft.coefficients.balance), (3, 0.5));
    assert!(state.needs_new_run() && state.staged());
    assert_eq!(Settings::from_link(&state.link()).layers, before.layers);
}

#[test]
fn many_branches_are_not_forgotten_without_a_question() {
    let mut state = running(20);
    let settings = state.draft.clone();
    assert_eq!(asked(&running(5).apply(Act::Reset)).len(), 1, "one branch: no question");
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &settings), info(1, Some((0, 8)), 8, &settings)]));
    assert_eq!(state.apply(Act::Reset), []);
    assert!(state.sure);
    assert_eq!(state.apply(Act::Sure(false)), []);
    assert!(!state.sure);
    state.apply(Act::Reset);
    started(&state.apply(Act::Sure(true)));
    assert!(!state.sure);
}

#[test]
fn a_preset_picked_on_a_run_can_be_undone() {
    let mut state = running(20);
    state.apply(Act::Preset("hash"));
    assert!(state.needs_new_run());
    state.apply(Act::Undo);
    assert!(!state.needs_new_run() && !state.staged());
}
