//! One transformer block, its parts drawn to scale: a box's area is its number of parameters.
//!
//! All boxes of a picture are equally wide and pictures side by side have the same [`Scale`], so heights compare as well:
//! a sparse block is tall because it holds much, and only what the selected token uses is filled. Below, two bars say the
//! same for the whole model: total and active parameters, and operations for a token, part by part.

use super::{
    shape::{Anchor, Font, Point, Role, SMALLEST, Scene, Shape, Size, Stroke, point},
    theme, words,
};
use crate::card::{Cost, Parts};
use crate::format::amount;
use crate::messages::scene;
use crate::methods::GateKind;
use crate::trace::Trace;

/// Tokens that are seen on their way through the block.
const TOKENS: usize = 7;
const TOP: f32 = 40.0;
const FOOT: f32 = 104.0;
const GAP: f32 = 4.0;
const LANE: f32 = 24.0;

/// A model's block.
#[derive(Clone, Copy, Debug)]
pub struct DrawnBlock<'a> {
    /// The model's name.
    pub name: &'a str,
    /// Its parts.
    pub parts: Parts,
    /// What a token costs; `None` if the card does not say.
    pub cost: Option<&'a Cost>,
    /// How it routed the text; `None` until it has.
    pub trace: Option<&'a Trace>,
}

/// What the pictures side by side have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Height of a parameter in a box of the pictures' width.
    pub height: f32,
    /// The most parameters that a model holds.
    pub parameters: f64,
    /// The most operations that a token costs.
    pub flops: f64,
}

impl Scale {
    /// The largest at which every block fits into `size`.
    pub fn of(blocks: &[DrawnBlock<'_>], size: Size) -> Self {
        let room = |count: usize| (size.height - TOP - FOOT - GAP * count.saturating_sub(1) as f32).max(1.0);
        let heights = blocks.iter().map(|block| {
            let count = block.parts.experts + block.parts.shared;
            let experts = room(count) / (block.parts.expert * count as f64).max(1.0) as f32;
            experts.min(room(1) / block.parts.attention.max(1.0) as f32)
        });
        let most = |of: fn(&Cost) -> f64| blocks.iter().filter_map(|block| block.cost.map(of)).fold(1.0, f64::max);
        Self {
            height: heights.fold(f32::INFINITY, f32::min).min(1.0),
            parameters: most(|cost| cost.parameters as f64),
            flops: most(Cost::flops),
        }
    }
}

/// The least height that holds a block at this scale.
pub fn least_height(block: &DrawnBlock<'_>, scale: &Scale) -> f32 {
    let Parts { attention, expert, experts, shared, .. } = block.parts;
    let count = experts + shared;
    let stack = expert as f32 * scale.height * count as f32 + GAP * count.saturating_sub(1) as f32;
    let lanes = TOKENS as f32 * LANE;
    TOP + stack.max(attention as f32 * scale.height).max(lanes) + FOOT
}

/// Where things are, left to right.
struct Columns {
    start: f32,
    attention: f32,
    router: f32,
    experts: f32,
    end: f32,
    width: f32,
}

impl Columns {
    fn new(size: Size) -> Self {
        let width = (size.width * 0.2).clamp(48.0, 92.0);
        let (start, end) = (66.0, size.width - 12.0);
        let gap = (end - start - 2.0 * width) / 4.0;
        let attention = start + gap;
        Self { start, attention, router: attention + width + gap, experts: end - gap - width, end, width }
    }
}

/// The picture of a block in a layer.
pub fn block(block: &DrawnBlock<'_>, (layer, token): (usize, usize), scale: &Scale, size: Size) -> Scene {
    let columns = Columns::new(size);
    let mut picture = Picture { block, layer, token, scale, size, columns, shapes: Vec::new() };
    picture.draw();
    let description = picture.describe();
    let title = scene::block(block.name);
    Scene { size, shapes: picture.shapes, title, description }
}

impl DrawnBlock<'_> {
    /// Whether the cost is that of the published form, and the trace was routed in another: soft MoE fills a fixed number of
    /// slots, and left to right every expert works for every token.
    pub fn costs_as_published(&self) -> bool {
        self.trace.is_some_and(|trace| trace.rules().gate == GateKind::Slots && !trace.model.looks_ahead)
    }
}

struct Picture<'a> {
    block: &'a DrawnBlock<'a>,
    layer: usize,
    token: usize,
    scale: &'a Scale,
    size: Size,
    columns: Columns,
    shapes: Vec<Shape>,
}

impl Picture<'_> {
    fn draw(&mut self) {
        let boxes = self.boxes();
        self.flow(&boxes);
        self.attention();
        self.experts(&boxes);
        if !self.dense() {
            self.router();
        }
        self.heads(&boxes);
        self.bars();
    }

    /// Whether there is one feed-forward network, so that nothing is routed.
    fn dense(&self) -> bool {
        self.block.parts.experts + self.block.parts.shared == 1
    }

    fn middle(&self) -> f32 {
        TOP + (self.size.height - TOP - FOOT) / 2.0
    }

    /// Upper edge and height of every expert, those that are always used last.
    fn boxes(&self) -> Vec<(f32, f32)> {
        let Parts { expert, experts, shared, .. } = self.block.parts;
        let (count, height) = (experts + shared, expert as f32 * self.scale.height);
        let total = height * count as f32 + GAP * count.saturating_sub(1) as f32;
        (0..count).map(|e| (self.middle() - total / 2.0 + e as f32 * (height + GAP), height)).collect()
    }

    /// Experts and weights of a token: those it chose and that had room for it, and those that see every token.
    fn uses(&self, token: usize) -> Vec<(usize, f32)> {
        let Some(trace) = self.block.trace else { return vec![] };
        let Some(layer) = trace.layers.get(self.layer) else { return vec![] };
        // Where weights are not recorded, all choices are drawn alike.
        let alike = 1.0 / layer.info.top_k.max(1) as f32;
        let choices = layer.choices(token).filter(|choice| !choice.dropped);
        let chosen = choices.map(|choice| (choice.expert, choice.weight.unwrap_or(alike)));
        let Parts { experts, shared, .. } = self.block.parts;
        chosen.filter(|(expert, _)| *expert < experts).chain((experts..experts + shared).map(|e| (e, 1.0))).collect()
    }

    fn shown(&self) -> std::ops::Range<usize> {
        let tokens = self.block.trace.map_or(0, Trace::len);
        let start = self.token.saturating_sub(TOKENS / 2).min(tokens.saturating_sub(TOKENS));
        start..(start + TOKENS).min(tokens)
    }

    /// Height of the lane of a token that is shown.
    fn lane(&self, token: usize) -> f32 {
        let shown = self.shown();
        self.middle() + (token as f32 - shown.start as f32 - (shown.len() as f32 - 1.0) / 2.0) * LANE
    }

    fn flow(&mut self, boxes: &[(f32, f32)]) {
        let shown = self.shown();
        let mut order: Vec<usize> = shown.clone().filter(|&t| t != self.token).collect();
        order.extend(shown.contains(&self.token).then_some(self.token));
        let attention = self.block.parts.attention as f32 * self.scale.height;
        for t in order {
            let loud = t == self.token;
            let y = self.lane(t);
            let (role, thin) = if loud { (Role::Path, 2.5) } else { (Role::River, 1.5) };
            let at = |x: f32, y: f32| point(x, y);
            let Columns { start, attention: left, router, experts, end, width } = self.columns;
            let lane = if loud { Stroke::dashed(Role::Selected, 1.2) } else { Stroke::new(Role::Rule, 1.0) };
            self.shapes.push(Shape::Line { from: at(start, y), to: at(end, y), stroke: lane });
            let share = (t - shown.start) as f32 + 0.5;
            let dock = self.middle() + (share / shown.len().max(1) as f32 - 0.5) * attention * 0.8;
            let mut ribbon = |from: Point, to: Point, width: f32| {
                self.shapes.push(Shape::Ribbon { from, to, stroke: Stroke::new(role, width) });
            };
            ribbon(at(start, y), at(left, dock), thin);
            ribbon(at(left + width, dock), at(router, y), thin);
            let uses = self.uses(t);
            let mut ribbon = |from: Point, to: Point, width: f32| {
                self.shapes.push(Shape::Ribbon { from, to, stroke: Stroke::new(role, width) });
            };
            for (expert, weight) in uses {
                let Some((top, height)) = boxes.get(expert) else { continue };
                let dock = top + height * share / shown.len().max(1) as f32;
                let wide = if loud { 1.0 + 6.0 * weight } else { 0.6 + 1.6 * weight };
                ribbon(at(router, y), at(experts, dock), wide);
                ribbon(at(experts + width, dock), at(end, y), wide);
            }
            if let Some(token) = self.block.trace.and_then(|trace| trace.tokens.get(t)) {
                let font = Font { size: 12.5, bold: loud, serif: true };
                let role = if loud { Role::Selected } else { Role::Soft };
                let text = words::short(&token.text, 9);
                self.shapes.push(Shape::Text {
                    at: at(start - 8.0, y + 4.0),
                    anchor: Anchor::End,
                    font,
                    role,
                    halo: false,
                    text,
                });
            }
        }
    }

    fn rect(&mut self, at: Point, size: Size, fill: Role, stroke: Stroke) {
        let radius = (size.height / 6.0).min(3.0);
        self.shapes.push(Shape::Rect { at, size, radius, fill: Some(fill), stroke: Some(stroke) });
    }

    fn text(&mut self, at: Point, anchor: Anchor, (size, bold): (f32, bool), role: Role, text: String) {
        let font = Font { size, bold, serif: false };
        self.shapes.push(Shape::Text { at, anchor, font, role, halo: role == Role::Soft, text });
    }

    fn attention(&mut self) {
        let height = self.block.parts.attention as f32 * self.scale.height;
        let at = point(self.columns.attention, self.middle() - height / 2.0);
        let size = Size { width: self.columns.width, height };
        self.rect(at, size, Role::Stream, Stroke::new(Role::Lane, 1.0));
        if height > 16.0 {
            let at = point(self.columns.attention + self.columns.width / 2.0, self.middle() + 4.0);
            self.text(at, Anchor::Middle, (11.0, false), Role::Ink, scene::attention().to_owned());
        }
    }

    fn experts(&mut self, boxes: &[(f32, f32)]) {
        let uses = self.uses(self.token);
        let (left, width) = (self.columns.experts, self.columns.width);
        let dense = boxes.len() == 1;
        for (e, &(top, height)) in boxes.iter().enumerate() {
            let weight = uses.iter().find(|(expert, _)| *expert == e).map(|(_, weight)| *weight);
            let hue = theme::hue(e, self.block.parts.experts.max(1));
            let (fill, stroke) = match weight {
                Some(_) => (Role::ShareLoud(hue), Stroke::new(Role::Selected, 1.5)),
                None => (Role::Cell, Stroke::new(Role::Rule, 1.0)),
            };
            self.rect(point(left, top), Size { width, height }, fill, stroke);
            if height < 10.5 {
                continue;
            }
            let name = match e {
                _ if dense => scene::all_of_it().to_owned(),
                e if e >= self.block.parts.experts => scene::shared().to_owned(),
                e => words::expert(e),
            };
            let base = top + height / 2.0 + 4.0;
            let size = (height - 2.0).min(11.0);
            self.text(point(left + 6.0, base), Anchor::Start, (size, weight.is_some()), Role::Ink, name);
            if let Some(weight) = weight.filter(|_| !dense && width > 66.0) {
                self.text(
                    point(left + width - 6.0, base),
                    Anchor::End,
                    (size, true),
                    Role::Ink,
                    format!("{weight:.2}"),
                );
            }
        }
    }

    /// A square of the right area, on the selected token's lane.
    fn router(&mut self) {
        let area = self.block.parts.router as f32 * self.scale.height * self.columns.width;
        let (side, shown) = (area.max(0.0).sqrt(), self.shown());
        let y = if shown.contains(&self.token) { self.lane(self.token) } else { self.middle() };
        if side > 0.0 {
            let at = point(self.columns.router - side / 2.0, y - side / 2.0);
            self.rect(at, Size { width: side, height: side }, Role::Ink, Stroke::new(Role::Paper, 0.5));
        }
    }

    /// Names over the parts, all on one line just above the highest of them.
    fn heads(&mut self, boxes: &[(f32, f32)]) {
        let lane = self.lane(self.shown().start);
        let highest = boxes.first().map_or(lane, |(top, _)| top.min(lane - 8.0));
        let above = (highest - 10.0).max(26.0);
        let Parts { attention, router, expert, experts, shared } = self.block.parts;
        let Columns { attention: left, router: middle, experts: right, width, .. } = self.columns;
        let dense = self.dense();
        let counted = if shared > 0 { format!("{experts} + {shared}") } else { experts.to_string() };
        let what = if dense { amount(expert) } else { format!("{counted} × {}", amount(expert)) };
        let over = if dense { scene::feed_forward() } else { scene::experts() };
        let heads = [
            Some((left + width / 2.0, scene::attention(), amount(attention))),
            (!dense).then(|| (middle, scene::router(), amount(router))),
            Some((right + width / 2.0, over, what)),
        ];
        for (x, name, count) in heads.into_iter().flatten() {
            self.text(point(x, above - 14.0), Anchor::Middle, (11.0, true), Role::Ink, name.to_owned());
            self.text(point(x, above), Anchor::Middle, (11.0, false), Role::Soft, count);
        }
    }

    fn bars(&mut self) {
        let Some(cost) = self.block.cost else {
            let at = point(0.0, self.size.height - FOOT + 42.0);
            return self.text(at, Anchor::Start, (12.0, false), Role::Soft, scene::cost_unknown().to_owned());
        };
        let width = self.size.width;
        let y = self.size.height - FOOT + 30.0;
        let (held, used) = (cost.parameters as f64, cost.active_parameters);
        let published = self.block.costs_as_published();
        let words = match published {
            true => scene::block_parameters_published(amount(held), amount(used)),
            false => scene::block_parameters(amount(held), amount(used)),
        };
        self.text(point(0.0, y), Anchor::Start, (12.0, false), Role::Ink, words);
        let wide = |share: f64| width * share as f32;
        let bar = |height: f32, width: f32| Size { width: width.max(0.5), height };
        let outline = Stroke::new(Role::Lane, 1.0);
        self.rect(point(0.0, y + 6.0), bar(10.0, wide(held / self.scale.parameters)), Role::Cell, outline);
        self.rect(point(0.0, y + 6.0), bar(10.0, wide(used / self.scale.parameters)), Role::Ink, outline);
        let y = y + 38.0;
        let [all, experts] = [cost.flops(), cost.experts].map(|flops| format!("{:.2}", flops / 1e6));
        let words = match published {
            true => scene::block_operations_published(all, experts),
            false => scene::block_operations(all, experts),
        };
        self.text(point(0.0, y), Anchor::Start, (12.0, false), Role::Ink, words);
        let mut x = 0.0;
        // No part is an expert, so none has a hue.
        let named = [scene::attention(), scene::router(), scene::experts(), scene::output()].into_iter();
        let named = named.zip([Role::Stream, Role::Ink, Role::Lane, Role::Cell]);
        for (flops, (name, tone)) in cost.parts().into_iter().zip(named) {
            let length = wide(flops / self.scale.flops);
            self.rect(point(x, y + 6.0), bar(10.0, length), tone, outline);
            let label = format!("{name} {:.2}", flops / 1e6);
            if length > label.len() as f32 * 5.7 {
                self.text(point(x + length / 2.0, y + 28.0), Anchor::Middle, (SMALLEST, false), Role::Soft, label);
            }
            x += length;
        }
    }

    fn describe(&self) -> String {
        let Parts { attention, router, expert, experts, shared } = self.block.parts;
        let mut out = scene::block_parts(amount(attention), amount(router), experts + shared, amount(expert));
        if let Some(token) = self.block.trace.and_then(|trace| trace.tokens.get(self.token)) {
            let uses = self.uses(self.token);
            let names: Vec<String> =
                uses.iter().map(|(expert, weight)| format!("{} {weight:.2}", words::expert(*expert))).collect();
            let used = scene::block_token(words::visible(&token.text), names.join(", "));
            out = format!("{out} {used}");
        }
        out
    }
}

#[cfg(test)]
#[path = "block_tests.rs"]
mod tests;
