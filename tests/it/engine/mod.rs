//! The engine on the CPU with a small random model: routing a text, continuing it, and talking with a page.

mod generation;
mod methods;
mod page;
mod routing;
mod service;
mod support;
