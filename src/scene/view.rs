//! What the visitor looks at: the part of the page's state that pictures depend on.

use serde::{Deserialize, Serialize};

/// Selection and playback. Layer, token and expert are linked in every panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewState {
    /// Selected MoE layer, from 0.
    pub layer: usize,
    /// Selected token, from 0.
    pub token: usize,
    /// Expert whose tokens are picked out, if any.
    pub expert: Option<usize>,
    /// Whether time runs.
    pub playing: bool,
    /// Times the usual speed.
    pub speed: f32,
    /// Where the playhead is, in tokens and fractions (token t is in flight for t <= playhead < t + 1).
    pub playhead: f32,
}
