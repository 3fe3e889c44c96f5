//! What a test does in any browser, whichever protocol steers it.

use crate::Result;
use serde_json::Value;

/// A browser with one window.
pub trait Steered {
    /// Opens an address.
    ///
    /// # Errors
    /// If the browser does not get that far.
    fn open(&self, url: &str) -> Result<()>;

    /// Runs the body of a function in the page; promises are awaited.
    ///
    /// # Errors
    /// If it throws.
    fn script(&self, body: &str, args: &[Value]) -> Result<Value>;

    /// Writes a text in the place of what is marked in the focused field, as a paste would.
    ///
    /// # Errors
    /// If the browser does not answer.
    fn insert(&self, text: &str) -> Result<()>;

    /// Performs the actions of an input source, as WebDriver and WebDriver BiDi alike write them.
    ///
    /// # Errors
    /// If the browser does not answer.
    fn act(&self, source: Value) -> Result<()>;

    /// Gives the window another size in CSS pixels, each so many pixels of the screen wide, as zooming makes it.
    ///
    /// # Errors
    /// If the browser does not answer.
    fn zoom(&self, size: (u32, u32), zoom: f32) -> Result<()>;

    /// The errors that the console got since this was last asked.
    ///
    /// # Errors
    /// If the browser does not answer.
    fn errors(&self) -> Result<Vec<String>>;
}
