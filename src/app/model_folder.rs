//! What a model's folder says of it, without its weights: what it costs, and the parts of a block.

use super::download::fetch_text;
use super::urls;
use crate::card::{BlockShape, Card, Parts};
use crate::messages::files as words;

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
/// If its folder cannot be had, or says too little, in a sentence.
pub async fn files(name: &str) -> Result<Files, String> {
    let folder = urls::sibling(name);
    let text = async |file: &str| {
        let text = fetch_text(&format!("{folder}{file}")).await;
        text.map_err(|fault| fault.to_string())
    };
    let card = Card::read(&text("card.json").await?);
    let shape =
        BlockShape::read(&text("config.json").await?).map_err(|detail| words::misread("config.json", detail))?;
    let held = card.parameters.ok_or_else(words::card_no_parameters)?;
    Ok(Files { parts: shape.parts(held), card })
}
