//! The engine in a web worker: which of its services runs there.
//!
//! Two builds differ in the feature `gpu` only: `engine_cpu` is a third of the size, and `engine_gpu` is fetched only where a GPU
//! may be used. `www/engine.js` chooses between them.

use crate::engine::web::RoutingService;
use crate::error::NoGpu;
use crate::trainer::web::TrainingService;
use crate::worker::web::start;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts a service in this worker: `route` or `train`. `no_gpu` is why no GPU can be used ([`NoGpu::from_word`]), or empty.
///
/// # Errors
/// If there is no such service: script and binary are of different builds.
#[wasm_bindgen]
pub fn serve(service: &str, no_gpu: &str) -> Result<(), JsError> {
    let no_gpu = NoGpu::from_word(no_gpu);
    match service {
        "route" => start::<RoutingService>(no_gpu),
        "train" => start::<TrainingService>(no_gpu),
        _ => return Err(JsError::new(&format!("the engine has no service “{service}”"))),
    }
    Ok(())
}
