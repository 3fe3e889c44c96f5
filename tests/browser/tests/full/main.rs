//! What takes long: every view at every size, every model. `cargo xtask test --full` runs it after all other tests.

mod access;
mod firefox;
mod underlines;

/// A test fails with words.
type Done = browser_tests::Result<()>;
