//! Words in rows, one row for each expert: what is in a bucket, what an expert picked.

use super::grid::{bold, label, rect, word};
use super::{Picture, Table};
use crate::messages::pictures as say;
use crate::scene::shape::{Anchor, Role, Scene, Shape, Size, Stroke};

/// Height of a line.
const LINE: f32 = 25.0;
/// Where the words begin.
const START: f32 = 62.0;
/// Most lines of a row; what does not fit is counted.
const LINES: usize = 4;

/// A word with something small behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// The word.
    pub word: String,
    /// What stands behind it.
    pub detail: String,
    /// Whether the selected token is meant.
    pub loud: bool,
}

/// A row of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChipLine {
    /// Its name.
    pub name: String,
    /// What stands below the name.
    pub note: String,
    /// Its hue; `None` for a row that is no expert's.
    pub hue: Option<u8>,
    /// The words.
    pub chips: Vec<Chip>,
}

/// The picture, `width` pixels wide.
pub(super) fn picture(lines: &[ChipLine], width: f32, [title, description]: [String; 2]) -> Picture {
    let (mut shapes, mut y) = (Vec::new(), 2.0);
    for line in lines {
        y = draw(line, &mut shapes, y, width);
    }
    let scene = Scene { size: Size { width, height: y + 2.0 }, shapes, title, description };
    let head = ["", "", "Tokens"].map(str::to_owned).to_vec();
    let words = |line: &ChipLine| {
        let all = line.chips.iter().map(|chip| format!("{} {}", chip.word, chip.detail).trim().to_owned());
        vec![line.name.clone(), line.note.clone(), all.collect::<Vec<_>>().join(", ")]
    };
    Picture { scene, table: Table { head, rows: lines.iter().map(words).collect() } }
}

/// Draws a row; where the next one begins.
fn draw(line: &ChipLine, shapes: &mut Vec<Shape>, top: f32, width: f32) -> f32 {
    let (mut x, mut y, mut lines) = (START, top, 1);
    for (at, chip) in line.chips.iter().enumerate() {
        let detail = if chip.detail.is_empty() { 0.0 } else { 6.8 * letters(&chip.detail) + 5.0 };
        let wide = (8.3 * letters(&chip.word) + detail + 16.0).max(26.0);
        let rest = line.chips.len() - at;
        let room = if lines == LINES && rest > 1 { 70.0 } else { 0.0 };
        if x + wide + room > width && x > START {
            if lines == LINES {
                shapes.push(label(x + 4.0, y + 16.0, Anchor::Start, Role::Soft, &say::more(rest)));
                break;
            }
            (x, y, lines) = (START, y + LINE, lines + 1);
        }
        let fill = line.hue.map_or(Role::Cell, Role::Share);
        let stroke = chip.loud.then(|| Stroke::new(Role::Selected, 2.0));
        shapes.push(rect(x, y + 1.5, (wide - 4.0, LINE - 5.0), Some(fill), stroke));
        shapes.push(word(x + 5.0, y + 16.0, Role::Ink, &chip.word));
        if !chip.detail.is_empty() {
            shapes.push(label(x + wide - 9.0, y + 15.5, Anchor::End, Role::Ink, &chip.detail));
        }
        x += wide;
    }
    shapes.push(bold(4.0, top + 16.0, Anchor::Start, Role::Ink, &line.name));
    shapes.push(label(START - 8.0, top + 16.0, Anchor::End, Role::Soft, &line.note));
    y + LINE + 3.0
}

/// About how many letters wide it is.
fn letters(words: &str) -> f32 {
    words.chars().map(|c| if u32::from(c) > 0x2e80 { 2.0 } else { 1.0 }).sum()
}
