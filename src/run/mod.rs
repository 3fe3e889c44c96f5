//! A training run as data: everything that page, trainer and command line share of it, without Burn.
//!
//! [`settings`] is what a run is, [`table`] names each of them once, [`link`] writes them into an address, [`presets`] are runs worth watching, [`memory`] says what a
//! run needs before it begins, [`text`] is what it reads, [`record`] is what it tells, [`history`] its curves, and [`protocol`]
//! is what page and trainer say to each other. [`store`] keeps records within bounds, and an [`archive`] holds a run as one file.
//! The run itself is the trainer's.
//!
//! What happens in a step depends on the settings, the changes made while it ran, and the step's number only; so the same
//! link gives the same curve on the same device and build.

pub mod archive;
pub mod bounds;
mod check;
mod error;
pub mod fault;
pub mod history;
pub mod link;
pub mod memory;
pub mod notes;
pub mod presets;
pub mod protocol;
pub mod record;
pub mod settings;
pub mod store;
pub mod table;
pub mod text;

pub use check::check_another;
pub use error::{Needs, SettingsError};
pub use fault::LabFault;
pub use memory::Memory;
pub use presets::{Preset, presets};
pub use record::{Evaluation, LayerRecord, StepRecord};
pub use settings::{Coefficients, Settings, TextChoice};
