//! The flow: a canvas that paints the scene of a trace, and the controls of its time.
//!
//! A frame must never wait for Yew: the still picture is painted once into a canvas of its own, and each frame only
//! copies it and adds the dots. So time lives in a [`Clock`] that the picture and the controls share, not in the state
//! of the page; the page's [`ViewState`] gets the playhead only when somebody stops, steps or scrubs.

pub(crate) mod canvas;
mod clock;
mod drawing;
mod playback;
mod props;
mod stage;
mod view;

pub use clock::Clock;
pub use playback::{Playback, PlaybackProps};
pub use props::FlowProps;
pub use view::FlowView;
