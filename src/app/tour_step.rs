//! One step of a tour.

/// A step: its name, the panel it is about (`data-tour`), and its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TourStep {
    /// In one word or two.
    pub name: &'static str,
    /// The panel.
    pub target: &'static str,
    /// What to see there.
    pub words: String,
}

impl TourStep {
    /// Whether it is about a part of the inspector.
    pub fn is_inspected(&self) -> bool {
        matches!(self.target, "gate" | "experts" | "weights" | "next" | "expert" | "lab-side")
    }

    /// Whether it is about a part of what is a sheet on a phone.
    pub fn is_in_sheet(&self) -> bool {
        self.target == "balance" || self.is_inspected() && self.target != "lab-side"
    }
}
