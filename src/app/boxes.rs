//! Where the characters of the text stand, measured on the mirror below the text field.
//!
//! A text that is cut into a span for each token is wider than the same text in one piece: browsers round the width of every
//! piece. So the lines of such a text break elsewhere at some widths. The mirror holds the text as the field does, in one
//! piece, and what belongs below a token is put where a DOM range finds the token's letters.

use super::spans;
use std::cell::Cell;
use std::ops::Range;
use wasm_bindgen::JsCast as _;
use web_sys::{DomRect, Element, Node};

/// Bytes after which the next line break ends a part of the mirror. An edit lays out one part, and what is asked of a part
/// takes longer the more lines it has.
const PART: usize = 1_000;
/// Characters looked at, from a place on, for one that the browser gives a rectangle.
const LOOK: usize = 8;
/// Least width of what a browser gives a rectangle to that can be seen, in pixels.
const SEEN: f64 = 0.5;
/// The width given to a character that has none, in pixels.
const STUB: f64 = 2.0;
/// The same for a line break.
const BREAK: f64 = 6.0;

/// A rectangle in the text, in pixels from the mirror's corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextPlace {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height of the letters.
    pub height: f64,
    /// Whether it hangs over the end of its line, as white space does, and so cannot be seen.
    pub hangs: bool,
}

/// The byte ranges of the mirror's parts: each ends with a line break, but for the last. There is at least one.
///
/// Where some line turns its direction, each line is a part: Chromium gives brackets the direction of the line before, where
/// one element holds both, while in its text field each line is an element.
pub fn parts(text: &str) -> Vec<Range<usize>> {
    let least = if spans::turns_left(text) { 1 } else { PART };
    let (mut out, mut start) = (Vec::new(), 0);
    for (at, _) in text.match_indices('\n') {
        if at + 1 - start >= least {
            out.push(start..at + 1);
            start = at + 1;
        }
    }
    out.push(start..text.len());
    out
}

/// The mirror of a text, laid out by the browser.
pub struct Mirror<'a> {
    text: &'a str,
    parts: Vec<Range<usize>>,
    nodes: Vec<Node>,
    range: web_sys::Range,
    corner: DomRect,
    /// The last place that was asked for: part, byte and UTF-16 unit in it. Most questions come in the text's order.
    last: Cell<(usize, usize, u32)>,
}

impl<'a> Mirror<'a> {
    /// The mirror that `element` holds, one child for each of [`parts`]; `None` while it shows another text.
    pub fn new(element: &Element, text: &'a str) -> Option<Self> {
        let parts = parts(text);
        let children = element.children();
        let node = |i: u32| children.item(i).and_then(|part| part.first_child());
        let nodes: Vec<Node> = (0..children.length()).map_while(node).collect();
        (nodes.len() == parts.len()).then_some(())?;
        let range = gloo::utils::document().create_range().ok()?;
        Some(Self { text, parts, nodes, range, corner: element.get_bounding_client_rect(), last: Cell::default() })
    }

    /// A byte of a part in UTF-16 units from the part's beginning.
    fn units(&self, part: usize, byte: usize) -> u32 {
        let (last_part, last_byte, last_units) = self.last.get();
        let begin = self.parts.get(part).map_or(0, |range| range.start);
        let (from, before) =
            if last_part == part && (begin..=byte).contains(&last_byte) { (last_byte, last_units) } else { (begin, 0) };
        let more: usize = self.text.get(from..byte).unwrap_or_default().chars().map(char::len_utf16).sum();
        let units = before + u32::try_from(more).unwrap_or(u32::MAX);
        self.last.set((part, byte, units));
        units
    }

    /// The rectangles that the browser gives to a part of the text, one for each line, in its own coordinates.
    fn rects(&self, bytes: &Range<usize>) -> Vec<DomRect> {
        let mut out = Vec::new();
        let mut part = self.parts.partition_point(|range| range.end <= bytes.start).min(self.parts.len() - 1);
        while let Some((range, node)) = self.parts.get(part).zip(self.nodes.get(part)) {
            let (start, end) = (bytes.start.max(range.start), bytes.end.min(range.end));
            if start >= end {
                break;
            }
            let set = self.range.set_start(node, self.units(part, start));
            if set.and_then(|()| self.range.set_end(node, self.units(part, end))).is_err() {
                break;
            }
            if let Some(list) = self.range.get_client_rects() {
                out.extend((0..list.length()).filter_map(|i| list.item(i)));
            }
            part += 1;
        }
        out
    }

    /// Where a part of the text stands: one rectangle for each line, within the field. What has no width, as a line break
    /// or a mark on the letter before it, gets a little, so that nobody looks for it in vain.
    pub fn places(&self, bytes: Range<usize>) -> Vec<TextPlace> {
        let rects = self.rects(&bytes);
        let wide: Vec<TextPlace> =
            rects.iter().map(|rect| self.within(rect, 0.0)).filter(|at| at.width >= SEEN).collect();
        if !wide.is_empty() {
            return wide;
        }
        let ends = self.text.get(bytes).is_some_and(|text| text.ends_with('\n'));
        let stub = |rect: &DomRect| self.within(rect, if ends { BREAK } else { STUB });
        rects.first().map(stub).into_iter().collect()
    }

    /// A rectangle from the mirror's corner, at least so wide, cut to the mirror: spaces at the end of a line hang over it.
    fn within(&self, rect: &DomRect, least: f64) -> TextPlace {
        let (left, width, room) = (rect.left() - self.corner.left(), rect.width(), self.corner.width());
        let (x, seen) = cut(left, width, room, least);
        let hangs = width > 0.0 && (left >= room || left + width <= 0.0);
        TextPlace { x, y: rect.top() - self.corner.top(), width: seen, height: rect.height(), hangs }
    }

    /// The bytes of the lines between two heights in the window.
    pub fn between(&self, top: f64, bottom: f64) -> Range<usize> {
        let above = self.first(|rect| rect.bottom() >= top);
        above..self.first(|rect| rect.top() > bottom).max(above)
    }

    /// The first byte of the line after the one that a place stands on.
    pub fn after_line(&self, place: &TextPlace) -> usize {
        let bottom = self.corner.top() + place.y + place.height;
        self.first(|rect| rect.top() >= bottom)
    }

    /// The first character for which something holds that holds for all after it. Few are asked.
    fn first(&self, holds: impl Fn(&DomRect) -> bool) -> usize {
        let (mut low, mut high) = (0, self.text.len());
        while low < high {
            let middle = self.text.floor_char_boundary(low + (high - low) / 2);
            match self.probe(middle) {
                Some(rect) if holds(&rect) => high = middle,
                Some(_) => low = self.text.ceil_char_boundary(middle + 1),
                None => high = middle,
            }
        }
        low
    }

    /// The rectangle of a character, or of one soon after it.
    fn probe(&self, byte: usize) -> Option<DomRect> {
        let rest = self.text.get(byte..)?;
        rest.char_indices().take(LOOK).find_map(|(at, c)| {
            let start = byte + at;
            self.rects(&(start..start + c.len_utf8())).into_iter().next()
        })
    }
}

/// Where a line's part begins and how wide it is, of what lies in a line from 0 to `room`, at least so wide.
fn cut(left: f64, width: f64, room: f64, least: f64) -> (f64, f64) {
    let x = left.clamp(0.0, (room - least).max(0.0));
    let right = (left + width).min(room).max(x + least);
    (x, right - x)
}

/// Scrolls a pane until a part of the text can be seen; whether it had to.
pub fn reveal(pane: &Element, mirror: &Mirror<'_>, bytes: Range<usize>) -> bool {
    let (outer, rects) = (pane.get_bounding_client_rect(), mirror.rects(&bytes));
    let Some((first, last)) = rects.first().zip(rects.last()) else { return false };
    let by = if first.top() < outer.top() {
        first.top() - outer.top() - 12.0
    } else if last.bottom() > outer.bottom() {
        last.bottom() - outer.bottom() + 12.0
    } else {
        return false;
    };
    pane.set_scroll_top(pane.scroll_top() + by as i32);
    true
}

/// The letters of a part: never none, so that its element has a text node to be measured.
pub fn of_part(text: &str, last: bool) -> String {
    // A line break that ends the text opens a line that would otherwise have no height.
    let open = last && (text.is_empty() || text.ends_with('\n'));
    if open { format!("{text}\u{200b}") } else { text.to_owned() }
}

/// The element of that node reference.
pub fn element(node: &yew::NodeRef) -> Option<Element> {
    node.get()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_and_end_with_line_breaks() {
        let prose = format!("{}\n", "é".repeat(300));
        for text in [String::new(), "one line".into(), "\n".repeat(5_000), prose.repeat(20), "x".repeat(9_000)] {
            let parts = parts(&text);
            let whole: String = parts.iter().map(|range| &text[range.clone()]).collect();
            assert_eq!(whole, text);
            let (last, before) = parts.split_last().unwrap();
            assert!(before.iter().all(|range| range.len() >= PART && text[range.clone()].ends_with('\n')));
            assert!(!text[last.clone()].get(PART..).is_some_and(|rest| rest.trim_end_matches('\n').contains('\n')));
        }
    }

    #[test]
    fn lines_that_turn_are_parts_of_their_own() {
        let of = |text: &'static str| parts(text).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(of("(אבג)\n\nand (אבג)\n"), ["(אבג)\n", "\n", "and (אבג)\n", ""]);
        assert_eq!(of("(a)\n\nand (b)\n"), ["(a)\n\nand (b)\n"]);
    }

    #[test]
    fn what_hangs_over_either_end_of_a_line_keeps_a_little_width() {
        assert_eq!(cut(40.0, 8.0, 300.0, 0.0), (40.0, 8.0));
        assert_eq!(cut(296.0, 8.0, 300.0, 0.0), (296.0, 4.0)); // from left to right a line ends on the right
        assert_eq!(cut(-4.0, 8.0, 300.0, 0.0), (0.0, 4.0)); // from right to left on the left
        assert_eq!(cut(304.0, 8.0, 300.0, 2.0), (298.0, 2.0));
        assert_eq!(cut(-12.0, 8.0, 300.0, 2.0), (0.0, 2.0));
        assert_eq!(cut(40.0, 0.0, 300.0, 2.0), (40.0, 2.0));
    }

    #[test]
    fn an_edit_changes_one_part() {
        let text = "a line of the text\n".repeat(400);
        let edited = format!("{}!{}", &text[..3_000], &text[3_000..]);
        let of = |text: &str| -> Vec<String> { parts(text).into_iter().map(|range| text[range].to_owned()).collect() };
        let (before, after) = (of(&text), of(&edited));
        assert_eq!(before.len(), after.len());
        assert_eq!(before.iter().zip(&after).filter(|(a, b)| a != b).count(), 1);
    }

    #[test]
    fn an_open_last_line_has_a_height() {
        assert_eq!(of_part("", true), "\u{200b}");
        assert_eq!(of_part("a\n", true), "a\n\u{200b}");
        assert_eq!(of_part("a ", true), "a ");
        assert_eq!(of_part("a\n", false), "a\n");
    }
}
