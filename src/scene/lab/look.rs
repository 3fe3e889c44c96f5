//! What is looked at in a run.

use super::Curve;
use crate::run::record::Saturation;
use crate::scene::shape::{Dash, Role, Stroke};

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub struct RunView<'a> {
    /// All branches; never empty while there is something to draw.
    pub curves: Vec<Curve<'a>>,
    /// Which of `curves` is selected.
    pub selected: usize,
    /// The step that is looked at.
    pub step: u64,
    /// Steps done by the branch that has done most, recorded or not.
    pub newest: u64,
    /// Layers.
    pub layers: usize,
    /// Experts in each.
    pub experts: usize,
    /// Saturation against the newest step, if it was asked for.
    pub saturation: Option<&'a Saturation>,
    /// Whether a choice was ever dropped because its expert was full.
    pub drops: bool,
}

impl<'a> RunView<'a> {
    /// How the curve in this place is drawn: the selected one loud and whole, the others told apart by ink and dashes.
    pub(super) fn stroke(&self, at: usize, loud: f32, quiet: f32) -> Stroke {
        if at == self.selected {
            return Stroke::new(Role::Selected, loud);
        }
        let (role, dash) = match (at - usize::from(at > self.selected)) % 6 {
            0 => (Role::Ink, Dash::Long),
            1 => (Role::Soft, Dash::Whole),
            2 => (Role::Ink, Dash::Dots),
            3 => (Role::Soft, Dash::Long),
            4 => (Role::Ink, Dash::Short),
            _ => (Role::Soft, Dash::Dots),
        };
        Stroke { role, width: quiet, dash }
    }

    /// The selected branch.
    pub fn curve(&self) -> Option<&Curve<'a>> {
        self.curves.get(self.selected)
    }

    /// The newest step of all.
    pub fn last(&self) -> u64 {
        self.curves.iter().map(Curve::last).max().unwrap_or(0).max(self.newest)
    }
}
