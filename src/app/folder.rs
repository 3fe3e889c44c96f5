//! What a model's folder says of it, without its weights: what it costs, and the parts of a block.

use super::download::fetch_text;
use super::urls;
use crate::card::{Card, Parts, Shape};

/// What a model's folder says.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// The card.
    pub card: Card,
    /// The parts of a block.
    pub parts: Parts,
}

/// Of the model of that name, beside the one that the page opens with.
///
/// # Errors
/// If its folder cannot be had, or says too little, in words.
pub async fn files(name: &str) -> Result<Files, String> {
    let folder = urls::sibling(name);
    let card = Card::read(&fetch_text(&format!("{folder}card.json")).await?);
    let shape = Shape::read(&fetch_text(&format!("{folder}config.json")).await?)?;
    let held = card.parameters.ok_or("its card does not say how many parameters it holds")?;
    Ok(Files { parts: shape.parts(held), card })
}
