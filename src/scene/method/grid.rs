//! A table as a picture: a number in every cell, a bar below it, marks for what was chosen. No colour lies under a number,
//! so that every one reads alike.

use super::{Picture, Table};
use crate::messages::pictures as say;
use crate::scene::shape::{Anchor, Font, Role, Scene, Shape, Size, Stroke, point};

/// Height of a row.
const ROW: f32 = 27.0;
/// Height of a bar below a number.
const BAR: f32 = 4.0;
/// Width of the names of rows.
const NAMES: f32 = 128.0;
/// Least width of a cell.
const CELL: f32 = 20.0;
/// Least width of a cell with a number.
const WORDY: f32 = 38.0;

/// Whether a cell was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mark {
    /// No.
    #[default]
    None,
    /// Yes.
    Chosen,
    /// It would have been, by itself.
    Wanted,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    /// Length of its bar, from 0 to 1.
    pub share: f32,
    /// What it says.
    pub text: String,
    /// Its hue.
    pub hue: u8,
    /// Whether it was chosen.
    pub mark: Mark,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct GridRow {
    /// Its name.
    pub name: String,
    /// Whether the name is the visitor's own word.
    pub own: bool,
    /// Whether it is the selected one.
    pub loud: bool,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A table to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Grid {
    /// What it is, in a few words.
    pub title: String,
    /// What it shows, in a sentence.
    pub description: String,
    /// What the rows are.
    pub corner: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<GridRow>,
}

fn text(x: f32, y: f32, anchor: Anchor, size: f32, (bold, serif): (bool, bool), role: Role, text: &str) -> Shape {
    let font = Font { size, bold, serif };
    Shape::Text { at: point(x, y), anchor, font, role, halo: false, text: text.to_owned() }
}

/// A label.
pub(super) fn label(x: f32, y: f32, anchor: Anchor, role: Role, words: &str) -> Shape {
    text(x, y, anchor, 12.0, (false, false), role, words)
}

/// A loud label.
pub(super) fn bold(x: f32, y: f32, anchor: Anchor, role: Role, words: &str) -> Shape {
    text(x, y, anchor, 12.0, (true, false), role, words)
}

/// One of the visitor's words; the selected one is bold.
pub(super) fn word(x: f32, y: f32, role: Role, words: &str) -> Shape {
    text(x, y, Anchor::Start, 14.0, (role == Role::Selected, true), role, words)
}

/// A box.
pub(super) fn rect(x: f32, y: f32, (width, height): (f32, f32), fill: Option<Role>, stroke: Option<Stroke>) -> Shape {
    Shape::Rect { at: point(x, y), size: Size { width, height }, radius: 2.0, fill, stroke }
}

impl Grid {
    /// The picture, `width` pixels wide or as wide as the columns need.
    pub fn picture(self, width: f32) -> Picture {
        let columns = self.columns.len().max(1) as f32;
        let cell = ((width - NAMES) / columns).clamp(CELL, 110.0);
        let size = Size { width: NAMES + columns * cell, height: ROW * (self.rows.len() as f32 + 1.0) + 4.0 };
        let mut shapes = Vec::with_capacity(self.rows.len() * self.columns.len() * 3);
        for (column, name) in self.columns.iter().enumerate() {
            let x = NAMES + (column as f32 + 0.5) * cell;
            shapes.push(label(x, 15.0, Anchor::Middle, Role::Soft, name));
        }
        for (at, row) in self.rows.iter().enumerate() {
            row.draw(&mut shapes, ROW * (at as f32 + 1.0), cell, size.width);
        }
        let table = self.table();
        Picture { scene: Scene { size, shapes, title: self.title, description: self.description }, table }
    }

    fn table(&self) -> Table {
        let head = std::iter::once(&self.corner).chain(&self.columns).cloned().collect();
        let marked = |cell: &Cell| match cell.mark {
            Mark::None => cell.text.clone(),
            Mark::Chosen => say::cell_chosen(&cell.text),
            Mark::Wanted => say::cell_wanted(&cell.text),
        };
        let row = |row: &GridRow| std::iter::once(row.name.clone()).chain(row.cells.iter().map(marked)).collect();
        Table { head, rows: self.rows.iter().map(row).collect() }
    }
}

impl GridRow {
    fn draw(&self, shapes: &mut Vec<Shape>, y: f32, cell: f32, width: f32) {
        if self.loud {
            shapes.push(rect(0.0, y, (width, ROW), Some(Role::Band), None));
        }
        let role = if self.loud { Role::Selected } else { Role::Ink };
        shapes.push(match self.own {
            true => word(4.0, y + 16.5, role, &self.name),
            false if self.loud => bold(4.0, y + 16.0, Anchor::Start, role, &self.name),
            false => label(4.0, y + 16.0, Anchor::Start, role, &self.name),
        });
        for (column, entry) in self.cells.iter().enumerate() {
            let (x, chosen) = (NAMES + column as f32 * cell, entry.mark == Mark::Chosen);
            let stroke = match entry.mark {
                Mark::None => None,
                Mark::Chosen => Some(Stroke::new(Role::Ink, 1.4)),
                Mark::Wanted => Some(Stroke::dashed(Role::Ink, 1.2)),
            };
            let (inner, high, wordy) = (cell - 4.0, ROW - 5.0, cell >= WORDY);
            shapes.push(rect(x + 2.0, y + 2.5, (inner, high), Some(Role::Cell), None));
            let fill = if chosen || wordy { Role::ShareLoud(entry.hue) } else { Role::Share(entry.hue) };
            if entry.share > 0.0 {
                let bar = (inner * entry.share.min(1.0)).max(1.0);
                let (top, tall) = if wordy { (y + ROW - 4.0 - BAR, BAR) } else { (y + 2.5, high) };
                shapes.push(rect(x + 2.0, top, (bar, tall), Some(fill), None));
            }
            if stroke.is_some() {
                shapes.push(rect(x + 2.0, y + 2.5, (inner, high), None, stroke));
            }
            if wordy {
                let make = if chosen { bold } else { label };
                shapes.push(make(x + cell - 7.0, y + 15.5, Anchor::End, Role::Ink, &entry.text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits rise at most ten pixels above their line.
    #[test]
    fn no_number_lies_on_a_colour() {
        for (columns, mark) in [(3, Mark::None), (8, Mark::Chosen), (8, Mark::Wanted)] {
            let cell = Cell { share: 1.0, text: "−0.12".to_owned(), hue: 1, mark };
            let row = GridRow { name: "a".to_owned(), cells: vec![cell; columns], ..GridRow::default() };
            let columns = vec!["E1".to_owned(); columns];
            let shapes = Grid { columns, rows: vec![row; 2], ..Grid::default() }.picture(600.0).scene.shapes;
            let lines: Vec<f32> = shapes
                .iter()
                .filter_map(|shape| match shape {
                    Shape::Text { at, text, .. } if text == "−0.12" => Some(at.y),
                    _ => None,
                })
                .collect();
            assert!(!lines.is_empty());
            for shape in &shapes {
                if let Shape::Rect { at, size, fill: Some(Role::Share(_) | Role::ShareLoud(_)), .. } = shape {
                    assert!(lines.iter().all(|line| at.y >= *line || at.y + size.height <= line - 10.0), "{at:?}");
                }
            }
        }
    }
}
