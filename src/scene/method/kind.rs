//! How the method of a trace decides.

pub use crate::methods::Kind;
use crate::trace::ModelInfo;

impl Kind {
    /// Of the method behind a trace.
    pub fn of(model: &ModelInfo) -> Self {
        model.method().map_or(Self::Other, |method| method.kind)
    }
}
