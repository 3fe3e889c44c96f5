//! What every part of the page has at hand, however deep it lies: the state, and the way to change it.
//!
//! They are two contexts, because a part that only changes the state is not to be drawn again with each of its changes.

use super::action::Action;
use super::shared::Shared;
use super::state::State;
use yew::prelude::*;

/// Takes what happens. The same one for as long as the page lives.
pub type Dispatch = Callback<Action>;

/// The way to change the state, for a part of the page that changes it.
#[hook]
pub fn use_dispatch() -> Dispatch {
    use_context::<Dispatch>().unwrap_or_else(Callback::noop)
}

/// The state, for a part of the page that shows it; it is drawn again with every change.
#[hook]
pub fn use_page() -> Shared<State> {
    let empty = use_memo((), |()| Shared::new(State::default()));
    use_context::<Shared<State>>().unwrap_or_else(|| (*empty).clone())
}
