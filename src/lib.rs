//! moescope shows how a real mixture-of-experts (MoE) transformer routes a text, token by token and layer by layer.
//!
//! # The way of the data
//! ```text
//! text -token-> ids -model+router (Burn, in a worker)-> Trace -scene-> shapes -painter-> pixels, SVG, screen reader
//!                                                         ^  |
//!             recorded / imported routing files ----------+  +-> metrics, CSV, JSON, PNG
//! ```
//! [`trace::Trace`] is the one hub: every producer ends in a trace, every picture, table and export is a pure function
//! of a trace and the view's state. No view knows a model, no model knows a view.
//!
//! Four binaries carry it into a browser: `app`, the light page that paints first; `studio`, the page with every screen,
//! which takes its place when a visitor goes further; and the engine, built without and with GPU (`engine_cpu`, `engine_gpu`).
//! It routes in one worker and trains (`trainer`) in another, so that the page never waits for it.
//!
//! # The house
//! A room may import the rooms before it in this list and none behind it, and no files import each other in a circle
//! (`cargo xtask lint` sees to both):
//! ```text rooms
//! bytes format order messages csv utf16 file_kind methods card trace token error protocol run results scene   # ground: plain Rust
//! random kernels router model train device worker engine trainer engine_worker   # Burn; feature `engine`
//! app   # the page, Yew; features `app` (light) and `studio` (every screen)
//! cli   # the command line; feature `cli`
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails"))]
#![cfg_attr(
    all(feature = "app", not(feature = "studio")),
    allow(dead_code, unused_imports, reason = "the light page leaves out screens; the whole one is checked for these")
)]

pub mod bytes;
pub mod card;
pub mod csv;
pub mod error;
pub mod file_kind;
pub mod format;
pub mod messages;
pub mod methods;
pub mod order;
pub mod protocol;
pub mod results;
pub mod run;
pub mod scene;
pub mod token;
pub mod trace;
pub mod utf16;

#[cfg(feature = "engine")]
pub mod device;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod kernels;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(feature = "engine")]
pub mod random;
#[cfg(feature = "engine")]
pub mod router;
#[cfg(feature = "engine")]
pub mod train;
#[cfg(feature = "engine")]
pub mod trainer;
#[cfg(feature = "engine")]
pub mod worker;

#[cfg(all(target_family = "wasm", feature = "worker"))]
pub mod engine_worker;

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "cli")]
pub mod cli;
