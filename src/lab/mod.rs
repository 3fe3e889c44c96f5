//! The training lab: a small mixture-of-experts language model is trained from scratch, in the page or natively, and every
//! step of its routing is recorded.
//!
//! ```text
//! page ──Request──▶ trainer (a worker of its own) ──▶ experiment: branches, snapshots ──▶ `train::step` on the device
//!   ▲                                                     │
//!   └───────────Event: steps, evaluations, traces, samples┘
//! ```
//! This module is the part without Burn, so that page, trainer and command line share it: [`settings`] is what a run is,
//! [`link`] writes it into an address, [`presets`] are runs worth watching, [`memory`] says what a run needs before it
//! begins, [`record`] is what it tells, and [`protocol`] is what page and trainer say to each
//! other. What happens in a step depends on the settings, the changes made while it ran, and the step's number only; so
//! the same link gives the same curve on the same device and build.

pub mod bytes;
pub mod history;
pub mod link;
pub mod memory;
pub mod method;
pub mod presets;
pub mod protocol;
pub mod record;
pub mod settings;

pub use memory::Memory;
pub use method::Method;
pub use presets::{Preset, presets};
pub use record::{Evaluation, LayerRecord, StepRecord};
pub use settings::{Coefficients, Settings, SettingsError, TextChoice};
