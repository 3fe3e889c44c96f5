//! The web worker that owns the engine.

fn main() {
    #[cfg(target_family = "wasm")]
    moescope::engine::web::start();
}
