//! Pictures as data: a trace and the view's state in, shapes out.
//!
//! Shapes carry a role ("ribbon of the selected token") instead of a colour, so that one scene serves the canvas, the
//! downloaded SVG and both themes, and can be tested without a browser.

pub mod block;
pub mod curves;
pub mod difference;
pub mod flow;
pub mod frame;
pub mod hit;
pub mod lab;
pub mod layout;
pub mod method;
pub mod motion;
pub mod rows;
pub mod select;
pub mod shape;
pub mod svg;
pub mod theme;
pub mod view;
pub mod words;

#[cfg(test)]
mod golden_tests;

pub use view::ViewState;
