//! The binary of the light page, which paints first.

fn main() {
    moescope::app::run();
}
