//! What a check of the trainer on itself finds.

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What was checked.
    pub name: String,
    /// The largest relative error.
    pub error: f32,
    /// Whether that is small enough.
    pub ok: bool,
    /// What was not checked, and why; empty if all was.
    pub note: String,
}
