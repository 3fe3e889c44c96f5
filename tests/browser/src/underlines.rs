//! Whether what is drawn below a token stands below that token's letters, as the browser itself tells: the place of the
//! caret that belongs to the middle of each rectangle is asked for.

use crate::{Page, Result, Steered};
use serde_json::{Value, json};

/// Waits until the window is so wide, and at most 60 frames until all is right:
///
/// - The caret of each rectangle's middle belongs to the token's letters, their ends included. Letters that a reader takes for
///   one (a grapheme cluster) belong to all tokens that share them.
/// - A pixel from the left edge of the first rectangle, the caret stands before the first letter; a pixel from the right edge of
///   the last, after the last letter. White space may hang over the end of its line, where nobody sees it.
/// - No rectangle is empty, or reaches beyond the field, but for the frame of the selected token.
///
/// Where the direction of writing turns, one place has two names: the right edge of the 4 of "1234" in a Hebrew line is the end
/// of the number, and the end of what stands before it. A browser gives either. So in a text that turns it is enough that one
/// half of a rectangle belongs to the token's letters, which has its other edge, and edges are not asked for. Of white space
/// that the end of the line cuts, only one edge is there.
const JUDGE: &str = "
  const trace = JSON.parse(window.moescope.trace()), encoder = new TextEncoder(), field = document.querySelector('[data-testid=text]');
  const { text, tokens } = trace, below = [0], above = [0];
  let byte = 0, units = 0;
  for (const letter of text) {
    const bytes = encoder.encode(letter).length;
    for (let i = 0; i < bytes; i++) { below[byte + i] = units; if (i > 0) above[byte + i] = units + letter.length; }
    byte += bytes; units += letter.length; below[byte] = above[byte] = units;
  }
  const clusters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ index }) => index).concat(text.length);
  const own = tokens.flatMap(({ start, end }, token) => above[start] < above[end] ? [token] : []);
  const turns = /[\\u0590-\\u08ff]/.test(text), places = turns ? [1 / 2, 1 / 4, 3 / 4] : [1 / 2];
  const scroller = document.querySelector('.strip-scroll');
  if (scroller.style.maxHeight !== 'none') {
    scroller.style.maxHeight = 'none';
    scroller.dispatchEvent(new Event('scroll'));
  }
  const caret = (x, y) => {
    const found = document.caretPositionFromPoint(x, y);
    return found?.offsetNode === field ? found.offset : -1;
  };
  const judged = () => {
    const pane = scroller.getBoundingClientRect(), box = field.getBoundingClientRect();
    const seen = new Set(), edges = new Map(), wrong = [];
    const tell = (token, { left, top, width }, what) => wrong.push(`token ${token + 1} ${JSON.stringify(tokens[token].text)}, ${width} wide at ${left}, ${top}: ${what}`);
    for (const part of document.querySelectorAll('[data-t]')) {
      const token = Number(part.dataset.t), at = part.getBoundingClientRect(), y = at.top + at.height / 2;
      if (y < Math.max(pane.top, 0) || y > Math.min(pane.bottom, innerHeight)) continue;
      seen.add(token);
      const { start, end } = tokens[token], from = clusters.findLast((edge) => edge <= below[start]), to = clusters.find((edge) => edge >= above[end]);
      const carets = places.map((place) => caret(at.left + place * at.width, y));
      const cut = turns && tokens[token].text.trim() === '' && (at.left < box.left + 0.1 || at.right > box.right - 0.1);
      if (!cut && !carets.some((found) => found >= from && found <= to)) tell(token, at, `caret ${carets}, not ${from} to ${to}`);
      if (at.width === 0 || at.left < box.left - 1 || at.right > box.right + 1) tell(token, at, `the field is from ${box.left} to ${box.right}`);
      const { first = at, last = at } = edges.get(token) ?? {};
      const before = at.top < first.top || (at.top === first.top && at.left < first.left), after = at.top > last.top || (at.top === last.top && at.right > last.right);
      edges.set(token, { from, to, first: before ? at : first, last: after ? at : last });
    }
    for (const [token, { from, to, first, last }] of turns ? [] : edges) {
      const inset = ({ width }) => Math.min(1, width / 2), letters = (from, to) => text.slice(from, to).trim() !== '';
      const begin = caret(first.left + inset(first), first.top + first.height / 2), end = caret(last.right - inset(last), last.top + last.height / 2);
      if (begin < from || begin > to || letters(from, begin)) tell(token, first, `caret ${begin} at its left edge, not ${from}`);
      if (end < from || end > to || letters(end, to)) tell(token, last, `caret ${end} at its right edge, not ${to}`);
    }
    return wrong.concat(own.filter((token) => !seen.has(token)).map((token) => `token ${token + 1} is not seen`));
  };
  const after = (frames) => new Promise((done) => requestAnimationFrame(() => setTimeout(done))).then(() => {
    const wrong = innerWidth === arguments[0] ? judged() : [`the window is ${innerWidth} wide`];
    return wrong.length === 0 || frames === 0 ? wrong : after(frames - 1);
  });
  return after(60);";

/// What stands below other letters than its token's, in words, in a window of this size, where one pixel is so many of the
/// screen's. The strip shows all lines.
///
/// # Errors
/// If the browser does not answer.
pub fn misplaced<B: Steered>(page: &Page<'_, B>, size: (u32, u32), zoom: f32) -> Result<Vec<String>> {
    page.zoom(size, zoom)?;
    let wrong = page.script(JUDGE, &[json!(size.0)])?;
    let wrong = wrong.as_array().ok_or_else(|| format!("no list: {wrong}"))?;
    Ok(wrong.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
