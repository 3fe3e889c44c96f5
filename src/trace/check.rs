//! A trace that somebody opens may be anything: this names what is wrong with it.
//!
//! Pictures index matrices by token, layer and expert, so whatever passes here can be drawn without a further look.
//! Messages count layers and tokens from 1, as the page does, and give the place in the file, which counts from 0.

use super::rules::{Gate, Scores};
use super::{Candidate, LayerInfo, LayerTrace, Matrix, SCHEMA, SCHEMA_1, Token, Trace};
use crate::methods;
use std::fmt;

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

/// What is wrong with a trace, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError(String);

impl TraceError {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TraceError {}

/// Fails with a message unless `good`.
fn ensure(good: bool, message: impl FnOnce() -> String) -> Result<(), TraceError> {
    if good { Ok(()) } else { Err(TraceError(message())) }
}

impl Trace {
    /// Whether every part of the trace fits every other.
    ///
    /// # Errors
    /// The first thing that does not, with its place.
    pub fn check(&self) -> Result<(), TraceError> {
        ensure(self.schema == SCHEMA, || {
            format!("schema: this is “{}”, and only “{SCHEMA}” and “{SCHEMA_1}” can be read", short(&self.schema))
        })?;
        self.check_model()?;
        self.check_tokens()?;
        for (index, layer) in self.layers.iter().enumerate() {
            self.check_layer(index, layer)?;
        }
        self.check_predictions()?;
        if let Some(device) = &self.device {
            ensure(device.forward_ms.is_finite() && device.forward_ms >= 0.0, || {
                "device.forward_ms: a duration must be a number of milliseconds, 0 or more".to_owned()
            })?;
        }
        Ok(())
    }

    fn check_model(&self) -> Result<(), TraceError> {
        let model = &self.model;
        ensure((1..=MAX_EXPERTS).contains(&model.experts), || {
            format!("model.experts: {}, but it must be between 1 and {MAX_EXPERTS}", model.experts)
        })?;
        ensure((1..=model.experts).contains(&model.top_k), || {
            format!("model.top_k: {} of {} experts cannot be chosen", model.top_k, model.experts)
        })?;
        ensure((1..=MAX_LAYERS).contains(&model.layers), || {
            format!("model.layers: {}, but it must be between 1 and {MAX_LAYERS}", model.layers)
        })?;
        let groups = model.constants.groups;
        ensure(groups.is_none_or(|groups| groups > 0 && model.experts.is_multiple_of(groups)), || {
            format!("model.constants.groups: {} must divide the {} experts", groups.unwrap_or(0), model.experts)
        })?;
        ensure(model.constants.group != Some(0), || {
            "model.constants.group: a group must have at least 1 token".to_owned()
        })?;
        ensure(model.constants.slots != Some(0), || {
            "model.constants.slots: an expert must have at least 1 slot".to_owned()
        })?;
        ensure(model.constants.shared <= MAX_EXPERTS, || {
            format!("model.constants.shared: {}, but it must be at most {MAX_EXPERTS}", model.constants.shared)
        })?;
        ensure(model.constants.scaling.is_none_or(|scaling| scaling.is_finite() && scaling > 0.0), || {
            "model.constants.scaling: what weights add up to must be above 0".to_owned()
        })?;
        ensure(model.layers == self.layers.len(), || {
            format!("layers: there are {}, but model.layers says {}", self.layers.len(), model.layers)
        })?;
        let most = |of: fn(&LayerInfo) -> usize| self.layers.iter().map(|layer| of(&layer.info)).max();
        let told = (Some(model.experts), Some(model.top_k));
        ensure((most(|info| info.experts), most(|info| info.top_k)) == told, || {
            format!(
                "model.experts and model.top_k say {} and {}, which must be the most that any of layers[..].info says",
                model.experts, model.top_k
            )
        })
    }

    fn check_tokens(&self) -> Result<(), TraceError> {
        ensure(self.tokens.len() <= MAX_TOKENS, || {
            format!("tokens: {} are too many; at most {MAX_TOKENS} can be read", self.tokens.len())
        })?;
        let mut before = (0, 0);
        for (index, token) in self.tokens.iter().enumerate() {
            check_range(&self.text, token, before).map_err(|problem| {
                TraceError(format!(
                    "token {} (tokens[{index}]), bytes {} to {}: {problem}",
                    index + 1,
                    token.start,
                    token.end
                ))
            })?;
            before = (token.start, token.end);
        }
        Ok(())
    }

    fn check_layer(&self, index: usize, layer: &LayerTrace) -> Result<(), TraceError> {
        let (tokens, experts, chosen) = (self.tokens.len(), layer.info.experts, layer.info.top_k);
        let number = index + 1;
        let most = self.model.experts;
        ensure((1..=most).contains(&experts), || {
            format!(
                "layer {number} (layers[{index}].info.experts): {experts}, but it must be between 1 and the {most} that \
                 model.experts says"
            )
        })?;
        let most = experts.min(self.model.top_k);
        ensure((1..=most).contains(&chosen), || {
            format!(
                "layer {number} (layers[{index}].info.top_k): {chosen}, but it must be between 1 and {most}, for there are \
                 {experts} experts and model.top_k says {}",
                self.model.top_k
            )
        })?;
        ensure(self.model.blocks.is_none_or(|blocks| layer.block < blocks), || {
            format!(
                "layer {number} (layers[{index}].block): {}, but model.blocks says {}, and they count from 0",
                layer.block,
                self.model.blocks.unwrap_or(0)
            )
        })?;
        check_counts(layer, tokens)
            .map_err(|problem| TraceError(format!("layer {number} (layers[{index}].counts): {problem}")))?;
        let named = layer.info.method.as_deref();
        ensure(named.is_none_or(|id| methods::by_id(id).is_some()), || {
            format!(
                "layer {number} (layers[{index}].info.method): “{}” is no method that is known here; leave the field out \
                 where it is another",
                short(named.unwrap_or_default())
            )
        })?;
        let shape = |name: &str, rows: usize, cols: usize, want: usize, unit: &str| {
            ensure(rows == tokens && (rows == 0 || cols == want), || {
                format!(
                    "layer {} (layers[{index}].{name}): {rows} rows of {cols}, but {tokens} tokens and {want} {unit} \
                     need {tokens} rows of {want}",
                    index + 1
                )
            })
        };
        for (name, scores) in [("logits", &layer.logits), ("probs", &layer.probs)] {
            let Some(scores) = scores else { continue };
            shape(name, scores.rows(), scores.cols(), experts, "experts")?;
            check_finite(index, name, scores)?;
        }
        shape("experts", layer.experts.rows(), layer.experts.cols(), chosen, "choices")?;
        if let Some(dropped) = &layer.dropped {
            shape("dropped", dropped.rows(), dropped.cols(), chosen, "choices")?;
        }
        ensure(layer.capacity != Some(0), || {
            format!("layer {} (layers[{index}].capacity): an expert must be able to take at least 1 token", index + 1)
        })?;
        if let Some(weights) = &layer.weights {
            shape("weights", weights.rows(), weights.cols(), chosen, "choices")?;
            check_finite(index, "weights", weights)?;
            check_weights(index, weights)?;
        }
        for (head, shares) in layer.attention.iter().flatten().enumerate() {
            let name = format!("attention[{head}]");
            shape(&name, shares.rows(), shares.cols(), tokens, "tokens")?;
            for (token, row) in shares.iter().enumerate() {
                check_attention(row, token).map_err(|problem| place(index, &name, token, &problem))?;
            }
        }
        check_finite(index, "extra", &layer.extra)?;
        ensure(layer.extra.rows() == 0 || layer.extra.cols() == experts, || {
            format!(
                "layer {} (layers[{index}].extra): rows of {}, but there are {experts} experts",
                index + 1,
                layer.extra.cols()
            )
        })?;
        // A policy's rows, and the shares in slots, are probabilities too, those of a row in slots of several experts; a bias may
        // be anything.
        let rules = self.rules_of(layer);
        if matches!(rules.gate, Gate::Policy | Gate::Slots) {
            for (row, probs) in layer.extra.iter().enumerate() {
                let shares = if rules.gate == Gate::Policy { check_sum(probs) } else { Ok(()) };
                check_scores(probs, Scores::Softmax).and(shares).map_err(|problem| {
                    TraceError(format!(
                        "layer {}, row {} (layers[{index}].extra[{row}]): {problem}",
                        index + 1,
                        row + 1
                    ))
                })?;
            }
        }
        for (token, ids) in layer.experts.iter().enumerate() {
            let weights = layer.weights(token).unwrap_or_default();
            check_choice(ids, weights, experts).map_err(|problem| place(index, "experts", token, &problem))?;
        }
        for token in 0..tokens {
            check_scores(layer.scores(token).unwrap_or_default(), rules.scores)
                .map_err(|problem| place(index, "probs", token, &problem))?;
            check_dropped(layer, token).map_err(|problem| place(index, "weights", token, &problem))?;
            rules.check(layer, token).map_err(|(field, problem)| {
                let convention = short(self.convention_of(layer));
                place(index, field, token, &format!("{problem}, as the convention “{convention}” has it"))
            })?;
        }
        Ok(())
    }

    fn check_predictions(&self) -> Result<(), TraceError> {
        let tokens = self.tokens.len();
        for (name, len) in [("losses", self.losses.len()), ("predictions", self.predictions.len())] {
            ensure(len == 0 || len == tokens, || {
                format!("{name}: {len} entries for {tokens} tokens; give one each, or leave the field out")
            })?;
        }
        for (index, (token, loss)) in self.tokens.iter().zip(&self.losses).enumerate() {
            let before = index.checked_sub(1).and_then(|before| self.predictions.get(before));
            let checked = loss.map_or(Ok(()), |nats| check_loss(nats, token, before.map_or(&[], Vec::as_slice)));
            checked.map_err(|problem| TraceError(format!("token {} (losses[{index}]): {problem}", index + 1)))?;
        }
        let lists = self.predictions.iter().enumerate();
        for (place, list) in lists.map(|(t, list)| (format!("token {} (predictions[{t}])", t + 1), list)) {
            check_candidates(&place, list)?;
        }
        check_candidates("next", &self.next)
    }
}

/// A range must lie in the text, in order, and between characters unless the token is part of one.
fn check_range(text: &str, token: &Token, before: (usize, usize)) -> Result<(), String> {
    let (start, end) = (token.start, token.end);
    if start > end {
        return Err("it ends before it begins".to_owned());
    }
    if start < before.0 || end < before.1 {
        return Err("it lies before the token in front of it".to_owned());
    }
    let split = token.text.contains("\\x");
    let last = if split { text.len() + MAX_OVERHANG } else { text.len() };
    if end > last {
        return Err(format!("the text has only {} bytes", text.len()));
    }
    let between = text.is_char_boundary(start) && text.is_char_boundary(end);
    if !split && !between {
        return Err("it begins or ends inside a character".to_owned());
    }
    // Bytes that are no characters have become U+FFFD in the text, so a piece of one cannot be looked up there.
    let whole =
        if split && text.contains(char::REPLACEMENT_CHARACTER) { None } else { text.as_bytes().get(start..end) };
    match whole.map(shown) {
        Some(there) if there != token.text => {
            Err(format!("it says “{}”, and the text has “{}” there", short(&token.text), short(&there)))
        }
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
fn check_loss(loss: f32, token: &Token, predicted: &[Candidate]) -> Result<(), String> {
    if !loss.is_finite() {
        return Err("a loss must be a finite number".to_owned());
    }
    if loss < BELOW_ZERO {
        return Err(format!("a loss cannot be below 0, and this is {loss}"));
    }
    match predicted.iter().find(|candidate| candidate.id == token.id) {
        Some(Candidate { prob, .. }) if ((-loss).exp() - prob).abs() > OFF => Err(format!(
            "a loss of {loss} is a probability of {:.3}, but the token in front predicts it with {prob:.3}",
            (-loss).exp()
        )),
        _ => Ok(()),
    }
}

/// Chosen experts exist, differ, and come in descending order of weight.
fn check_choice(ids: &[u16], weights: &[f32], experts: usize) -> Result<(), String> {
    for (choice, &id) in ids.iter().enumerate() {
        if usize::from(id) >= experts {
            return Err(format!("expert {id} does not exist; the {experts} experts are 0 to {}", experts - 1));
        }
        if ids.iter().take(choice).any(|&earlier| earlier == id) {
            return Err(format!("expert {id} is chosen twice"));
        }
    }
    if weights.windows(2).any(|pair| pair[0] + ROUNDING < pair[1]) {
        return Err("the chosen experts are not in descending order of weight".to_owned());
    }
    Ok(())
}

/// How far above 1 a probability may lie, and those of one choice may add up, by rounding. No rounding brings one below 0.
const ROUNDED: f32 = 1e-3;

/// The same of a head's shares: there are as many as tokens, each of which a file may have rounded.
const ROUNDED_SHARES: f32 = 0.01;

/// The probabilities of what excludes each other.
fn check_sum(probs: &[f32]) -> Result<(), String> {
    let sum: f64 = probs.iter().map(|&prob| f64::from(prob)).sum();
    match sum > 1.0 + f64::from(ROUNDED) {
        true => Err(format!("the probabilities add up to {sum:.4}, which is more than 1")),
        false => Ok(()),
    }
}

/// Scores are shown as probabilities, unless the convention says that they have no bound; below 0 none lies. Whether they must
/// add up to 1, the convention says too.
fn check_scores(probs: &[f32], scores: Scores) -> Result<(), String> {
    let most = if scores == Scores::RootSoftplus { f32::MAX } else { 1.0 + ROUNDED };
    match probs.iter().position(|score| !(0.0..=most).contains(score)) {
        Some(at) if scores == Scores::RootSoftplus => {
            Err(format!("the score of expert {} (entry {at}) is {:?}; no root is below 0", at + 1, probs[at]))
        }
        Some(at) => Err(format!(
            "the score of expert {} (entry {at}) is {:?}; no rule makes that a probability, which lies between 0 and 1",
            at + 1,
            probs[at]
        )),
        None => Ok(()),
    }
}

/// A head gives shares to tokens up to its own, which add up to 1, unless a sink that is no token took some.
fn check_attention(row: &[f32], token: usize) -> Result<(), String> {
    if let Some(at) = row.iter().position(|share| !(0.0..=1.0 + ROUNDED).contains(share)) {
        return Err(format!("entry {at} is {:?}; a share lies between 0 and 1", row[at]));
    }
    if let Some(later) = (token + 1..row.len()).find(|&later| row[later].abs() > ROUNDED) {
        return Err(format!("entry {later} is {:?}, but that token comes later", row[later]));
    }
    let sum: f32 = row.iter().sum();
    match sum > 1.0 + ROUNDED_SHARES {
        true => Err(format!("the shares add up to {sum}, which is more than 1")),
        false => Ok(()),
    }
}

/// Counts stand where there are no tokens, one for each expert, and none counts a token twice.
fn check_counts(layer: &LayerTrace, tokens: usize) -> Result<(), String> {
    let Some(counts) = &layer.counts else { return Ok(()) };
    let LayerInfo { experts, top_k, .. } = layer.info;
    if tokens > 0 {
        return Err("a recording that holds its tokens is counted by them; leave the counts out".to_owned());
    }
    if counts.load.len() != experts {
        return Err(format!("{} counts for {experts} experts", counts.load.len()));
    }
    if let Some(at) = counts.load.iter().position(|&load| load > counts.tokens) {
        let (load, all) = (counts.load[at], counts.tokens);
        return Err(format!("expert {} (load[{at}]) was chosen {load} times by {all} tokens", at + 1));
    }
    let (made, most) = (counts.load.iter().map(|&load| u128::from(load)).sum::<u128>(), top_k as u128);
    match made > most * u128::from(counts.tokens) {
        true => Err(format!("{made} choices are more than {top_k} of each of {} tokens", counts.tokens)),
        false => Ok(()),
    }
}

/// A choice that was dropped has no weight.
fn check_dropped(layer: &LayerTrace, token: usize) -> Result<(), String> {
    let weights = layer.weights(token).unwrap_or_default().iter().enumerate();
    match weights.filter(|(choice, _)| layer.is_dropped(token, *choice)).find(|(_, weight)| **weight != 0.0) {
        Some((_, weight)) => Err(format!("a choice was dropped and has the weight {weight}; it must be 0")),
        None => Ok(()),
    }
}

fn check_finite(layer: usize, name: &str, matrix: &Matrix<f32>) -> Result<(), TraceError> {
    match matrix.as_slice().iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => {
            let cols = matrix.cols().max(1);
            Err(place(layer, name, at / cols, &format!("entry {} is not a finite number", at % cols)))
        }
    }
}

/// Whatever the convention, weights are shown and drawn: one that no rule makes is damage. Every known rule makes a weight of
/// scores that are not below 0, so none is below 0 itself.
fn check_weights(layer: usize, weights: &Matrix<f32>) -> Result<(), TraceError> {
    match weights.as_slice().iter().position(|weight| !(0.0..=MAX_WEIGHT).contains(weight)) {
        None => Ok(()),
        Some(at) => {
            let (cols, weight) = (weights.cols().max(1), weights.as_slice()[at]);
            let problem =
                format!("entry {} is {weight:?}; no rule makes a weight below 0 or above {MAX_WEIGHT:?}", at % cols);
            Err(place(layer, "weights", at / cols, &problem))
        }
    }
}

fn check_candidates(place: &str, list: &[Candidate]) -> Result<(), TraceError> {
    // A probability from single precision may exceed 1 by rounding.
    let fits = |candidate: &Candidate| (0.0..=1.0 + 1e-4).contains(&candidate.prob);
    ensure(list.iter().all(fits), || format!("{place}: a probability must be between 0 and 1"))?;
    let probs: Vec<f32> = list.iter().map(|candidate| candidate.prob).collect();
    check_sum(&probs).map_err(|problem| TraceError(format!("{place}: {problem}")))
}

fn place(layer: usize, name: &str, token: usize, problem: &str) -> TraceError {
    TraceError(format!("layer {}, token {} (layers[{layer}].{name}[{token}]): {problem}", layer + 1, token + 1))
}

/// The beginning of a string that may be of any length.
fn short(text: &str) -> String {
    const KEPT: usize = 40;
    let mut kept: String = text.chars().take(KEPT).collect();
    if text.chars().nth(KEPT).is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
