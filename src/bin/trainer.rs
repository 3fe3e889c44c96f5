//! The web worker that trains.

fn main() {
    #[cfg(target_family = "wasm")]
    moescope::lab::web::start();
}
