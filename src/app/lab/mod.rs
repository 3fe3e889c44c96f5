//! The train screen: a small model learns to route, live.
//!
//! ```text
//! control ──Act──▶ State ──Out──▶   Wire    ──LabRequest──▶ trainer (a worker)
//!    ▲               │  ▲                                     │
//!    └──Html─────────┘  └───────────Act::Event(LabEvent)──────┘
//! ```
//! The state is the component's own, because curves grow with every message and must not be copied for each; the canvas is
//! painted from it when the browser paints. The component stays when another screen is shown, so a run goes on meanwhile.

mod act;
mod bar;
mod branches;
mod choosing;
mod curves;
mod echo;
mod events;
mod fields;
mod file;
mod keep;
mod keys;
mod leave;
mod looking;
mod offers;
mod outside;
mod pace;
mod paint;
mod panel;
mod rate;
mod reduce;
mod run;
mod screen;
mod side;
mod state;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_choices;
#[cfg(test)]
mod tests_of_loss;
mod trainer;
mod typed;

pub use file::{Beginning, Chosen, beginning, read};
pub use screen::Lab;
