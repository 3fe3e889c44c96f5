//! The page's store: the state, and the one way to change it.
//!
//! ```text
//! a control, a key, the engine -> Action -> update(&mut State) -> Effects -> perform -> Action …
//!                                              |
//!                                              +-> the page is drawn again
//! ```

use super::action::Action;
use super::context::Dispatch;
use super::effect::Effect;
use super::field::Held;
use super::perform::World;
use super::shared::Shared;
use super::state::State;
use super::update::update;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use yew::Callback;

/// The store. Clones are the same one; nothing outside the page keeps it alive.
#[derive(Clone)]
pub struct Store(Rc<Inner>);

struct Inner {
    state: RefCell<Shared<State>>,
    dispatch: Dispatch,
    world: World,
    waiting: RefCell<VecDeque<Effect>>,
    performing: Cell<bool>,
    changed: Callback<()>,
}

impl Store {
    /// A store that says when its state has changed; `held` is what the text field holds.
    pub fn new(state: State, held: Shared<Held>, changed: Callback<()>) -> Self {
        Self(Rc::new_cyclic(|own: &Weak<Inner>| {
            let (to_own, of_own) = (own.clone(), own.clone());
            let dispatch = Callback::from(move |action| {
                if let Some(inner) = to_own.upgrade() {
                    inner.take(action);
                }
            });
            let state_now = move || of_own.upgrade().map(|inner| inner.state.borrow().clone());
            Inner {
                state: RefCell::new(Shared::new(state)),
                world: World::new(dispatch.clone(), Rc::new(state_now), held),
                dispatch,
                waiting: RefCell::default(),
                performing: Cell::new(false),
                changed,
            }
        }))
    }

    /// The state of now.
    pub fn state(&self) -> Shared<State> {
        self.0.state.borrow().clone()
    }

    /// Takes what happens, also after the store is gone, and then does nothing.
    pub fn dispatch(&self) -> &Dispatch {
        &self.0.dispatch
    }
}

impl Inner {
    fn take(&self, action: Action) {
        let effects = update(Shared::make_mut(&mut self.state.borrow_mut()), action);
        self.waiting.borrow_mut().extend(effects);
        self.changed.emit(());
        if self.performing.replace(true) {
            return; // What comes of an effect waits for those before it.
        }
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            let Some(effect) = next else { break };
            self.world.perform(effect);
        }
        self.performing.set(false);
    }
}
