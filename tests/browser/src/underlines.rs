//! Whether what is drawn below a token stands below that token's letters, as the browser itself tells: the place of the
//! caret that belongs to the middle of each rectangle is asked for.

use crate::{Page, Result};
use serde_json::Value;

/// For each rectangle of a token in the window whose middle belongs to other letters: the token and where it was found.
/// Letters that a reader takes for one (a grapheme cluster) belong to all tokens that share them. Not for texts that turn
/// their direction: there one place belongs to two ends, and a browser names either.
const JUDGE: &str = "
  const trace = JSON.parse(window.moescope.trace()), encoder = new TextEncoder(), field = document.querySelector('[data-testid=text]');
  const { text, tokens } = trace, below = [0], above = [0];
  let byte = 0, units = 0;
  for (const letter of text) {
    const bytes = encoder.encode(letter).length;
    for (let i = 0; i < bytes; i++) { below[byte + i] = units; if (i > 0) above[byte + i] = units + letter.length; }
    byte += bytes; units += letter.length; below[byte] = above[byte] = units;
  }
  const edges = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ index }) => index).concat(text.length);
  const pane = document.querySelector('.strip-scroll').getBoundingClientRect(), drawn = new Set(), wrong = [];
  for (const part of document.querySelectorAll('[data-t]')) {
    const token = Number(part.dataset.t), { left, top, width, height } = part.getBoundingClientRect();
    const x = left + width / 2, y = top + height / 2;
    drawn.add(token);
    if (y < Math.max(pane.top, 0) || y > Math.min(pane.bottom, innerHeight)) continue;
    const caret = document.caretPositionFromPoint(x, y), { start, end } = tokens[token];
    const from = edges.findLast((edge) => edge <= below[start]), to = edges.find((edge) => edge >= above[end]);
    if (caret?.offsetNode !== field || caret.offset < from || caret.offset > to)
      wrong.push(`token ${token + 1} ${JSON.stringify(tokens[token].text)} (${from} to ${to}) at ${x.toFixed(1)}, ${y.toFixed(1)}: ${caret?.offset}`);
  }
  const own = tokens.filter(({ start, end }) => above[start] < above[end]);
  return { drawn: drawn.size, tokens: own.length, wrong };";

/// What the browser found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Underlines {
    /// Tokens that something is drawn for.
    pub drawn: usize,
    /// Tokens in all, but for those whose only character begins with the token before.
    pub tokens: usize,
    /// Those below other letters, each in words.
    pub wrong: Vec<String>,
}

impl Underlines {
    /// Lets the strip show all lines that fit into the window, and looks.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn read(page: &Page<'_>) -> Result<Self> {
        page.script(
            "document.querySelector('.strip-scroll').style.maxHeight = 'none';
             return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));",
            &[],
        )?;
        let found = page.script(JUDGE, &[])?;
        let number = |name: &str| found[name].as_u64().unwrap_or_default() as usize;
        let wrong = found["wrong"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Ok(Self { drawn: number("drawn"), tokens: number("tokens"), wrong: wrong.map(str::to_owned).collect() })
    }
}
