//! What the panels say about the selected token, read back as numbers.

use crate::{Page, Result};
use moescope::trace::Trace;
use serde_json::Value;

/// Numbers on the screen are rounded to two places.
const ROUNDING: f32 = 0.005_001;

/// The inspector's numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Token and layer, from 0.
    pub place: (usize, usize),
    /// The weight and expert (from 0) of every term of the formula.
    pub terms: Vec<(f32, usize)>,
    /// The expert (from 0), logit and probability of every row, as listed; a very small one is only bounded.
    pub rows: Vec<(usize, f32, f32)>,
}

impl Shown {
    /// Reads the inspector.
    ///
    /// # Errors
    /// If it is not there or says something else.
    pub fn read(page: &Page) -> Result<Self> {
        let read = page.script(
            "const one = (id) => document.querySelector(`[data-testid=\"${id}\"]`);
             const layer = document.querySelector('.layer-tabs [aria-pressed=true]').textContent;
             const rows = [...one('inspector-gate').querySelectorAll('[data-testid^=score-]')].map((row) => [
               row.dataset.testid, row.querySelector('.score-logit').textContent, row.querySelector('.score-p').textContent]);
             return { place: one('selected-place').textContent, layer, formula: one('formula').textContent, rows };",
            &[],
        )?;
        let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let place = (from_one(words(&read["place"]).split(' ').nth(1))?, from_one(Some(&words(&read["layer"])))?);
        let formula = words(&read["formula"]);
        let right = formula.split('=').nth(1).ok_or_else(|| format!("no formula: {formula}"))?;
        let terms = right.split('+').map(term).collect::<Result<Vec<_>>>()?;
        if terms.iter().any(|(_, layer)| *layer != place.1) {
            return Err(format!("an expert of another layer than {}: {formula}", place.1 + 1));
        }
        let terms = terms.into_iter().map(|(term, _)| term).collect();
        let rows = read["rows"].as_array().into_iter().flatten();
        let rows = rows.map(|row| {
            let expert = from_one(words(&row[0]).strip_prefix("score-"))?;
            Ok((expert, number(&words(&row[1]))?, number(words(&row[2]).trim_start_matches('<'))?))
        });
        Ok(Self { place, terms, rows: rows.collect::<Result<_>>()? })
    }

    /// What differs from the trace, if anything.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare(&self, trace: &Trace) -> Result<()> {
        let (token, layer) = self.place;
        let layer = trace.layers.get(layer).ok_or("the page shows a layer that the trace lacks")?;
        let differs = |what: &str| Err(format!("{what} of token {} is not as in the trace: {self:?}", token + 1));
        let chosen: Vec<usize> = layer.experts.row(token).iter().map(|&expert| usize::from(expert)).collect();
        if self.terms.iter().map(|term| term.1).ne(chosen.iter().copied()) {
            return differs("the formula's experts");
        }
        if !self
            .terms
            .iter()
            .zip(layer.weights(token).unwrap_or_default())
            .all(|(term, weight)| (term.0 - weight).abs() <= ROUNDING)
        {
            return differs("the formula's weights");
        }
        if trace.model.experts == 1 {
            return if self.rows.is_empty() { Ok(()) } else { differs("a score where nothing is scored") };
        }
        if self.rows.iter().map(|row| row.0).take(chosen.len()).ne(chosen.iter().copied()) {
            return differs("the order of the chosen experts");
        }
        if self.rows.len() != trace.model.experts {
            return differs("the number of experts");
        }
        for &(expert, logit, prob) in &self.rows {
            let (own_logit, own_prob) =
                (layer.logits(token).unwrap_or_default()[expert], layer.scores(token).unwrap_or_default()[expert]);
            if (own_logit - logit).abs() > ROUNDING {
                return differs("a logit");
            }
            if (own_prob - prob).abs() > 2.0 * ROUNDING {
                return differs("a probability");
            }
        }
        Ok(())
    }
}

/// `0.72 × 2·E3(x)`: weight, layer and expert, both from 0.
fn term(term: &str) -> Result<((f32, usize), usize)> {
    let no_term = || format!("no term: {term}");
    let (weight, name) = term.split_once('×').ok_or_else(no_term)?;
    let (layer, expert) = name.split_once("·E").ok_or_else(no_term)?;
    Ok(((number(weight.trim())?, from_one(expert.split('(').next())?), from_one(Some(layer))?))
}

fn number(text: &str) -> Result<f32> {
    text.replace('−', "-").parse().map_err(|_| format!("no number: {text:?}"))
}

fn from_one(text: Option<&str>) -> Result<usize> {
    let digits: String = text.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    digits.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or_else(|| format!("no number from 1: {text:?}"))
}
