//! A tree of two levels of gates: the share of a branch times the share of a leaf in it is the leaf's share.

use super::grid::{bold, label};
use super::{Picture, Place, Table, short};
use crate::messages::pictures as say;
use crate::scene::shape::{Anchor, Role, Scene, Shape, Size, Stroke, point};
use crate::scene::{theme::hue, words::expert};

/// Height of a leaf.
const LEAF: f32 = 42.0;
/// Width from which a leaf's arithmetic has one line, and the token stands beside the root.
const WIDE: f32 = 490.0;
/// Narrowest picture.
const NARROW: f32 = 320.0;

/// An expert in a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The expert.
    pub expert: usize,
    /// Its share in its branch, g(j|i).
    pub within: f32,
    /// Its share of the whole, g(i) g(j|i): the score.
    pub share: f32,
    /// What its output is multiplied by; `None` if it was not chosen.
    pub weight: Option<f32>,
}

/// A branch of the first gate.
#[derive(Clone, Debug, PartialEq)]
pub struct GateBranch {
    /// Its share, g(i).
    pub share: f32,
    /// Its experts.
    pub leaves: Vec<Leaf>,
}

/// The tree at the selected token; `None` where it is not recorded how it branches. Both gates follow from the leaves' shares,
/// which add up to 1: a branch has the sum of its leaves.
pub fn branches(at: &Place<'_>) -> Option<Vec<GateBranch>> {
    let groups = at.trace.model.constants.groups.filter(|&groups| groups > 0)?;
    let size = (at.experts() / groups).max(1);
    let (chosen, weights) = (at.layer.chosen(at.token), at.weights.row(at.token));
    let weight =
        |e: usize| chosen.iter().zip(weights).find(|(id, _)| usize::from(**id) == e).map(|(_, &weight)| weight);
    let branch = |(group, shares): (usize, &[f32])| {
        let sum: f32 = shares.iter().sum();
        let leaf = |(place, &share): (usize, &f32)| {
            let expert = group * size + place;
            Leaf { expert, within: if sum > 0.0 { share / sum } else { 0.0 }, share, weight: weight(expert) }
        };
        GateBranch { share: sum, leaves: shares.iter().enumerate().map(leaf).collect() }
    };
    Some(at.probs.row(at.token).chunks(size).enumerate().map(branch).collect())
}

/// The picture.
pub(super) fn picture(branches: &[GateBranch], at: &Place<'_>, width: f32) -> Picture {
    let experts = at.experts();
    let height = LEAF * experts as f32 + 8.0;
    let (wide, width) = (width >= WIDE, width.max(NARROW));
    let (root, first, last) = match wide {
        true => (point(86.0, height / 2.0), (width * 0.42).max(170.0), width - 190.0),
        false => (point(10.0, height / 2.0), width * 0.34, width - 148.0),
    };
    let (mut shapes, mut y, mut rows) = (Vec::new(), 4.0, Vec::new());
    for (number, branch) in branches.iter().enumerate() {
        let tall = LEAF * branch.leaves.len() as f32;
        let node = point(first, y + tall / 2.0);
        let used = branch.leaves.iter().any(|leaf| leaf.weight.is_some());
        let way = |role, share: f32| Stroke::new(role, (share * 30.0).max(1.0));
        let stroke = way(if used { Role::Path } else { Role::River }, branch.share);
        shapes.push(Shape::Ribbon { from: root, to: node, stroke });
        for (place, leaf) in branch.leaves.iter().enumerate() {
            let to = point(last, y + LEAF * (place as f32 + 0.5));
            let role = if leaf.weight.is_some() { Role::Picked(hue(leaf.expert, experts)) } else { Role::River };
            shapes.push(Shape::Ribbon { from: node, to, stroke: way(role, leaf.share) });
            let make = if leaf.weight.is_some() { bold } else { label };
            let (factors, product) = (format!("{} × {}", short(branch.share), short(leaf.within)), short(leaf.share));
            let weight = match (leaf.weight.map(short), wide) {
                (Some(weight), true) => say::weight_of(weight),
                (None, true) => say::not_chosen().to_owned(),
                (Some(weight), false) => say::tree_product(&product, weight),
                (None, false) => say::tree_product_not_chosen(&product),
            };
            let product = if wide { format!("{factors} = {product}") } else { factors };
            shapes.push(make(
                last + 10.0,
                to.y - 2.0,
                Anchor::Start,
                Role::Ink,
                &format!("{}  {product}", expert(leaf.expert)),
            ));
            shapes.push(label(last + 10.0, to.y + 13.0, Anchor::Start, Role::Soft, &weight));
            rows.push(vec![
                (number + 1).to_string(),
                short(branch.share),
                expert(leaf.expert),
                short(leaf.within),
                short(leaf.share),
                leaf.weight.map(short).unwrap_or_default(),
            ]);
        }
        let name = say::tree_branch(number + 1, short(branch.share));
        shapes.push(halo(label(node.x, node.y - 18.0, Anchor::Middle, Role::Ink, &name)));
        shapes.push(Shape::Circle { at: node, radius: 4.0, fill: Role::Ink, stroke: None });
        y += tall;
    }
    shapes.push(Shape::Circle { at: root, radius: 5.0, fill: Role::Selected, stroke: None });
    let beside = if wide { 5.0 } else { -14.0 };
    shapes.push(super::grid::word(4.0, root.y + beside, Role::Selected, &at.word(at.token, 9)));
    let title = say::tree(at.number + 1);
    let description = say::tree_told().to_owned();
    let head = [
        say::head_branch(),
        say::head_share(),
        say::corner_expert(),
        say::head_within(),
        say::head_product(),
        say::head_weight(),
    ];
    let head = head.map(str::to_owned).to_vec();
    Picture { scene: Scene { size: Size { width, height }, shapes, title, description }, table: Table { head, rows } }
}

/// The same with a rim of paper.
fn halo(shape: Shape) -> Shape {
    match shape {
        Shape::Text { at, anchor, font, role, text, .. } => Shape::Text { at, anchor, font, role, halo: true, text },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;

    #[test]
    fn a_leaf_is_its_branch_times_its_share_in_it() {
        let trace = samples::tree();
        let at = samples::place(&trace, 0);
        let branches = branches(&at).unwrap();
        let close = |a: f32, b: f32| (a - b).abs() < 1e-6;
        assert!(close(branches[0].share, 0.8) && close(branches[1].share, 0.2));
        assert!(close(branches[0].leaves[0].within, 0.75) && close(branches[1].leaves[1].within, 0.5));
        for branch in &branches {
            assert!(close(branch.leaves.iter().map(|leaf| leaf.within).sum(), 1.0));
            for leaf in &branch.leaves {
                assert!(close(branch.share * leaf.within, leaf.share));
                assert_eq!(leaf.share, at.probs.row(0)[leaf.expert]);
            }
        }
        assert_eq!(picture(&branches, &at, 600.0).table.rows[0], ["1", "0.80", "E1", "0.75", "0.60", "0.60"]);
    }

    #[test]
    fn without_its_branches_there_is_no_tree() {
        let mut trace = samples::tree();
        trace.model.constants.groups = None;
        assert_eq!(branches(&samples::place(&trace, 0)), None);
    }
}
