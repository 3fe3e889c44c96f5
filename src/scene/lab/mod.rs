//! The training lab's picture: everything that a run tells, on one time axis.
//!
//! Steps go from left to right. Loss is above; below it every layer has a stream graph of its experts' shares, so that a
//! collapse is one stream that eats the others; rows of metrics follow. All panels share the axis, the scrub line and the
//! branch's colour: what is selected is loud, what it is compared with is quiet and has its name written at its end. The
//! panels lie in strips, which are painted one by one.
//!
//! Long runs stay cheap because nothing is drawn finer than two pixels: [`columns`] keeps the smallest, largest and mean value
//! of the steps that fall into the same column.

pub mod axis;
mod broken;
pub mod columns;
pub mod curve;
mod divergence;
mod look;
mod loss;
mod metrics;
mod plan;
pub mod plot;
mod rows;
mod streams;
#[cfg(test)]
mod tests;
pub mod words;
#[cfg(test)]
mod words_tests;

pub use axis::Axis;
pub use curve::Curve;
pub use look::RunView;
pub use plan::{PlotPlan, Strip};
pub use plot::{plot, ruler};
