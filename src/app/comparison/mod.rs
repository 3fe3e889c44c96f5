//! Which models are compared, and what they answered: the part of the compare screen that state and address hold.

mod routed;
mod with;

pub use routed::{Comparison, Question, Routed};
pub use with::{MOST, With, is_name};
