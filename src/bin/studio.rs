//! The binary of the page with every screen.

fn main() {
    moescope::app::run();
}
