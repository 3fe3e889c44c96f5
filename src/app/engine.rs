//! When the engine is started, and what it is asked to open. Pure: what is to be done comes out as [`Effect`]s.
//!
//! A worker can end (a crash, a lost GPU, no memory: [`super::heartbeat`]): then another is started with the same settings, at
//! most [`MAX_CRASHES`] times in a row without a trace between.

use super::effect::Effect;
use super::models::{self, GivenModel};
use super::notice::{Tone, Topic};
use super::settings::Screen;
use super::state::{Engine, State};
use super::worker::{Stop, Who, needs_other_build};
use crate::error::{Advice, EngineFault, NoGpu};
use crate::messages::app;
use crate::protocol::{DeviceChoice, Request};
use std::rc::Rc;

/// Crashes in a row after which the engine is given up.
const MAX_CRASHES: u32 = 3;

impl State {
    /// Starts the engine, or another one in its place.
    pub(super) fn start(&mut self, fx: &mut Vec<Effect>) {
        let device = self.settings.device;
        let session = &mut self.session;
        (session.started, session.alive, session.built_for) = (true, true, device);
        (session.opened, session.asked) = (None, None);
        fx.push(Effect::Start(device));
    }

    /// Asks the engine to open what is wanted now, once the files are here that only this tab keeps.
    pub(super) fn open(&mut self, fx: &mut Vec<Effect>) {
        self.session.asked = Some((self.model.clone(), self.settings.device));
        match self.model.as_ref().filter(|name| models::opened_here(name)) {
            Some(name) if self.session.given(&self.model).is_none() => fx.push(Effect::Bring(name.clone())),
            _ => self.open_asked(fx),
        }
    }

    fn open_asked(&self, fx: &mut Vec<Effect>) {
        if let Some((model, device)) = self.session.asked.clone() {
            let given = self.session.given(&model);
            fx.push(Effect::Open(model, device, given));
        }
    }

    /// The files that this tab keeps of a model, if it does. Where they cannot be had, the engine says so.
    pub(super) fn brought(&mut self, name: &str, given: Option<Rc<GivenModel>>, fx: &mut Vec<Effect>) {
        if given.is_some() {
            self.session.given = given;
        }
        if self.session.asked.as_ref().is_some_and(|(model, _)| model.as_deref() == Some(name)) {
            match self.has_other(self.session.asked.as_ref()) {
                true => self.open(fx), // Something else is wanted by now.
                false => self.open_asked(fx),
            }
        }
    }

    fn has_other(&self, opened: Option<&(models::Model, DeviceChoice)>) -> bool {
        opened != Some(&(self.model.clone(), self.settings.device))
    }

    /// Asks for what is wanted by now, if that is not what the engine has. Whether it asked.
    fn open_other(&mut self, fx: &mut Vec<Effect>) -> bool {
        let other = self.has_other(self.session.opened.as_ref());
        if other {
            self.open(fx);
        }
        other
    }

    /// Opens the wanted device, in a fresh engine if the old one is gone or of another build.
    pub(super) fn reopen(&mut self, fx: &mut Vec<Effect>) {
        self.session.crashes = 0;
        self.session.next_ticket();
        if !self.session.alive {
            self.start(fx);
        } else if needs_other_build(self.session.built_for, self.settings.device) {
            self.session.before = self.session.opened.as_ref().map(|(_, device)| *device);
            self.start(fx);
        } else if self.session.asked.is_none() {
            self.open(fx);
        }
    }

    /// Opens the wanted model; the one in use stays until that one is here.
    pub(super) fn open_model(&mut self, fx: &mut Vec<Effect>) {
        self.session.next_ticket();
        if !self.session.alive {
            self.session.crashes = 0;
            if self.session.started {
                self.start(fx);
            }
        } else if self.session.asked.is_none() {
            self.open(fx);
        }
    }

    /// Takes the files of a model that lies at no address, and opens it.
    pub(super) fn explore(&mut self, given: GivenModel, fx: &mut Vec<Effect>) {
        let model = Some(given.name.clone());
        self.settings.screen = Screen::Explore;
        (self.held, self.own_text) = (false, self.own_text || self.held);
        self.session.given = Some(Rc::new(given));
        if self.model == model && self.session.started {
            self.linked = None; // It is of the run before.
            // Another run may have come to the same name.
            self.session.opened = None;
            self.reopen(fx);
        }
        self.choose(model, fx);
    }

    /// What was asked for is open. Whether something else is wanted by now, which is asked for then.
    pub(super) fn opened(&mut self, fx: &mut Vec<Effect>) -> bool {
        self.session.before = None;
        if let Some(asked) = self.session.asked.take() {
            self.session.opened = Some(asked);
        }
        self.open_other(fx)
    }

    /// The engine could not have the model that it was asked for; the one it has stays.
    pub(super) fn refused(&mut self, fault: &EngineFault, fx: &mut Vec<Effect>) {
        let model = self.session.asked.take().map_or_else(|| self.model.clone(), |(model, _)| model);
        if self.model != model && self.open_other(fx) {
            return; // Something else is wanted by now.
        }
        let kept = self.session.opened.as_ref().map(|(model, _)| model.clone());
        if let Some(kept) = &kept {
            self.model = kept.clone();
            self.open_other(fx);
        }
        self.say_refused(fault, &model, kept, fx);
    }

    /// The device cannot be had: the one in use stays, or the one before is opened again.
    pub(super) fn no_device(&mut self, why: &NoGpu, fx: &mut Vec<Effect>) {
        if let Some((model, device)) = self.session.opened.clone() {
            self.settings.device = device;
            if self.model != model {
                return self.refused(&EngineFault::Device(why.clone()), fx);
            }
        }
        self.session.asked = None;
        if self.went_back(fx) {
            return self.say_back(&why.to_string());
        }
        match self.device.clone() {
            Some(device) => {
                self.say_about(Topic::Device, Tone::Fault, format!("{why} {}", app::device_stays(&device.name)));
                self.in_use(Engine::Ready(device));
            }
            None => {
                self.running = None;
                self.gone(format!("{why} {}", Advice::ChooseCpu), fx);
            }
        }
    }

    /// Where another build of the engine could not open the device that it was fetched for: the one before again. Whether it was so.
    fn went_back(&mut self, fx: &mut Vec<Effect>) -> bool {
        let before = self.session.before.take();
        if let Some(before) = before {
            self.settings.device = before;
            self.start(fx);
        }
        before.is_some()
    }

    fn say_back(&mut self, why: &str) {
        let again = self.device.take().map(|device| app::device_again(device.name));
        let words = again.map_or_else(|| why.to_owned(), |again| format!("{why} {again}"));
        self.say_about(Topic::Device, Tone::Fault, words);
        self.engine = Engine::Starting;
    }

    /// The worker works no more.
    pub(super) fn stopped(&mut self, stop: &Stop, fx: &mut Vec<Effect>) {
        let why = stop.said(Who::Engine);
        if !matches!(stop, Stop::NoCode { .. }) {
            return self.crashed(why, fx);
        }
        if self.went_back(fx) {
            return self.say_back(&why);
        }
        self.session.alive = false;
        fx.push(Effect::End);
        self.gone(format!("{why} {}", app::engine_no_code()), fx);
    }

    /// The engine is no more, for that reason in a sentence, and another one may be.
    pub(super) fn crashed(&mut self, why: String, fx: &mut Vec<Effect>) {
        if self.went_back(fx) {
            return self.say_back(&why);
        }
        (self.running, self.device) = (None, None);
        self.session.alive = false;
        fx.push(Effect::End);
        self.session.crashes += 1;
        let crashes = self.session.crashes;
        if crashes > MAX_CRASHES {
            return self.gone(format!("{why} {}", app::engine_given_up(MAX_CRASHES)), fx);
        }
        self.engine = Engine::Starting;
        let words = format!("{why} {}", app::engine_starts_again());
        self.say_about(Topic::Engine, Tone::Info, words);
        fx.push(Effect::StartAgain(250 * crashes));
    }

    /// There is no engine.
    pub(super) fn gone(&mut self, why: String, fx: &mut Vec<Effect>) {
        (self.running, self.device) = (None, None);
        self.say_about(Topic::Engine, Tone::Fault, why.clone());
        fx.push(Effect::Fail(why.clone()));
        self.engine = Engine::Failed(why);
    }

    /// What the engine had open before it was asked for something else stays in use. Answers that were on their way then are
    /// out of date, so the text is routed again.
    pub(super) fn in_use(&mut self, engine: Engine) {
        self.engine = engine;
        self.waits |= !self.held;
    }

    /// The text is to be routed as soon as typing rests and the engine can.
    pub(super) fn route(&mut self, fx: &mut Vec<Effect>) {
        self.waits = true;
        fx.push(Effect::Rest);
    }

    /// Typing rests.
    pub(super) fn rested(&mut self, fx: &mut Vec<Effect>) {
        if self.waits && self.can_route() {
            self.waits = false;
            let ticket = self.session.next_ticket();
            let (text, manner) = ((*self.text).clone(), self.settings.manner());
            fx.push(Effect::Ask(Request::Route { ticket, text, manner }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::models::Model;
    use crate::app::settings::PageSettings;
    use crate::app::update::update;
    use crate::app::wire::Signal;
    use crate::error::{FetchFault, WorkerFault};
    use crate::protocol::{DeviceReason, DeviceReport, Event};
    use crate::token::PassedOver;
    use crate::trace::sample;

    fn short(effect: &Effect) -> String {
        match effect {
            Effect::Start(device) => format!("start {}", device.name()),
            Effect::Open(model, device, given) => {
                let files = given.as_ref().map_or_else(String::new, |given| format!(" of {} files", given.files.len()));
                format!("open {} {}{files}", models::name(model), device.name())
            }
            Effect::Ask(Request::Route { ticket, text, .. }) => format!("route {ticket} {text}"),
            Effect::Ask(Request::Generate { ticket, text, .. }) => format!("generate {ticket} {text}"),
            Effect::Compare { ticket, text, with, .. } => format!("compare {ticket} {} {text}", with.write()),
            Effect::Fail(_) => "fail".to_owned(),
            other => format!("{other:?}"),
        }
    }

    /// What an action wants done.
    fn act(state: &mut State, action: Action) -> Vec<String> {
        update(state, action).iter().map(short).collect()
    }

    fn hear(state: &mut State, event: Event) -> Vec<String> {
        act(state, Action::Engine(Box::new(Signal::Event(event))))
    }

    fn ready() -> Event {
        let device = DeviceReport { gpu: false, name: "CPU".into(), why: DeviceReason::CpuChosen };
        Event::Ready { device, card: String::new(), passed_over: PassedOver::default() }
    }

    fn no_gpu() -> Event {
        Event::Fault(EngineFault::Device(NoGpu::NoAdapter))
    }

    fn not_there() -> Event {
        Event::Fault(EngineFault::Fetch(FetchFault::Nowhere { address: "gone/config.json".to_owned() }))
    }

    fn crash(state: &mut State) -> Vec<String> {
        act(state, Action::Engine(Box::new(Signal::Stopped(Stop::Error("out of memory".into())))))
    }

    fn named(name: &str) -> Model {
        Some(name.to_owned())
    }

    /// A page whose engine answers.
    fn running() -> State {
        let mut state = State { text: Rc::new("a text".into()), own_text: true, tour_seen: true, ..State::default() };
        act(&mut state, Action::NoRecording("It is not there.".into()));
        hear(&mut state, Event::Started);
        hear(&mut state, ready());
        act(&mut state, Action::Rested);
        state
    }

    fn answer(state: &mut State) -> Vec<String> {
        let mut trace = sample::trace(6, 2, 4, 2);
        trace.text = (*state.text).clone();
        let ticket = state.session.ticket;
        hear(state, Event::Trace { ticket, trace: Box::new(trace), cut: None })
    }

    #[test]
    fn a_page_begins_with_the_recording_and_goes_on_to_the_engine() {
        let mut state = State { tour_seen: true, ..State::default() };
        assert_eq!(act(&mut state, Action::Begin), ["FetchRecording", "FetchModels"]);
        let recording = super::super::shared::Shared::new(sample::trace(6, 2, 4, 2));
        assert_eq!(act(&mut state, Action::Recording(recording)), ["start auto"]);
        assert_eq!(hear(&mut state, Event::Started), ["open mixtral auto"]);
        assert_eq!(hear(&mut state, ready()), ["Rest"]);
        let text = (*state.text).clone();
        assert_eq!(act(&mut state, Action::Rested), [format!("route 1 {text}")]);
        assert!(act(&mut state, Action::Rested).is_empty(), "it was asked for");
    }

    #[test]
    fn what_is_typed_is_routed_once_typing_rests_and_the_engine_answers() {
        let mut state = running();
        assert_eq!(act(&mut state, Action::Edit("ab".into(), 2, false)), ["Rest"]);
        assert_eq!(act(&mut state, Action::Edit("abc".into(), 3, false)), ["Rest"]);
        assert_eq!(act(&mut state, Action::Rested), ["route 2 abc"]);
        act(&mut state, Action::Device(DeviceChoice::Cpu));
        assert_eq!(act(&mut state, Action::Edit("abcd".into(), 4, false)), ["Rest"]);
        assert!(act(&mut state, Action::Rested).is_empty(), "a device is being opened");
        assert_eq!(hear(&mut state, ready()), ["Rest"]);
        assert_eq!(act(&mut state, Action::Rested), ["route 4 abcd"]);
        assert!(act(&mut state, Action::Edit("abcd".into(), 4, false)).is_empty(), "the same text");
    }

    #[test]
    fn an_answer_to_an_older_question_changes_nothing() {
        let mut state = running();
        let old = state.session.ticket;
        act(&mut state, Action::Edit("another".into(), 0, false));
        act(&mut state, Action::Rested);
        hear(&mut state, Event::Trace { ticket: old, trace: Box::new(sample::trace(9, 2, 4, 2)), cut: None });
        assert!(state.trace.is_none());
        answer(&mut state);
        assert_eq!(state.trace.as_ref().map(|trace| trace.len()), Some(6));
    }

    #[test]
    fn the_engine_is_asked_to_open_one_thing_at_a_time() {
        let mut state = running();
        assert_eq!(act(&mut state, Action::Choose(named("switch"))), ["open switch auto"]);
        assert!(act(&mut state, Action::Choose(named("base"))).is_empty());
        assert_eq!(hear(&mut state, ready()), ["open base auto"], "what was chosen meanwhile");
        assert!(!state.ready());
        assert_eq!(hear(&mut state, ready()), ["Rest"]);
        assert_eq!((state.ready(), state.session.opened), (true, Some((named("base"), DeviceChoice::Auto))));
    }

    #[test]
    fn a_refusal_is_of_what_was_asked_and_not_of_what_is_wanted_by_now() {
        let mut state = running();
        act(&mut state, Action::Choose(named("gone")));
        act(&mut state, Action::Choose(named("base")));
        assert_eq!(hear(&mut state, not_there()), ["open base auto"]);
        assert_eq!((state.model.as_deref(), state.notices.len()), (Some("base"), 1), "the recording's alone");
    }

    #[test]
    fn an_engine_that_ends_is_started_again_three_times_and_a_trace_forgives() {
        let mut state = running();
        for (crashes, after) in [(1, 250), (2, 500), (3, 750)] {
            assert_eq!(crash(&mut state), ["End".to_owned(), format!("StartAgain({after})")]);
            assert_eq!((state.session.crashes, state.ready()), (crashes, false));
            assert_eq!(act(&mut state, Action::Engine(Box::new(Signal::StartAgain))), ["start auto"]);
        }
        hear(&mut state, Event::Started);
        hear(&mut state, ready());
        act(&mut state, Action::Rested);
        answer(&mut state);
        assert_eq!(state.session.crashes, 0);
        for _ in 0..3 {
            crash(&mut state);
        }
        assert_eq!(crash(&mut state), ["End", "fail"]);
        assert!(
            matches!(&state.engine, Engine::Failed(why) if why.contains("out of memory") && why.contains("3 times"))
        );
        assert_eq!(act(&mut state, Action::Device(DeviceChoice::Auto)), ["start auto"], "Try again");
        assert!(act(&mut state, Action::Engine(Box::new(Signal::StartAgain))).is_empty(), "there is one by now");
    }

    #[test]
    fn a_device_of_another_build_that_cannot_be_had_gives_way_to_the_one_before() {
        for crashes in [false, true] {
            let mut state = running();
            assert_eq!(act(&mut state, Action::Device(DeviceChoice::Cpu)), ["open mixtral cpu"]);
            hear(&mut state, ready());
            assert_eq!(act(&mut state, Action::Device(DeviceChoice::Gpu)), ["start gpu"]);
            let back = if crashes {
                crash(&mut state)
            } else {
                hear(&mut state, Event::Started);
                hear(&mut state, no_gpu())
            };
            assert_eq!((back, state.settings.device), (vec!["start cpu".to_owned()], DeviceChoice::Cpu));
            assert!(state.notices.last().is_some_and(|notice| notice.text.ends_with("CPU is opened again.")));
            assert_eq!(hear(&mut state, Event::Started), ["open mixtral cpu"]);
            hear(&mut state, ready());
            assert!(state.ready() && state.notices.last().is_some(), "what was said stays");
        }
    }

    #[test]
    fn an_opened_file_stays_where_another_device_cannot_be_had() {
        let mut state = running();
        state.session.built_for = DeviceChoice::Gpu;
        state.show_file("a.json".into(), super::super::shared::Shared::new(sample::trace(6, 2, 4, 2)), None);
        act(&mut state, Action::Device(DeviceChoice::Gpu));
        assert!(hear(&mut state, no_gpu()).is_empty());
        assert!(state.ready() && state.held && act(&mut state, Action::Rested).is_empty());
    }

    #[test]
    fn a_model_from_files_is_brought_before_it_is_opened() {
        let (name, given) = (models::opened("mine"), |name: &str| {
            Some(Rc::new(GivenModel::of_bytes(name.to_owned(), vec![("config.json".to_owned(), vec![1])])))
        });
        let chosen = || {
            let mut state = running();
            assert_eq!(act(&mut state, Action::Choose(Some(name.clone()))), [format!("Bring({name:?})")]);
            state
        };
        let mut state = chosen();
        let opened = format!("open {name} auto");
        assert_eq!(act(&mut state, Action::Brought(name.clone(), given(&name))), [format!("{opened} of 1 files")]);
        let mut state = chosen();
        assert_eq!(act(&mut state, Action::Brought(name.clone(), None)), [opened], "the engine says that it cannot");
        let mut state = chosen();
        assert!(act(&mut state, Action::Choose(named("base"))).is_empty());
        assert_eq!(act(&mut state, Action::Brought(name.clone(), given(&name))), ["open base auto"]);
    }

    #[test]
    fn a_trained_model_is_opened_again_where_another_run_came_to_its_name() {
        let mut state = running();
        let given = || GivenModel::of_bytes("switch-seed-1-step-9".into(), vec![("config.json".into(), vec![1])]);
        let opened = ["open switch-seed-1-step-9 auto of 1 files"];
        assert_eq!(act(&mut state, Action::Explore(given())), opened);
        hear(&mut state, ready());
        assert_eq!(act(&mut state, Action::Explore(given())), opened);
    }

    #[test]
    fn a_generation_is_asked_for_with_the_text_of_now_and_ended_by_who_types() {
        let mut state = running();
        let fx = act(&mut state, Action::Generate(true));
        assert_eq!((fx, state.running.map(|running| running.ticket)), (vec!["generate 2 a text".to_owned()], Some(2)));
        assert_eq!(act(&mut state, Action::Generate(false)), ["Ask(Stop)"]);
        assert_eq!(act(&mut state, Action::Halt), ["Ask(Stop)"]);
        assert!(state.running.is_none());
        let mut state = State::default();
        assert!(act(&mut state, Action::Generate(true)).is_empty() && state.notices.len() == 1);
    }

    #[test]
    fn compared_models_are_asked_once_for_each_question() {
        let mut state = running();
        answer(&mut state);
        let asked = ["compare 1 dense-total,shazeer,switch a text"];
        assert_eq!(act(&mut state, Action::Go(Screen::Compare)), asked);
        assert!(act(&mut state, Action::Token(1)).is_empty() && state.comparison.waiting);
        act(&mut state, Action::Go(Screen::Explore));
        assert_eq!(act(&mut state, Action::Go(Screen::Compare)), ["compare 2 dense-total,shazeer,switch a text"]);
        act(&mut state, Action::Edit("b".into(), 1, false));
        assert_eq!(act(&mut state, Action::Rested), ["route 2 b"], "the shown model comes first");
        assert_eq!(answer(&mut state), ["compare 3 dense-total,shazeer,switch b"]);
    }

    #[test]
    fn how_a_text_is_routed_is_a_reason_to_route_it_again() {
        let mut state = running();
        answer(&mut state);
        let set = |state: &State, change: fn(&mut PageSettings)| {
            let mut settings = state.settings;
            change(&mut settings);
            Action::Set(settings)
        };
        let ahead = set(&state, |settings| settings.ahead = true);
        assert_eq!(act(&mut state, ahead), ["Rest"]);
        let spaces = set(&state, |settings| settings.spaces = true);
        assert!(act(&mut state, spaces).is_empty());
        let device = set(&state, |settings| settings.device = DeviceChoice::Gpu);
        assert!(act(&mut state, device).is_empty() && state.settings.device == DeviceChoice::Auto);
    }

    #[test]
    fn a_device_that_somebody_goes_back_to_is_opened() {
        let mut state = running();
        let mut address = state.address();
        address.settings.device = DeviceChoice::Cpu;
        assert_eq!(act(&mut state, Action::Restore(Box::new(address))), ["open mixtral cpu"]);
    }

    #[test]
    fn a_tour_that_was_left_is_remembered() {
        let mut state = running();
        answer(&mut state);
        assert!(act(&mut state, Action::Tour(Some(0))).is_empty());
        assert_eq!(act(&mut state, Action::Tour(None)), ["RememberTour"]);
        assert!(act(&mut state, Action::Tour(None)).is_empty() && state.tour_seen);
    }

    #[test]
    fn a_link_that_is_copied_says_what_it_holds() {
        let mut state = running();
        let fx = update(&mut state, Action::Share);
        assert!(matches!(&fx[..], [Effect::Copy { fragment, done, .. }]
            if fragment == "text=a%20text" && done.contains("It holds the text")));
    }

    #[test]
    fn a_message_that_cannot_be_read_or_sent_ends_in_words() {
        for (signal, words) in [
            (Signal::NoWorker("SecurityError".into()), "did not start a web worker (SecurityError)"),
            (Signal::Unreadable("end of input".into()), "different versions"),
            (Signal::Unreachable("closed".into()), "could not be reached (closed)"),
            (
                Signal::Event(Event::Fault(EngineFault::Worker(WorkerFault::Unreadable))),
                "different versions. Reload the page.",
            ),
        ] {
            let mut state = running();
            assert_eq!(act(&mut state, Action::Engine(Box::new(signal))), ["fail"]);
            assert!(matches!(&state.engine, Engine::Failed(why) if why.contains(words)), "{:?}", state.engine);
        }
    }
}
