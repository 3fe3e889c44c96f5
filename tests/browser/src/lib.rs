//! The page in a real browser.
//!
//! A small WebDriver client instead of a library: the protocol is JSON over HTTP, the tests need ten of its commands, and
//! nothing here has to compile for minutes or run an executor. Each test has a server, a browser and a profile of its own.

mod access;
mod browser;
mod fault;
mod firefox;
mod page;
mod shown;
mod steered;
mod trainer;
mod underlines;
mod webdriver;

pub use access::violations;
pub use browser::{Browser, Options};
pub use fault::{Checkpoint, Site};
pub use firefox::Firefox;
pub use page::Page;
pub use shown::Shown;
pub use steered::Steered;
pub use trainer::Trainer;
pub use underlines::misplaced;

/// What went wrong, in words.
pub type Result<T> = std::result::Result<T, String>;
