//! The train screen: a small model learns to route, live.
//!
//! ```text
//! control ──Act──▶ State ──Out──▶   Wire    ──LabRequest──▶ trainer (a worker)
//!    ▲               │  ▲                                     │
//!    └──Html─────────┘  └───────────Act::Event(LabEvent)──────┘
//! ```
//! The state is the component's own, because curves grow with every message and must not be copied for each; the canvas is
//! painted from it when the browser paints. The component stays when another screen is shown, so a run goes on meanwhile.

mod action;
mod branches;
mod curves;
#[cfg(test)]
mod data_loss_tests;
mod effects;
mod events;
mod fields;
mod file;
mod form;
#[cfg(test)]
mod form_tests;
mod keys;
mod leave_guard;
mod link_echo;
mod pace;
mod paint;
mod panel;
mod prompts;
mod rate;
mod reduce;
mod run;
mod run_store;
mod screen;
mod scrub;
mod side_panel;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod toolbar;
mod trainer;
mod typed;

pub use file::{Beginning, Chosen, beginning, read};
pub use screen::Lab;
