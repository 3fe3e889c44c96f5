//! The page's binary.

fn main() {
    moescope::app::run();
}
