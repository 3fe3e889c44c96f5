//! The page.

pub mod flow;
