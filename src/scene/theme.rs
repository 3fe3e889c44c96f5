//! Roles become colours here, and nowhere else, so that a theme is one table.

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    #[default]
    Light,
    /// The same at night.
    Dark,
}
