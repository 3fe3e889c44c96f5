//! A router's weights: their sizes, how they begin, and their ways out of a file and into one.

use crate::error::ModelError;
use burn::module::Param;
use burn::tensor::Tensor;

/// Sizes that a router's weights depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouterShape {
    /// Experts, E.
    pub experts: usize,
    /// Width of the residual stream, d.
    pub width: usize,
    /// Tokens in the vocabulary, V.
    pub vocabulary: usize,
    /// Experts chosen for a token, k.
    pub top_k: usize,
    /// The block, counted from 0.
    pub block: usize,
}

/// How a weight begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Normal with this standard deviation.
    Normal(f64),
    /// All the same.
    Constant(f64),
    /// Rows of unit length at right angles, times this (as far as the shape allows).
    Orthogonal(f64),
}

/// Where a model's weights come from: random numbers or a file. Names are relative to the layer's `block_sparse_moe.`.
pub trait WeightSource {
    /// A matrix.
    ///
    /// # Errors
    /// If a file has no such tensor, or one of another shape.
    fn matrix(&mut self, name: &str, shape: [usize; 2], init: Init) -> Result<Param<Tensor<2>>, ModelError>;

    /// A vector.
    ///
    /// # Errors
    /// As [`WeightSource::matrix`].
    fn vector(&mut self, name: &str, len: usize, init: Init) -> Result<Param<Tensor<1>>, ModelError>;
}

/// A weight on its way into a file: name relative to `block_sparse_moe.`, shape, and numbers [product of the shape].
pub type Weight = (&'static str, Vec<usize>, Tensor<1>);

/// A matrix as a [`Weight`].
pub(super) fn matrix(name: &'static str, param: &Param<Tensor<2>>) -> Weight {
    let [rows, cols] = param.dims();
    (name, vec![rows, cols], param.val().detach().reshape([rows * cols]))
}

/// A vector as a [`Weight`].
pub(super) fn vector(name: &'static str, param: &Param<Tensor<1>>) -> Weight {
    (name, vec![param.dims()[0]], param.val().detach())
}
