//! Traces as files: JSON that opens again, and a table for spreadsheets and scripts.
//!
//! Numbers are written with as few digits as give the same `f32` when read back, so a downloaded trace is the trace.

use super::fault::{FaultPlace, TraceError, TraceFault};
use super::{LayerInfo, LayerTrace, Matrix, SCHEMA, SCHEMA_1, Token, Trace};
use crate::csv;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Largest JSON file that is read, in bytes. 4,096 tokens through 8 layers of 64 experts take about 50 MB.
pub const MAX_JSON_BYTES: usize = 128 << 20;

/// First line of the table.
const HEADER: &str = "token,token_id,text,start_byte,end_byte,layer,block,choice,expert,weight,prob,logit,dropped\r\n";

/// The trace as JSON.
///
/// # Errors
/// If the trace is not sound ([`Trace::check`]), for example if a number is not finite.
pub fn to_json(trace: &Trace) -> Result<String, TraceError> {
    trace.check()?;
    serde_json::to_string(trace).map_err(|error| TraceFault::Unwritable(error.to_string()).into())
}

/// What was selected when a trace was saved, so that it looks the same when it is opened. In the file it is the field
/// `view`, which readers of traces may pass over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// The layer, from 0.
    pub layer: usize,
    /// The token, from 0.
    pub token: usize,
    /// The expert of that layer, from 0.
    #[serde(default)]
    pub expert: Option<usize>,
    /// From which byte of the text on it was generated.
    #[serde(default)]
    pub generated: Option<usize>,
}

impl SavedView {
    /// The selection saved with a trace; `None` where there is none that can be read, because the trace opens without it.
    pub fn from_json(json: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct File {
            view: Option<SavedView>,
        }
        serde_json::from_str::<File>(json.strip_prefix('\u{feff}').unwrap_or(json)).ok()?.view
    }
}

/// The trace as JSON, and what is selected in it.
///
/// # Errors
/// As [`to_json`].
pub fn to_json_with(trace: &Trace, view: &SavedView) -> Result<String, TraceError> {
    let mut json = to_json(trace)?;
    let view = serde_json::to_string(view).map_err(|error| TraceFault::Unwritable(error.to_string()))?;
    // A trace is an object with fields, so another one fits in front of its last bracket.
    json.pop();
    json.push_str(",\"view\":");
    json.push_str(&view);
    json.push('}');
    Ok(json)
}

/// A trace from JSON. Fields that it does not know are passed over.
///
/// # Errors
/// If it is not a trace, with what is wrong and where.
pub fn from_json(json: &str) -> Result<Trace, TraceError> {
    if json.len() > MAX_JSON_BYTES {
        let (size, most) = (json.len() >> 20, MAX_JSON_BYTES >> 20);
        return Err(TraceFault::TooLarge { size, most }.into());
    }
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let mut trace: Trace = serde_json::from_str(json).map_err(|error| {
        lacking(json).unwrap_or_else(|| match error.is_eof() {
            true => TraceFault::CutOff { bytes: json.len() },
            false => TraceFault::Unreadable(error.to_string()),
        })
    })?;
    if trace.schema == SCHEMA_1 {
        modernise(&mut trace)?;
    }
    trace.check()?;
    if trace.is_empty() {
        widen(&mut trace);
    }
    Ok(trace)
}

/// What a JSON document lacks of a trace; `None` if nothing, or if it is no JSON.
fn lacking(json: &str) -> Option<TraceFault> {
    const FIELDS: [&str; 6] = ["schema", "model", "text", "tokens", "layers", "next"];
    if let Ok(list) = serde_json::from_str::<Vec<IgnoredAny>>(json) {
        return Some(TraceFault::List { entries: list.len() });
    }
    let object: BTreeMap<String, IgnoredAny> = serde_json::from_str(json).ok()?;
    let lacks: Vec<&str> = FIELDS.into_iter().filter(|field| !object.contains_key(*field)).collect();
    (!lacks.is_empty()).then_some(TraceFault::Lacks(lacks))
}

/// A file of [`SCHEMA_1`] as one of [`SCHEMA`]: it says experts and choices once, for all layers, and leaves out none of their numbers.
fn modernise(trace: &mut Trace) -> Result<(), TraceError> {
    let (experts, top_k) = (trace.model.experts, trace.model.top_k);
    for (index, layer) in trace.layers.iter_mut().enumerate() {
        let all = [
            ("logits", layer.logits.is_some()),
            ("probs", layer.probs.is_some()),
            ("weights", layer.weights.is_some()),
            ("dropped", layer.dropped.is_some()),
        ];
        if let Some((name, _)) = all.into_iter().find(|(_, there)| !there) {
            return Err(TraceFault::Missing.at(FaultPlace::Layer { layer: index, field: name.to_owned() }));
        }
        layer.info = LayerInfo { method: None, experts, top_k };
    }
    SCHEMA.clone_into(&mut trace.schema);
    Ok(())
}

/// Without rows, JSON does not tell how long rows would be; the layer does.
fn widen(trace: &mut Trace) {
    for layer in &mut trace.layers {
        let LayerInfo { experts, top_k: chosen, .. } = layer.info;
        layer.experts = Matrix::empty(chosen);
        layer.logits.iter_mut().chain(&mut layer.probs).for_each(|scores| *scores = Matrix::empty(experts));
        layer.weights.iter_mut().for_each(|weights| *weights = Matrix::empty(chosen));
        layer.dropped.iter_mut().for_each(|dropped| *dropped = Matrix::empty(chosen));
    }
}

/// The trace as a table for people (RFC 4180), one line for each token, layer and choice. Tokens, layers, blocks, choices and
/// experts count from 1, as on the screen; numbers of tokens in the vocabulary and bytes are those of the JSON. Text that
/// a spreadsheet would take for a formula has an apostrophe before it.
pub fn to_csv(trace: &Trace) -> String {
    let lines = trace.len() * trace.layers.iter().map(|layer| layer.info.top_k).sum::<usize>();
    let mut table = String::with_capacity(HEADER.len() + lines * 64);
    table.push_str(csv::MARK);
    table.push_str(HEADER);
    for (t, token) in trace.tokens.iter().enumerate() {
        let text = csv::cell(&token.text);
        for (l, layer) in trace.layers.iter().enumerate() {
            push_choices(&mut table, (t, token, &text), (l, layer));
        }
    }
    table
}

fn push_choices(table: &mut String, (t, token, text): (usize, &Token, &str), (l, layer): (usize, &LayerTrace)) {
    let (probs, logits) = (layer.scores(t).unwrap_or_default(), layer.logits(t).unwrap_or_default());
    let weights = layer.weights(t).unwrap_or_default();
    for (choice, &expert) in layer.experts.row(t).iter().enumerate() {
        let id = usize::from(expert);
        let line = format_args!(
            "{},{},{text},{},{},{},{},{},{},{},{},{},{}\r\n",
            t + 1,
            token.id,
            token.start,
            token.end,
            l + 1,
            layer.block + 1,
            choice + 1,
            id + 1,
            number(weights.get(choice)),
            number(probs.get(id)),
            number(logits.get(id)),
            if layer.dropped.is_some() { layer.is_dropped(t, choice).to_string() } else { String::new() },
        );
        // Writing to a string cannot fail.
        let _ = table.write_fmt(line);
    }
}

/// A number so that it reads back the same; nothing where there is none.
fn number(value: Option<&f32>) -> String {
    value.map(|value| format!("{value:?}")).unwrap_or_default()
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
