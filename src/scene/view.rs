//! What the visitor looks at: the part of the page's state that pictures depend on.

use serde::{Deserialize, Serialize};

/// Selection and playback. Layer, token and expert are linked in every panel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Where the playhead is, in tokens and fractions: token t sets out when it reaches t, and is then in flight for as
    /// long as [`super::motion::Timeline::flight`] says.
    pub playhead: f32,
}

impl Default for ViewState {
    fn default() -> Self {
        Self { layer: 0, token: 0, expert: None, playing: false, speed: 1.0, playhead: 0.0 }
    }
}
