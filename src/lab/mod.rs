//! The training lab: a small mixture-of-experts language model is trained from scratch, in the page or natively, and every
//! step of its routing is recorded.
//!
//! ```text
//! page ──Request──▶ trainer (a worker of its own) ──▶ experiment: branches, snapshots ──▶ `train::step` on the device
//!   ▲                                                     │
//!   └───────────Event: steps, evaluations, traces, samples┘
//! ```
//! What page, trainer and command line share needs no Burn: [`settings`] is what a run is, [`link`] writes it into an address,
//! [`presets`] are runs worth watching, [`memory`] says what a run needs before it begins, [`text`] is what it reads,
//! [`record`] is what it tells, and [`protocol`] is what page and trainer say to each other. With Burn come `experiment`, the
//! run in memory with its branches, snapshots (in a [`store`] of bounded size) and [`history`]; `service`, the trainer's
//! loop; `export` and `import`, a run as one [`archive`]; and `self_check`, gradients against finite differences and
//! choices among equals on whatever device is open.
//!
//! What happens in a step depends on the settings, the changes made while it ran, and the step's number only; so the same
//! link gives the same curve on the same device and build.

pub mod archive;
pub mod bounds;
#[cfg(feature = "engine")]
pub mod branch;
pub mod bytes;
#[cfg(feature = "engine")]
mod curves;
#[cfg(feature = "engine")]
pub mod data;
pub mod error;
#[cfg(feature = "engine")]
pub mod experiment;
#[cfg(feature = "engine")]
pub mod export;
#[cfg(feature = "engine")]
mod fork;
pub mod history;
#[cfg(feature = "engine")]
mod import;
pub mod link;
#[cfg(feature = "engine")]
mod mail;
#[cfg(feature = "engine")]
mod measure;
pub mod memory;
pub mod method;
#[cfg(feature = "engine")]
mod neighbours;
pub mod notes;
#[cfg(feature = "engine")]
mod pace;
pub mod presets;
pub mod protocol;
pub mod record;
#[cfg(feature = "engine")]
pub mod self_check;
#[cfg(feature = "engine")]
pub mod service;
pub mod settings;
#[cfg(feature = "engine")]
pub mod shape;
pub mod store;
#[cfg(feature = "engine")]
mod telling;
pub mod text;
#[cfg(feature = "engine")]
mod tie_check;
#[cfg(feature = "engine")]
pub mod warm;
#[cfg(all(target_family = "wasm", feature = "worker"))]
pub mod web;

pub use error::LabError;
#[cfg(feature = "engine")]
pub use experiment::Experiment;
pub use memory::Memory;
pub use method::Method;
pub use presets::{Preset, presets};
pub use record::{Evaluation, LayerRecord, StepRecord};
pub use settings::{Coefficients, Settings, SettingsError, TextChoice};
