//! Does what a change of the state wants done outside ([`Effect`]): the only place from which the page asks the engine,
//! fetches, reads what was opened, and has the browser remember something.

use super::action::Action;
use super::effect::Effect;
use super::field::Held;
use super::notice::Tone;
use super::shared::Shared;
use super::state::State;
use super::wire::{Signal, Wire};
use super::worker::{CodeHelp, EngineTask};
use super::{address, build, download, full_page, hooks, kept_model, models, recording, saved_texts, share, urls};
#[cfg(feature = "studio")]
use super::{
    kept_file::{self, FILES},
    opening, reader,
};
#[cfg(feature = "studio")]
use crate::messages::files;
use crate::protocol::{Event, Request};
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

/// Typing rests for this long, in milliseconds, before the text is routed.
const REST: u32 = 30;
/// Milliseconds after which the address bar has what was chosen, so that another page finds it there.
const FURTHER: u32 = 200;

/// Reads the state of now, as long as there is one.
type Now = Rc<dyn Fn() -> Option<Shared<State>>>;

/// What there is outside the state.
pub struct World {
    dispatch: Callback<Action>,
    now: Now,
    held: Shared<Held>,
    engine: Wire<Event>,
    resting: RefCell<Option<Timeout>>,
    further: RefCell<Option<Timeout>>,
}

/// A trace that comes over the wire, with the build that made it.
fn signed(mut signal: Signal<Event>) -> Signal<Event> {
    if let Signal::Event(Event::Trace { trace, .. } | Event::Compared { trace, .. }) = &mut signal {
        build::sign(trace);
    }
    signal
}

impl World {
    /// A world that tells what comes of it; `held` is what the text field holds.
    pub fn new(dispatch: Callback<Action>, now: Now, held: Shared<Held>) -> Self {
        let engine = Wire::new(EngineTask::Route, dispatch.reform(|signal| Action::Engine(Box::new(signed(signal)))));
        Self { dispatch, now, held, engine, resting: RefCell::default(), further: RefCell::default() }
    }

    /// Does it.
    pub fn perform(&self, effect: Effect) {
        if matches!(effect, Effect::Start(_) | Effect::Open(..) | Effect::Ask(_)) {
            hooks::again();
        }
        match effect {
            Effect::Rest => drop(self.resting.replace(Some(self.later(REST, Action::Rested)))),
            Effect::Start(device) => self.engine.start(device),
            Effect::End => self.engine.end(),
            Effect::StartAgain(after) => {
                self.later(after, Action::Engine(Box::new(Signal::StartAgain))).forget();
            }
            Effect::Open(model, device, given) => {
                let (model, files) = match given {
                    Some(given) => (given.name.clone(), given.files.clone()),
                    None => (models::address(&urls::first_model(), &model), Vec::new()),
                };
                self.engine.send(&Request::Open { device, model, files });
            }
            Effect::Ask(request) => self.engine.send(&request),
            Effect::Compare { ticket, text, with, manner } => {
                let models = with.names().iter().map(|name| urls::sibling(name)).collect();
                self.engine.send(&Request::Compare { ticket, text, models, manner });
            }
            Effect::Bring(name) => self.then(async move {
                let given = kept_model::get(&name).await;
                Action::Brought(name, given.map(Rc::new))
            }),
            Effect::FetchRecording => self.then(async {
                match recording::fetch().await {
                    Ok(trace) => Action::Recording(Shared::new(trace)),
                    Err(why) => Action::NoRecording(why),
                }
            }),
            Effect::FetchModels => self.then(async { Action::Models(models::fetch(&urls::first_model()).await) }),
            Effect::RememberTour => saved_texts::remember_tour(),
            Effect::Copy { fragment, done, failed } => {
                let dispatch = self.dispatch.clone();
                spawn_local(async move {
                    if share::copy(&fragment).await.is_ok() {
                        return dispatch.emit(Action::Say(Tone::Info, done));
                    }
                    // What is on its way to the address bar would take the link's place.
                    let show = move || {
                        share::show(&fragment);
                        dispatch.emit(Action::Say(Tone::Fault, failed));
                    };
                    Timeout::new(address::REST + 50, show).forget();
                });
            }
            Effect::Fail(why) => hooks::fail(&why),
            Effect::NeedFurther(needed) => {
                let timer = needed.then(|| self.later(FURTHER, Action::Further));
                drop(self.further.replace(timer)); // ends the one before
            }
            Effect::TakeOver => {
                let (now, held, dispatch) = (self.now.clone(), self.held.clone(), self.dispatch.clone());
                spawn_local(async move {
                    if let Err(why) = full_page::take_over(now, held).await {
                        let help = CodeHelp::of(&why);
                        dispatch.emit(Action::NotFurther(download::words(why), help));
                    }
                });
            }
            other => self.open(other),
        }
    }

    /// What only the page with every screen does.
    #[cfg(feature = "studio")]
    fn open(&self, effect: Effect) {
        match effect {
            Effect::Publish(fetch) => self.then(async { Action::Published(fetch.done().await) }),
            Effect::Read { number, files, train } => self.then(async move {
                let opened = opening::open(&files, train).await;
                Action::Read(number, files, opened.map(Box::new))
            }),
            Effect::ReadAgain(file) => self.then(async move {
                let read = match kept_file::get(&FILES, &file.key).await {
                    Ok(kept) => reader::trace(kept).await.map(Box::new).map_err(|fault| fault.to_string()),
                    Err(fault) => Err(fault.to_string()),
                };
                Action::ReadAgain(file, read)
            }),
            Effect::KeepFile(number, file) => self.then(async move {
                let kept = kept_file::put(&FILES, &file).await;
                Action::Kept(number, kept.map_err(|fault| format!("{} {fault}", files::not_kept(file.name()))))
            }),
            Effect::KeepModel(name, parts) => {
                let dispatch = self.dispatch.clone();
                spawn_local(async move {
                    if let Err(fault) = kept_model::put(&name, &parts).await {
                        dispatch.emit(Action::Kept(0, Err(format!("{} {fault}", files::model_not_kept()))));
                    }
                });
            }
            _ => {}
        }
    }

    #[cfg(not(feature = "studio"))]
    fn open(&self, _: Effect) {}

    fn later(&self, after: u32, action: Action) -> Timeout {
        let dispatch = self.dispatch.clone();
        Timeout::new(after, move || dispatch.emit(action))
    }

    fn then(&self, come: impl Future<Output = Action> + 'static) {
        let dispatch = self.dispatch.clone();
        spawn_local(async move { dispatch.emit(come.await) });
    }
}
