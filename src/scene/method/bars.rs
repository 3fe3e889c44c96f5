//! A blend: each token's shares of all experts, stacked to 1.

use super::grid::{label, rect, word};
use super::{Picture, Place, Table, paragraph, short};
use crate::messages::pictures as say;
use crate::scene::shape::{Anchor, Role, Scene, Size, Stroke};
use crate::scene::{theme::hue, words::expert};

/// Height of a row.
const ROW: f32 = 22.0;
/// Width of the words.
const WORDS: f32 = 128.0;

/// The shares of the tokens around the selected one.
pub(super) fn shares(at: &Place<'_>, width: f32) -> Picture {
    let (window, experts) = (at.window(), at.experts());
    let size = Size { width, height: ROW * window.len() as f32 + 4.0 };
    let mut shapes = Vec::new();
    let mut rows = Vec::new();
    for (line, token) in window.enumerate() {
        let (y, loud) = (ROW * line as f32, token == at.token);
        shapes.push(word(4.0, y + 16.0, if loud { Role::Selected } else { Role::Ink }, &at.word(token, 14)));
        let mut x = WORDS;
        for (e, &share) in at.probs.row(token).iter().enumerate() {
            let wide = (width - WORDS) * share.max(0.0);
            let fill = if loud { Role::ShareLoud(hue(e, experts)) } else { Role::Share(hue(e, experts)) };
            shapes.push(rect(x, y + 2.0, (wide, ROW - 4.0), Some(fill), Some(Stroke::new(Role::Rim, 1.0))));
            if wide > 52.0 {
                shapes.push(label(
                    x + 5.0,
                    y + 15.0,
                    Anchor::Start,
                    Role::Ink,
                    &format!("{} {}", expert(e), short(share)),
                ));
            } else if wide > 22.0 {
                shapes.push(label(x + 4.0, y + 15.0, Anchor::Start, Role::Ink, &expert(e)));
            }
            x += wide;
        }
        let shares = at.probs.row(token).iter().map(|&share| short(share));
        rows.push(std::iter::once(at.word(token, 40)).chain(shares).collect());
    }
    let title = say::shares(experts, at.number + 1);
    let description = paragraph([Some(say::shares_told().to_owned()), at.drawn()]);
    let head = std::iter::once(say::corner_token().to_owned()).chain((0..experts).map(expert)).collect();
    Picture { scene: Scene { size, shapes, title, description }, table: Table { head, rows } }
}
