//! What is chosen holds, waits or is refused where it was written, and a branch is always asked about.

use super::action::{Act, Out};
use super::state::TrainState;
use super::tests::{asked, event, info, opened, ready, running};
use crate::app::notice::{Tone, Topic};
use crate::protocol::{DeviceChoice, FileBytes};
use crate::run::fault::{LabFault, RunFileFault, TextFault};
use crate::run::protocol::{BranchInfo, LabEvent, LabRequest, LabTask, OwnText};
use crate::run::{Coefficients, Settings, table};

#[test]
fn what_a_link_asks_for_and_nobody_knows_is_said() {
    let mut state = TrainState::from_link("preset~nosuch_seed~7", DeviceChoice::Auto);
    assert_eq!(state.draft.seed, 7);
    assert!(state.notices[0].text.contains("“preset~nosuch”"), "{}", state.notices[0].text);
    state.apply(Act::Link("preset~hash_colour~red".into()));
    assert_eq!(state.notices.len(), 1, "the newest link alone");
    assert!(state.notices[0].text.contains("“colour~red”"));
    assert!(TrainState::from_link("preset~hash_seed~7", DeviceChoice::Auto).notices.is_empty());
}

/// A setting that cannot be leaves nothing to estimate: no weights of no width, no choices of more experts than there are.
#[test]
fn only_a_run_that_can_be_is_estimated() {
    let largest = u32::MAX.to_string();
    let with = |pairs: &[(&'static str, &str)]| {
        let mut state = TrainState::from_link("method~mixtral_experts~4_k~2", DeviceChoice::Auto);
        pairs.iter().for_each(|(name, value)| drop(state.apply(Act::Set(name, (*value).into()))));
        state
    };
    const COUNTS: [&str; 8] = ["experts", "k", "width", "layers", "inner", "batch", "len", "vocabulary"];
    for value in ["0", "-1", &largest, "18446744073709551615", "1e3", ""] {
        for name in COUNTS {
            let state = with(&[(name, value)]);
            assert_eq!(
                (state.memory(), state.error().map(|error| error.name().to_owned())),
                (None, Some(name.to_owned())),
                "{name} {value}"
            );
        }
        assert_eq!(with(&COUNTS.map(|name| (name, value))).memory(), None, "all {value}");
    }
    for pair in [("width", "40"), ("k", "5"), ("width", "520"), ("capacity", "-1"), ("against", "base")] {
        let state = with(&[("method", "switch"), ("experts", "3"), pair]);
        assert_eq!((state.memory(), state.error().is_some()), (None, true), "{pair:?}");
    }
    // Too much for any machine here, and no more than it is: 8 layers of 64 experts with 3 x 512 x 2,048 weights each.
    let large = with(&[("experts", "64"), ("width", "512"), ("layers", "8"), ("inner", "2048")]);
    let (experts, all) = (8 * 64 * 3 * 512 * 2_048, large.memory().unwrap().parameters);
    assert!((experts..experts / 100 * 101).contains(&all), "{all}");
    assert_eq!(large.error().unwrap().name(), "memory");
    // A text that is not chosen yet needs nothing of its own.
    assert_eq!(with(&[("text", "own")]).memory(), with(&[]).memory());
    assert!(with(&[]).memory().is_some());
}

#[test]
fn nothing_begins_between_a_branch_and_its_parent() {
    let mut state = running(20);
    event(&mut state, LabEvent::State { running: vec![] });
    state.apply(Act::Seek(Some(8)));
    state.apply(Act::Plan);
    state.apply(Act::Set("balance", "0.5".into()));
    let parent = state.branch().unwrap().info.settings.clone();
    assert!(matches!(asked(&state.apply(Act::Fork))[..], [LabRequest::Fork { step: 8, .. }]));
    event(&mut state, LabEvent::Progress { task: LabTask::GoingBack(8), done: 3, total: 8 });
    for act in [Act::Toggle, Act::Step, Act::Start, Act::Reset, Act::Sure(true), Act::Plan, Act::Copy] {
        assert_eq!(state.apply(act.clone()), [], "{act:?}");
    }
    assert_eq!(state.waits().unwrap(), "Going back to step 8 comes first.");
    let child = Settings { coefficients: Coefficients { balance: 0.5, ..parent.coefficients }, ..parent.clone() };
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &parent), info(1, Some((0, 8)), 8, &child)]));
    assert_eq!((state.waits(), state.selected), (None, 1));
    let out = state.apply(Act::Toggle);
    assert!(matches!(asked(&out)[..], [LabRequest::Run { branches, .. }] if *branches == [1]), "{out:?}");
}

#[test]
fn nothing_begins_while_a_run_is_being_opened() {
    let mut state = TrainState::from_link("", DeviceChoice::Auto);
    state.apply(Act::Open);
    // The trainer is not there yet: the file waits, and nothing takes its place.
    assert_eq!(state.apply(Act::Import(FileBytes::Here(vec![1]))), []);
    assert_eq!((state.apply(Act::Start), state.apply(Act::Toggle)), (vec![], vec![]));
    event(&mut state, LabEvent::Started);
    assert_eq!(asked(&ready(&mut state)), [&LabRequest::Import { file: FileBytes::Here(vec![1]) }]);
    for act in [Act::Start, Act::Toggle, Act::Step, Act::GoOn] {
        assert_eq!(state.apply(act.clone()), [], "{act:?}");
    }
    let settings = state.draft.clone();
    event(&mut state, opened(&settings, vec![info(0, None, 20, &settings)]));
    assert!(matches!(asked(&state.apply(Act::Toggle))[..], [LabRequest::Run { .. }]));
    // A file that cannot be read gives way again.
    state.apply(Act::Import(FileBytes::Here(vec![2])));
    assert_eq!(state.apply(Act::Toggle), []);
    event(&mut state, LabEvent::Fault(LabFault::File(RunFileFault::NoBranch)));
    assert!(matches!(asked(&state.apply(Act::Toggle))[..], [LabRequest::Run { .. }]));
}

#[test]
fn a_number_of_experts_that_a_method_imposes_is_gone_with_it() {
    let mut state = TrainState::from_link("method~jacobs", DeviceChoice::Auto);
    let mut method = |name: &str| {
        state.apply(Act::Set("method", name.into()));
        state.draft.top_k
    };
    assert_eq!(method("mixtral"), 2, "not all eight");
    assert_eq!(method("switch"), 1);
    assert_eq!(method("olmoe"), 2);
    state.apply(Act::Set("k", "3".into()));
    let mut method = |name: &str| {
        state.apply(Act::Set("method", name.into()));
        state.draft.top_k
    };
    assert_eq!([method("gshard"), method("expert-choice"), method("qwen3")], [2, 8, 3]);
}

#[test]
fn a_branch_has_a_number_of_experts_of_its_own() {
    let mut state = running(20);
    let mut own = Settings::from_link("method~switch_vocabulary~300");
    event(&mut state, opened(&own, vec![info(0, None, 0, &own)]));
    state.all(own.clone());
    assert!(!state.needs_new_run());
    state.apply(Act::Set("method", "mixtral".into()));
    assert_eq!((state.draft.top_k, state.can_fork()), (2, true));
    (own.method, own.top_k) = (state.draft.method, 2);
    event(&mut state, LabEvent::Branches(vec![info(0, None, 0, &own), info(1, Some((0, 20)), 20, &own)]));
    state.apply(Act::Select(1));
    assert!(!state.needs_new_run() && !state.staged(), "what the branch does is in force");
}

/// A change that holds already is no answer to what a branch shall do otherwise.
#[test]
fn a_branch_is_asked_about_after_a_change_on_the_way_too() {
    let mut state = running(20);
    let first = state.draft.coefficients;
    state.apply(Act::Set("balance", "0.3".into()));
    let coefficients = Coefficients { balance: 0.3, ..first };
    let settings = Settings { coefficients, ..state.draft.clone() };
    let info = BranchInfo { first, changes: vec![(20, coefficients)], ..info(0, None, 20, &settings) };
    event(&mut state, LabEvent::Branches(vec![info]));
    for step in [20, 8] {
        state.apply(Act::Seek(Some(step)));
        assert_eq!(asked(&state.apply(Act::Plan)).len(), 0, "step {step}");
        assert_eq!(state.branching, Some(step));
        state.apply(Act::NoBranch);
    }
    state.apply(Act::Plan);
    assert_eq!(state.otherwise().unwrap(), "balance 0.3", "said before it is done");
    assert!(matches!(asked(&state.apply(Act::Fork))[..], [LabRequest::Fork { branch: 0, step: 8, .. }]));
}

#[test]
fn what_is_out_of_bounds_stays_in_its_field_and_says_so() {
    let mut state = running(20);
    for (value, words) in [
        ("5", "“Learning rate” must be from 0 to 1, not 5."),
        ("", "“Learning rate” must be a number from 0 to 1: nothing is written there."),
        ("fast", "“Learning rate” must be a number from 0 to 1, not “fast”."),
    ] {
        assert_eq!(state.apply(Act::Set("lr", value.into())), [], "{value} is not put in force");
        assert_eq!(state.wrong("lr").unwrap(), words);
        assert!(state.blocked().is_some() && !state.can_fork() && state.wrong("layers").is_none());
        assert_eq!((state.apply(Act::Start), state.apply(Act::Apply)), (vec![], vec![]), "{value}");
    }
    state.apply(Act::Set("layers", "1.5".into()));
    assert!(state.wrong("lr").is_some() && state.wrong("layers").unwrap().contains("whole number from 1 to 8"));
    state.apply(Act::Set("layers", "2".into()));
    state.apply(Act::Set("width", "17".into()));
    assert!(state.wrong("lr").is_some() && state.wrong("width").unwrap().contains("multiple of 16"), "each at its own");
    state.apply(Act::Set("width", "48".into()));
    let out = state.apply(Act::Set("lr", "0.01".into()));
    assert!(matches!(asked(&out)[..], [LabRequest::SetCoefficients { .. }]));
    assert!(state.error().is_none());
    state.apply(Act::Set("seed", "-1".into()));
    state.apply(Act::Undo);
    assert!(state.error().is_none(), "back to what holds");
}

#[test]
fn a_branch_for_which_there_is_no_memory_is_refused_before_it_is_asked_for() {
    let mut state = running(20);
    let large = Settings { experts: 16, width: 256, inner: 512, ..state.draft.clone() };
    event(&mut state, opened(&large, vec![info(0, None, 20, &large)]));
    assert!(state.can_fork());
    state.apply(Act::Plan);
    assert_eq!(state.apply(Act::Copy), []);
    let said = &state.notices.last().unwrap().text;
    assert!(said.contains("the run’s 2 need about") && said.contains("Forget a branch first"), "{said}");
}

#[test]
fn a_reset_says_what_it_brings_back() {
    let mut state = running(20);
    let settings = state.draft.clone();
    let coefficients = Coefficients { learning_rate: 0.3, ..settings.coefficients };
    let now = Settings { coefficients, ..settings.clone() };
    event(&mut state, LabEvent::Branches(vec![info(0, None, 20, &now)]));
    state.apply(Act::Set("lr", "0.3".into()));
    state.apply(Act::Reset);
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    let said = &state.notices.last().unwrap().text;
    assert!(said.contains("the values of “No balancing") && said.ends_with("again learning rate 0.0015."), "{said}");
    assert_eq!(state.draft.coefficients, settings.coefficients);
    state.apply(Act::Set("layers", "3".into()));
    state.apply(Act::Reset);
    event(&mut state, opened(&settings, vec![info(0, None, 0, &settings)]));
    let said = &state.notices.last().unwrap().text;
    assert!(said.ends_with("still chosen, and not in force.") && state.draft.layers == 3, "{said}");
}

#[test]
fn a_preset_says_what_it_took_the_place_of() {
    let mut state = TrainState::from_link("preset~collapse_seed~7", DeviceChoice::Auto);
    state.apply(Act::Preset("switch-balanced"));
    assert!(state.notices.is_empty(), "nothing was set by hand");
    state.apply(Act::Set("width", "64".into()));
    state.apply(Act::Set("seed", "9".into()));
    state.apply(Act::Preset("loss-free"));
    let said = &state.notices.last().unwrap().text;
    assert_eq!(said, "“Loss-free bias” took the place of what you had set: width 64 (now 48).");
    assert_eq!(state.draft.seed, 9);
    state.apply(Act::Preset("base"));
    assert!(state.notices.is_empty(), "the next one took the place of nothing");
}

#[test]
fn what_was_said_of_a_text_goes_with_another_text() {
    let mut state = TrainState::from_link("text~own", DeviceChoice::Auto);
    state.apply(Act::Open);
    ready(&mut state);
    let short = || LabEvent::Fault(LabFault::Text(TextFault::Short { len: 64, shortest: 9 }));
    let long = || OwnText { name: "b.txt".into(), bytes: b"abc".to_vec(), total: 3 };
    for (topic, act) in [
        (Topic::Cut, Act::Own((long(), None))),
        (Topic::Route, Act::Own((long(), None))),
        (Topic::Cut, Act::Set("text", "code".into())),
        (Topic::Route, Act::Set("text", "mixed".into())),
    ] {
        if topic == Topic::Cut {
            state.apply(Act::Own((long(), Some("a.txt: its beginning is read.".into()))));
        } else {
            event(&mut state, short());
        }
        let tone = if topic == Topic::Cut { Tone::Info } else { Tone::Fault };
        assert_eq!(state.notices.last().map(|notice| (notice.topic, notice.tone)), Some((topic, tone)));
        assert_eq!(state.apply(act), Vec::<Out>::new());
        assert!(state.notices.is_empty(), "{topic:?}");
    }
}

/// A link may hold what no control lets one choose: the control that is wrong is there even where the method hides it, and what is
/// said is what the terminal says of the same settings.
#[test]
fn a_link_whose_settings_do_not_go_together_says_why_and_marks_what_is_wrong() {
    let hidden = [
        ("preset~collapse_k~0", "k", "chooses 1 for a token, so k is not 0.", "1"),
        ("preset~collapse_k~99", "k", "chooses 1 for a token, so k is not 99.", "1"),
        ("preset~collapse_method~gshard_k~1", "k", "chooses 2 for a token, so k is not 1.", "2"),
        ("preset~collapse_method~gshard_k~3", "k", "chooses 2 for a token, so k is not 3.", "2"),
        ("preset~collapse_bias~1e39", "bias", "“Bias-update speed” must be from 0 to 100, not", "0.001"),
        ("preset~collapse_capacity~-1_method~mixtral_noise~101", "noise", "“Router noise” must be from 0 to 100", "1"),
    ];
    for (link, name, words, mended) in hidden {
        let mut state = TrainState::from_link(link, DeviceChoice::Cpu);
        let error = Settings::from_link(link).validate().unwrap_err().to_string();
        assert!(error.contains(words), "{link}: {error}");
        assert!(
            state
                .blocked()
                .is_some_and(|why| why.ends_with(&error) && why.starts_with("First mend the setting that is marked. ")),
            "{link}"
        );
        assert_eq!(state.wrong(name).as_deref(), Some(&*error), "{link}");
        let row = table::named(name).unwrap();
        assert!(!(row.applies)(&state.draft) && state.shows(row), "{link}: its control is there");
        assert_eq!(state.mend(), Some((row.name, mended.to_owned())), "{link}");
        state.apply(Act::Set(row.name, mended.into()));
        assert_eq!((state.blocked(), state.shows(row)), (None, false), "{link}: mended, it goes");
    }
    let seen = TrainState::from_link("method~mixtral_experts~8_k~9", DeviceChoice::Cpu);
    assert!(seen.wrong("k").is_some() && seen.mend().is_none(), "a control of one's own mends it");
}
