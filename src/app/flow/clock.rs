//! Where the playhead is between two renderings of the page.

use crate::app::shared::Shared;
use std::cell::Cell;

/// A playhead that picture and controls share: make one for the page and hand clones of it to both.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock(Shared<Cell<f32>>);

impl Default for Clock {
    fn default() -> Self {
        Self(Shared::new(Cell::new(0.0)))
    }
}

impl Clock {
    /// The playhead, in tokens.
    pub fn get(&self) -> f32 {
        self.0.get()
    }

    /// Moves it.
    pub fn set(&self, playhead: f32) {
        self.0.set(playhead);
    }
}
