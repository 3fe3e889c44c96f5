//! The training lab as a whole: what its presets show, that runs are repeatable and can be gone back to, and what it says
//! to bad input.

mod agreement;
#[cfg(feature = "cli")]
mod notes;
mod presets;
#[cfg(feature = "cli")]
mod resume;
mod run;
mod service;
mod support;
mod warm_up;
