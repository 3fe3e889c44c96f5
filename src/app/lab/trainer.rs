//! The trainer's life: it is started when the screen first needs it, and if it dies another one is started, at most
//! [`MAX_CRASHES`] times in a row without a run between. What it was asked goes on with the next one.

use super::action::{Act, Out};
use super::state::{Pending, TrainState, Trainer};
use crate::app::notice::{Tone, Topic};
use crate::app::wire::Signal;
use crate::app::worker::{Stop, Who};
use crate::messages::{app, lab};
use crate::run::protocol::LabEvent;

/// Crashes in a row after which the trainer is given up.
const MAX_CRASHES: u32 = 3;

/// What is to be done about a signal of the wire.
pub fn act_of(signal: Signal<LabEvent>) -> Act {
    match signal {
        Signal::Event(event) => Act::Event(Box::new(event)),
        Signal::Stopped(stop) => Act::Stopped(stop),
        Signal::StartAgain => Act::StartAgain,
        Signal::NoWorker(why) => Act::Gone(lab::no_worker(why)),
        Signal::Unreadable(why) => Act::Gone(lab::misheard(why)),
        Signal::Unreachable(why) => Act::Gone(lab::unreachable(why)),
    }
}

impl TrainState {
    pub(super) fn open(&mut self) -> Vec<Out> {
        if matches!(self.trainer, Trainer::Off | Trainer::Failed(_)) {
            return vec![self.spawn()];
        }
        Vec::new()
    }

    fn spawn(&mut self) -> Out {
        (self.trainer, self.started_for) = (Trainer::Starting, self.device);
        self.begin()
    }

    /// Another build of the trainer takes this one's place and goes on with the run.
    pub(super) fn moved(&mut self) -> Vec<Out> {
        self.moving = false;
        self.rest();
        vec![self.spawn()]
    }

    /// A worker for the device that was said.
    fn begin(&mut self) -> Out {
        (self.wire.alive, self.wire.heard) = (true, false);
        Out::Spawn(self.started_for)
    }

    /// The worker works no more.
    pub(super) fn stopped(&mut self, stop: &Stop) -> Vec<Out> {
        let why = said(stop, self.wire.heard);
        match stop {
            Stop::NoCode { .. } => self.gone(format!("{why} {}", app::trainer_no_code())),
            _ => self.crashed(&why),
        }
    }

    /// The trainer is no more, for that reason in a sentence: another one takes its place after a while, unless too many did.
    pub(super) fn crashed(&mut self, why: &str) -> Vec<Out> {
        self.wire.alive = false;
        self.wire.crashes += 1;
        let crashes = self.wire.crashes;
        if crashes > MAX_CRASHES {
            self.wire.crashes = 0;
            return self.gone(given_up(why, self.wire.heard));
        }
        self.restarting(why);
        vec![Out::End, Out::StartAgain(250 * crashes)]
    }

    /// Another trainer, unless the visitor had one started meanwhile.
    pub(super) fn start_again(&mut self) -> Vec<Out> {
        if self.wire.alive || self.trainer != Trainer::Starting {
            return Vec::new();
        }
        vec![self.begin()]
    }

    fn restarting(&mut self, why: &str) {
        let mut said = vec![why, lab::started_again()];
        said.extend(self.run.is_some().then(lab::goes_on_saved));
        self.say(Topic::Engine, Tone::Info, said.join(" "));
        self.rest();
    }

    /// There is no trainer for a while: what it did goes on with the next one.
    fn rest(&mut self) {
        self.progress = None;
        if !self.running.is_empty() {
            self.interrupted = std::mem::take(&mut self.running);
        }
        self.trainer = Trainer::Starting;
        if let Some(making) = self.making.take() {
            self.pending = Pending::Start(making);
        } else if self.run.is_some() && self.pending == Pending::Nothing {
            (self.pending, self.restoring) = (Pending::Restore, true);
        }
    }

    /// There is no trainer, for that reason in a sentence, and there will be none until somebody asks for one.
    pub(super) fn gone(&mut self, why: String) -> Vec<Out> {
        self.say(Topic::Engine, Tone::Fault, why.clone());
        (self.trainer, self.progress) = (Trainer::Failed(why), None);
        self.running.clear();
        self.wire.alive = false;
        vec![Out::End]
    }
}

/// Why the trainer stopped; `heard` says whether it had said anything before.
fn said(stop: &Stop, heard: bool) -> String {
    match stop {
        Stop::NotLoaded if !heard => app::trainer_never_came().to_owned(),
        stop => stop.said(Who::Trainer),
    }
}

/// What is said when there will be no trainer.
fn given_up(why: &str, heard: bool) -> String {
    let times = MAX_CRASHES + 1;
    let todo = if heard { lab::given_up(times) } else { lab::given_up_unheard(times) };
    format!("{why} {todo}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::DeviceChoice;

    #[test]
    fn a_trainer_that_goes_on_dying_is_given_up() {
        let mut state = TrainState::from_link("", DeviceChoice::Cpu);
        assert_eq!(state.apply(Act::Open), [Out::Spawn(DeviceChoice::Cpu)]);
        let dies = || Act::Stopped(Stop::Error("out of memory".to_owned()));
        for after in [250, 500, 750] {
            assert_eq!(state.apply(dies()), [Out::End, Out::StartAgain(after)]);
            assert_eq!(state.apply(Act::StartAgain), [Out::Spawn(DeviceChoice::Cpu)]);
            assert!(state.apply(Act::StartAgain).is_empty(), "there is one by now");
        }
        assert_eq!(state.apply(dies()), [Out::End]);
        assert!(matches!(&state.trainer, Trainer::Failed(why) if why.contains("out of memory")), "{:?}", state.trainer);
        assert!(state.apply(Act::StartAgain).is_empty(), "until somebody asks for one");
        assert_eq!(state.apply(Act::Open), [Out::Spawn(DeviceChoice::Cpu)]);
        assert_eq!(state.apply(dies()), [Out::End, Out::StartAgain(250)], "counted anew");
    }

    #[test]
    fn code_that_cannot_be_had_is_not_tried_again_and_again() {
        let mut state = TrainState::from_link("", DeviceChoice::Cpu);
        state.apply(Act::Open);
        let stop = Stop::NoCode { detail: "404".to_owned(), help: crate::app::worker::CodeHelp::Missing };
        assert_eq!(state.apply(Act::Stopped(stop)), [Out::End]);
        assert!(matches!(&state.trainer, Trainer::Failed(why) if why.contains("404")), "{:?}", state.trainer);
    }

    #[test]
    fn a_trainer_that_never_came_is_a_matter_of_the_connection() {
        let words = given_up(&said(&Stop::NotLoaded, false), false);
        assert!(words.starts_with("The trainer’s code could not be loaded. ") && !words.contains("stopped"), "{words}");
        assert!(words.contains("Check the connection, then press Start"), "{words}");
        let words = given_up(&said(&Stop::NotStarted("Failed to fetch".to_owned()), false), false);
        assert!(words.contains("(Failed to fetch).") && words.contains("Check the connection"), "{words}");
    }

    #[test]
    fn a_trainer_that_ran_has_nothing_to_do_with_the_connection() {
        let words = given_up(&said(&Stop::Error("unreachable executed".to_owned()), true), true);
        assert!(words.contains("unreachable executed") && words.contains("press Start"), "{words}");
        assert!(!words.contains("connection"), "{words}");
    }
}
