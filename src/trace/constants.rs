//! Constants of a routing method that a picture needs beside the scores: how long a queue's group is, how a tree branches.

use crate::methods::{self, HashKey};
use serde::{Deserialize, Serialize};

/// The method's constants, as far as it has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Constants {
    /// Consecutive tokens that share a capacity, from which experts pick, or that are mixed with each other.
    pub group: Option<usize>,
    /// Branches of the first gate, where there are two levels of gates; each has E / groups experts.
    pub groups: Option<usize>,
    /// Branches chosen for a token, where not all are.
    pub top_groups: Option<usize>,
    /// What a hash layer looks at: `random`, `balanced`, `clustered`, `dispersed` (the token), `previous`, `position`, `oracle`.
    pub hash: Option<String>,
    /// Slots of an expert in Soft MoE.
    pub slots: Option<usize>,
    /// What the weights of a token add up to, where they are scaled.
    pub scaling: Option<f64>,
    /// Experts outside the routing that see every token, with weight 1.
    pub shared: usize,
}

impl Constants {
    /// What a hash layer looks at, where that is recorded.
    pub fn key(&self) -> Option<HashKey> {
        methods::of_setting(methods::HASH.router, self.hash.as_deref()?)?.key
    }
}
