//! Where the playhead is between two renderings of the page.

use std::{cell::Cell, rc::Rc};

/// A playhead that picture and controls share: make one for the page and hand clones of it to both.
#[derive(Clone, Debug, Default)]
pub struct Clock(Rc<Cell<f32>>);

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

impl PartialEq for Clock {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
