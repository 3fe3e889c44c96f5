//! A trace that somebody opens may be anything: this names what is wrong with it.
//!
//! Pictures index matrices by token, layer and expert, so whatever passes here can be drawn without a further look.
//! Messages count layers and tokens from 1, as the page does, and give the place in the file, which counts from 0.

use super::fault::{Columns, FaultPlace, TraceError, TraceFault};
use super::rules::{GateKind, Scores};
use super::{Candidate, LayerInfo, LayerTrace, Matrix, SCHEMA, Token, Trace};
use crate::methods;

/// Most tokens of a trace that can be opened.
pub const MAX_TOKENS: usize = 1 << 16;
/// Most MoE layers.
pub const MAX_LAYERS: usize = 256;
/// Most experts in a layer.
pub const MAX_EXPERTS: usize = 1024;
/// Bytes that an unfinished UTF-8 character can have: a generation may stop inside one.
const MAX_OVERHANG: usize = 3;

/// How far two weights that stand in the order of their logits may be the wrong way round by rounding.
const ROUNDING: f32 = 1e-6;

/// Largest weight: a thousand times what any rule makes of scores. A logit may be anything, for it is the gate's own.
const MAX_WEIGHT: f32 = 1e4;

/// Fails with a fault at a place unless `good`.
fn ensure(good: bool, place: FaultPlace, fault: TraceFault) -> Result<(), TraceError> {
    if good { Ok(()) } else { Err(fault.at(place)) }
}

impl Trace {
    /// Whether every part of the trace fits every other.
    ///
    /// # Errors
    /// The first thing that does not, with its place.
    pub fn check(&self) -> Result<(), TraceError> {
        ensure(self.schema == SCHEMA, FaultPlace::Field("schema"), TraceFault::Schema(self.schema.clone()))?;
        self.check_model()?;
        self.check_tokens()?;
        for (index, layer) in self.layers.iter().enumerate() {
            self.check_layer(index, layer)?;
        }
        self.check_predictions()?;
        if let Some(device) = &self.device {
            let lasts = device.forward_ms.is_finite() && device.forward_ms >= 0.0;
            ensure(lasts, FaultPlace::Field("device.forward_ms"), TraceFault::Duration)?;
        }
        Ok(())
    }

    fn check_model(&self) -> Result<(), TraceError> {
        let model = &self.model;
        let (experts, k, layers) = (model.experts, model.top_k, model.layers);
        let within = |value: usize, most: usize, field: &'static str| {
            ensure((1..=most).contains(&value), FaultPlace::Field(field), TraceFault::Bounds { value, least: 1, most })
        };
        within(experts, MAX_EXPERTS, "model.experts")?;
        ensure((1..=experts).contains(&k), FaultPlace::Field("model.top_k"), TraceFault::TopK { k, experts })?;
        within(layers, MAX_LAYERS, "model.layers")?;
        let constants = &model.constants;
        let groups = constants.groups.unwrap_or(1);
        let divide = groups > 0 && experts.is_multiple_of(groups);
        ensure(divide, FaultPlace::Field("model.constants.groups"), TraceFault::Groups { groups, experts })?;
        let chosen = constants.top_groups.unwrap_or(groups);
        let few = TraceFault::Bounds { value: chosen, least: 1, most: groups };
        ensure((1..=groups).contains(&chosen), FaultPlace::Field("model.constants.top_groups"), few)?;
        ensure(constants.group != Some(0), FaultPlace::Field("model.constants.group"), TraceFault::NoToken)?;
        ensure(constants.slots != Some(0), FaultPlace::Field("model.constants.slots"), TraceFault::NoSlot)?;
        let many = TraceFault::AtMost { value: constants.shared, most: MAX_EXPERTS };
        ensure(constants.shared <= MAX_EXPERTS, FaultPlace::Field("model.constants.shared"), many)?;
        let scales = constants.scaling.is_none_or(|scaling| scaling > 0.0 && scaling <= f64::from(MAX_WEIGHT));
        ensure(scales, FaultPlace::Field("model.constants.scaling"), TraceFault::Scaling { most: MAX_WEIGHT })?;
        let there = self.layers.len();
        ensure(layers == there, FaultPlace::Field("layers"), TraceFault::Layers { layers: there, said: layers })?;
        let most = |of: fn(&LayerInfo) -> usize| self.layers.iter().map(|layer| of(&layer.info)).max();
        ensure(
            (most(|info| info.experts), most(|info| info.top_k)) == (Some(experts), Some(k)),
            FaultPlace::Field("model.experts and model.top_k"),
            TraceFault::MostOfLayers { experts, k },
        )
    }

    fn check_tokens(&self) -> Result<(), TraceError> {
        let tokens = self.tokens.len();
        let many = TraceFault::TooManyTokens { tokens, most: MAX_TOKENS };
        ensure(tokens <= MAX_TOKENS, FaultPlace::Field("tokens"), many)?;
        let mut before = (0, 0);
        for (index, token) in self.tokens.iter().enumerate() {
            let (start, end) = (token.start, token.end);
            check_range(&self.text, token, before)
                .map_err(|fault| fault.at(FaultPlace::Bytes { token: index, start, end }))?;
            before = (start, end);
        }
        Ok(())
    }

    fn check_layer(&self, index: usize, layer: &LayerTrace) -> Result<(), TraceError> {
        let (tokens, experts, chosen) = (self.tokens.len(), layer.info.experts, layer.info.top_k);
        let here = |field: &str| FaultPlace::Layer { layer: index, field: field.to_owned() };
        let at = |field: &str, token: usize| FaultPlace::LayerToken { layer: index, token, field: field.to_owned() };
        let most = self.model.experts;
        let few = TraceFault::LayerExperts { value: experts, most };
        ensure((1..=most).contains(&experts), here("info.experts"), few)?;
        let most = experts.min(self.model.top_k);
        let few = TraceFault::LayerTopK { value: chosen, most, experts, k: self.model.top_k };
        ensure((1..=most).contains(&chosen), here("info.top_k"), few)?;
        let (block, blocks) = (layer.block, self.model.blocks.unwrap_or(usize::MAX));
        ensure(block < blocks, here("block"), TraceFault::Block { block, blocks })?;
        check_counts(layer, tokens).map_err(|fault| fault.at(here("counts")))?;
        let method = layer.info.method.clone().unwrap_or_default();
        let known = layer.info.method.is_none() || methods::by_id(&method).is_some();
        ensure(known, here("info.method"), TraceFault::Method(method))?;
        let shape = |field: &str, rows: usize, columns: usize, want: usize, of: Columns| {
            let fits = rows == tokens && (rows == 0 || columns == want);
            ensure(fits, here(field), TraceFault::Shape { rows, columns, tokens, want, of })
        };
        let finite = |field: &str, matrix: &Matrix<f32>| {
            first(matrix, |value| !value.is_finite())
                .map_or(Ok(()), |(row, entry, _)| Err(TraceFault::NotFinite { entry }.at(at(field, row))))
        };
        for (field, scores) in [("logits", &layer.logits), ("probs", &layer.probs)] {
            let Some(scores) = scores else { continue };
            shape(field, scores.rows(), scores.cols(), experts, Columns::Experts)?;
            finite(field, scores)?;
        }
        shape("experts", layer.experts.rows(), layer.experts.cols(), chosen, Columns::Choices)?;
        if let Some(dropped) = &layer.dropped {
            shape("dropped", dropped.rows(), dropped.cols(), chosen, Columns::Choices)?;
        }
        ensure(layer.capacity != Some(0), here("capacity"), TraceFault::NoRoom)?;
        if let Some(weights) = &layer.weights {
            shape("weights", weights.rows(), weights.cols(), chosen, Columns::Choices)?;
            finite("weights", weights)?;
            // Whatever the convention, weights are shown and drawn: one that no rule makes is damage. Every known rule makes a
            // weight of scores that are not below 0, so none is below 0 itself.
            if let Some((row, entry, weight)) = first(weights, |weight| !(0.0..=MAX_WEIGHT).contains(&weight)) {
                return Err(TraceFault::NoWeight { entry, weight, most: MAX_WEIGHT }.at(at("weights", row)));
            }
        }
        for (head, shares) in layer.attention.iter().flatten().enumerate() {
            let field = format!("attention[{head}]");
            shape(&field, shares.rows(), shares.cols(), tokens, Columns::Tokens)?;
            for (token, row) in shares.iter().enumerate() {
                check_attention(row, token).map_err(|fault| fault.at(at(&field, token)))?;
            }
        }
        finite("extra", &layer.extra)?;
        let columns = layer.extra.cols();
        let fits = layer.extra.rows() == 0 || columns == experts;
        ensure(fits, here("extra"), TraceFault::Columns { columns, experts })?;
        // A policy's rows, and the shares in slots, are probabilities too, those of a row in slots of several experts; a bias may
        // be anything.
        let rules = self.rules_of(layer);
        if matches!(rules.gate, GateKind::Policy | GateKind::Slots) {
            for (row, probs) in layer.extra.iter().enumerate() {
                let shares = if rules.gate == GateKind::Policy { check_sum(probs) } else { Ok(()) };
                check_scores(probs, Scores::Softmax)
                    .and(shares)
                    .map_err(|fault| fault.at(FaultPlace::LayerRow { layer: index, row, field: "extra" }))?;
            }
        }
        for (token, ids) in layer.experts.iter().enumerate() {
            let weights = layer.weights(token).unwrap_or_default();
            check_choice(ids, weights, experts).map_err(|fault| fault.at(at("experts", token)))?;
        }
        for token in 0..tokens {
            check_scores(layer.scores(token).unwrap_or_default(), rules.scores)
                .map_err(|fault| fault.at(at("probs", token)))?;
            check_dropped(layer, token).map_err(|fault| fault.at(at("weights", token)))?;
            rules.check(layer, token).map_err(|(field, fault)| {
                let convention = self.convention_of(layer).to_owned();
                TraceFault::Rule { fault, convention }.at(at(field, token))
            })?;
        }
        Ok(())
    }

    fn check_predictions(&self) -> Result<(), TraceError> {
        let tokens = self.tokens.len();
        for (field, entries) in [("losses", self.losses.len()), ("predictions", self.predictions.len())] {
            ensure(
                entries == 0 || entries == tokens,
                FaultPlace::Field(field),
                TraceFault::Entries { entries, tokens },
            )?;
        }
        for (index, (token, loss)) in self.tokens.iter().zip(&self.losses).enumerate() {
            let before = index.checked_sub(1).and_then(|before| self.predictions.get(before));
            let checked = loss.map_or(Ok(()), |nats| check_loss(nats, token, before.map_or(&[], Vec::as_slice)));
            checked.map_err(|fault| fault.at(FaultPlace::Token { token: index, field: "losses" }))?;
        }
        for (token, list) in self.predictions.iter().enumerate() {
            check_candidates(list).map_err(|fault| fault.at(FaultPlace::Token { token, field: "predictions" }))?;
        }
        check_candidates(&self.next).map_err(|fault| fault.at(FaultPlace::Field("next")))
    }
}

/// The first number that is so: its row, its place there, and it.
fn first(matrix: &Matrix<f32>, so: impl Fn(f32) -> bool) -> Option<(usize, usize, f32)> {
    let at = matrix.as_slice().iter().position(|&value| so(value))?;
    let columns = matrix.cols().max(1);
    Some((at / columns, at % columns, matrix.as_slice()[at]))
}

/// A range must lie in the text, in order, and between characters unless the token is part of one.
fn check_range(text: &str, token: &Token, before: (usize, usize)) -> Result<(), TraceFault> {
    let (start, end) = (token.start, token.end);
    if start > end {
        return Err(TraceFault::Backwards);
    }
    if start < before.0 || end < before.1 {
        return Err(TraceFault::OutOfOrder);
    }
    let split = token.text.contains("\\x");
    let last = if split { text.len() + MAX_OVERHANG } else { text.len() };
    if end > last {
        return Err(TraceFault::BehindTheEnd { bytes: text.len() });
    }
    let between = text.is_char_boundary(start) && text.is_char_boundary(end);
    if !split && !between {
        return Err(TraceFault::InsideACharacter);
    }
    // Bytes that are no characters have become U+FFFD in the text, so a piece of one cannot be looked up there.
    let whole =
        if split && text.contains(char::REPLACEMENT_CHARACTER) { None } else { text.as_bytes().get(start..end) };
    match whole.map(shown) {
        Some(there) if there != token.text => Err(TraceFault::OtherText { token: token.text.clone(), text: there }),
        _ => Ok(()),
    }
}

/// Bytes for people: those that are not whole characters are written `\xNN`.
pub fn shown(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    out
}

/// How far a loss may be from the prediction that it was read off, in probability; rounded files are off by less.
const OFF: f32 = 0.01;
/// A loss of 0 that single precision put on the wrong side.
const BELOW_ZERO: f32 = -1e-3;

/// A loss is the surprise at a token, and where that token is among those predicted, it is that prediction's.
fn check_loss(loss: f32, token: &Token, predicted: &[Candidate]) -> Result<(), TraceFault> {
    if !loss.is_finite() {
        return Err(TraceFault::NoLoss);
    }
    if loss < BELOW_ZERO {
        return Err(TraceFault::LossBelowZero { loss });
    }
    match predicted.iter().find(|candidate| candidate.id == token.id) {
        Some(&Candidate { prob, .. }) if ((-loss).exp() - prob).abs() > OFF => {
            Err(TraceFault::OtherLoss { loss, predicted: prob })
        }
        _ => Ok(()),
    }
}

/// Chosen experts exist, differ, and come in descending order of weight.
fn check_choice(ids: &[u16], weights: &[f32], experts: usize) -> Result<(), TraceFault> {
    for (choice, &id) in ids.iter().enumerate() {
        if usize::from(id) >= experts {
            return Err(TraceFault::NoExpert { expert: id.into(), experts });
        }
        if ids.iter().take(choice).any(|&earlier| earlier == id) {
            return Err(TraceFault::Twice { expert: id.into() });
        }
    }
    if weights.windows(2).any(|pair| pair[0] + ROUNDING < pair[1]) {
        return Err(TraceFault::Unordered);
    }
    Ok(())
}

/// How far above 1 a probability may lie, and those of one choice may add up, by rounding. No rounding brings one below 0.
const ROUNDED: f32 = 1e-3;

/// The same of a head's shares: there are as many as tokens, each of which a file may have rounded.
const ROUNDED_SHARES: f32 = 0.01;

/// The probabilities of what excludes each other.
fn check_sum(probs: &[f32]) -> Result<(), TraceFault> {
    let sum: f64 = probs.iter().map(|&prob| f64::from(prob)).sum();
    match sum > 1.0 + f64::from(ROUNDED) {
        true => Err(TraceFault::MoreThanOne { sum }),
        false => Ok(()),
    }
}

/// Scores are shown as probabilities, unless the convention says that they have no bound; below 0 none lies. Whether they must
/// add up to 1, the convention says too.
fn check_scores(probs: &[f32], scores: Scores) -> Result<(), TraceFault> {
    let unbound = matches!(scores, Scores::Each(function) if function.most.is_none());
    let most = if unbound { f32::MAX } else { 1.0 + ROUNDED };
    match probs.iter().position(|score| !(0.0..=most).contains(score)) {
        Some(entry) if unbound => Err(TraceFault::NoRoot { entry, score: probs[entry] }),
        Some(entry) => Err(TraceFault::NoProbability { entry, score: probs[entry] }),
        None => Ok(()),
    }
}

/// A head gives shares to tokens up to its own, which add up to 1, unless a sink that is no token took some.
fn check_attention(row: &[f32], token: usize) -> Result<(), TraceFault> {
    if let Some(entry) = row.iter().position(|share| !(0.0..=1.0 + ROUNDED).contains(share)) {
        return Err(TraceFault::NoShare { entry, share: row[entry] });
    }
    if let Some(entry) = (token + 1..row.len()).find(|&later| row[later].abs() > ROUNDED) {
        return Err(TraceFault::Later { entry, share: row[entry] });
    }
    let sum: f32 = row.iter().sum();
    match sum > 1.0 + ROUNDED_SHARES {
        true => Err(TraceFault::SharesSum { sum }),
        false => Ok(()),
    }
}

/// Counts stand where there are no tokens, one for each expert, and none counts a token twice.
fn check_counts(layer: &LayerTrace, tokens: usize) -> Result<(), TraceFault> {
    let Some(counts) = &layer.counts else { return Ok(()) };
    let LayerInfo { experts, top_k, .. } = layer.info;
    if tokens > 0 {
        return Err(TraceFault::CountsAndTokens);
    }
    if counts.load.len() != experts {
        return Err(TraceFault::Counts { counts: counts.load.len(), experts });
    }
    if let Some(expert) = counts.load.iter().position(|&load| load > counts.tokens) {
        return Err(TraceFault::Overloaded { expert, load: counts.load[expert], tokens: counts.tokens });
    }
    let (made, most) = (counts.load.iter().map(|&load| u128::from(load)).sum::<u128>(), top_k as u128);
    match made > most * u128::from(counts.tokens) {
        true => Err(TraceFault::TooManyChoices { made, k: top_k, tokens: counts.tokens }),
        false => Ok(()),
    }
}

/// A choice that was dropped has no weight.
fn check_dropped(layer: &LayerTrace, token: usize) -> Result<(), TraceFault> {
    let weights = layer.weights(token).unwrap_or_default().iter().enumerate();
    match weights.filter(|(choice, _)| layer.is_dropped(token, *choice)).find(|(_, weight)| **weight != 0.0) {
        Some((_, &weight)) => Err(TraceFault::Dropped { weight }),
        None => Ok(()),
    }
}

fn check_candidates(list: &[Candidate]) -> Result<(), TraceFault> {
    // A probability from single precision may exceed 1 by rounding.
    if !list.iter().all(|candidate| (0.0..=1.0 + 1e-4).contains(&candidate.prob)) {
        return Err(TraceFault::Candidate);
    }
    check_sum(&list.iter().map(|candidate| candidate.prob).collect::<Vec<f32>>())
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
