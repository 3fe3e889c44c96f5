//! The page end to end, as a visitor has it: `cargo xtask test --browser`.
//!
//! Nothing here knows how the page is made. It is used through its controls, read through what it shows, and checked
//! against the trace that it exports.

mod faults;
mod files;
mod generation;
mod gpu;
mod offline;
mod screens;
mod texts;
mod visit;

/// A test fails with words.
type Done = browser_tests::Result<()>;

/// A short text of several scripts, as a fragment of the address.
const SHORT: &str = "text=The%20router%20sends%20every%20token%20to%20two%20experts%3A%20%E3%83%AB%E3%83%BC%E3%82%BF";

/// Fails unless the page has kept the console clean.
fn expect_clean_console(page: &browser_tests::Page, expected: &[&str]) -> Done {
    let errors = page.console_errors(expected)?;
    if errors.is_empty() { Ok(()) } else { Err(format!("the console has errors: {errors:#?}")) }
}
