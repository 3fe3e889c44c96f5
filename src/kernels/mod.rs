//! The hot loops of the transformer on the CPU, forward and backward, and their place among Burn's operations.
//!
//! Composed from Burn's own operations a sparse layer costs as much as a dense one on the CPU: every expert sees every
//! token, or each selection copies. So five operations are written out: the chosen experts ([`experts`]), causal
//! attention within a window ([`attention`]), rotary positions ([`rotary`]), RMS normalisation ([`rms_norm`]) and the loss
//! against a tied embedding ([`cross_entropy`]). They are plain functions on slices, joined to Burn as an extension of its
//! Flex backend ([`ops`]) with hand-written gradients ([`autodiff`]); [`adam`] changes the parameters in one pass. On a GPU the same quantities are composed from Burn's
//! operations ([`composed`]), which also serve as the reference in tests.

pub mod adam;
pub mod attention;
mod autodiff;
pub mod composed;
pub mod cross_entropy;
pub mod experts;
pub mod matrix;
pub mod ops;
pub mod parallel;
pub mod rms_norm;
pub mod rotary;
pub mod vector;
