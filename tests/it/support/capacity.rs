//! Routers with a capacity, either of them in one type, and what they decide as plain numbers.

use crate::support::{self, floats, integers};
use burn::module::Param;
use burn::tensor::{Bool, Tensor};
use moescope::router::{Carry, Context, Gshard, Mode, Router, Routing, Switch};
use std::collections::BTreeSet;

/// A router of either method.
pub enum Either {
    Gshard(Gshard),
    Switch(Switch),
}

impl Either {
    pub fn new(gshard: bool, gate: Tensor<2>, capacity_factor: f64, group: usize) -> Self {
        let gate = Param::from_tensor(gate);
        match gshard {
            true => Self::Gshard(Gshard { gate, capacity_factor, group }),
            false => Self::Switch(Switch { gate, capacity_factor, group, noise_scale: 1.0 }),
        }
    }

    pub fn top_k(&self) -> usize {
        if matches!(self, Self::Gshard(_)) { 2 } else { 1 }
    }

    pub fn gate(&self) -> Tensor<2> {
        match self {
            Self::Gshard(router) => router.gate.val(),
            Self::Switch(router) => router.gate.val(),
        }
    }

    pub fn route(&self, x: Tensor<2>, batch: usize, mode: Mode) -> Routing {
        match self {
            Self::Gshard(router) => support::route_in(router, x, 2, batch, mode),
            Self::Switch(router) => support::route_in(router, x, 1, batch, mode),
        }
    }

    /// The next tokens of one sequence.
    pub fn go_on(&self, x: Tensor<2>, start: usize, carry: &mut Carry) -> Routing {
        let ids = vec![0; x.dims()[0]];
        let previous = vec![None; ids.len()];
        let (top_k, mode, ids, previous, tasks) = (self.top_k(), Mode::Infer, &ids[..], &previous[..], &[][..]);
        let mut context = Context { top_k, batch: 1, start, block: 0, mode, ids, previous, tasks, carry };
        match self {
            Self::Gshard(router) => router.route(x, &mut context),
            Self::Switch(router) => router.route(x, &mut context),
        }
    }
}

pub fn marks(mask: &Option<Tensor<2, Bool>>, len: usize) -> Vec<i64> {
    mask.clone().map_or(vec![0; len], |mask| integers(mask.int()))
}

/// What one choice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Kept,
    Dropped,
    Unused,
}

/// A routing as plain numbers: for each token its choices in the order of the row.
pub struct Plain {
    /// Expert, weight and fate.
    pub rows: Vec<Vec<(i64, f32, Fate)>>,
    pub logits: Vec<Vec<f32>>,
    pub capacity: usize,
}

impl Plain {
    pub fn new(routing: Routing) -> Self {
        let ([_, k], [_, experts]) = (routing.experts.dims(), routing.logits.dims());
        let chosen = integers(routing.experts);
        let (dropped, unused) = (marks(&routing.dropped, chosen.len()), marks(&routing.unused, chosen.len()));
        let weights = floats(routing.weights);
        let entry = |at: usize| {
            let fate = match (dropped[at], unused[at]) {
                (0, 0) => Fate::Kept,
                (1, 0) => Fate::Dropped,
                (0, 1) => Fate::Unused,
                both => panic!("{both:?}"),
            };
            (chosen[at], weights[at], fate)
        };
        Self {
            rows: (0..chosen.len() / k).map(|t| (t * k..(t + 1) * k).map(entry).collect()).collect(),
            logits: floats(routing.logits).chunks(experts).map(<[f32]>::to_vec).collect(),
            capacity: routing.capacity.unwrap(),
        }
    }

    /// The choices (token, expert) with this fate.
    pub fn with(&self, fate: Fate) -> BTreeSet<(usize, i64)> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(t, row)| row.iter().filter(|entry| entry.2 == fate).map(move |entry| (t, entry.0))).collect()
    }

    /// Whether this is the token's first choice.
    pub fn first(&self, t: usize, expert: i64) -> bool {
        let best = self.logits[t].iter().copied().fold(f32::MIN, f32::max);
        self.logits[t][expert as usize] == best
    }
}
