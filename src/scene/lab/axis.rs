//! The time axis: steps to pixels and back.

/// Steps from left to right, beginning with 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Where step 0 is.
    pub left: f32,
    /// Where the last step is.
    pub right: f32,
    /// The last step.
    pub end: u64,
}

/// Shortest axis, in steps: a run that has just begun does not fill the picture with one step.
const SHORTEST: u64 = 50;

impl Axis {
    /// An axis on which `last` is the newest step. Its end is a round number and moves in jumps, so that curves do not
    /// shrink with every step.
    pub fn new(left: f32, right: f32, last: u64) -> Self {
        let last = last.max(SHORTEST);
        let mut unit = 1;
        while last > 100 * unit {
            unit *= 10;
        }
        // Tenths of 10 units: at most a sixth of the axis is empty.
        let end = [10, 12, 15, 18, 20, 24, 30, 36, 40, 45, 50, 60, 70, 80, 90, 100]
            .map(|n| n * unit)
            .into_iter()
            .find(|&end| end >= last);
        Self { left, right, end: end.unwrap_or(last) }
    }

    /// Where a step is.
    pub fn x(&self, step: u64) -> f32 {
        self.left + (self.right - self.left) * (step as f64 / self.end.max(1) as f64) as f32
    }

    /// The step at a place, from 0 to the end.
    pub fn step(&self, x: f32) -> u64 {
        let share = f64::from((x - self.left) / (self.right - self.left).max(1.0)).clamp(0.0, 1.0);
        (share * self.end as f64).round() as u64
    }

    /// Round steps, `gap` pixels or more apart.
    pub fn ticks(&self, gap: f32) -> Vec<u64> {
        let most = ((self.right - self.left) / gap).max(1.0) as u64;
        let round = (0..19).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_u64.pow(zeros)));
        let by = round.into_iter().find(|by| self.end / by <= most).unwrap_or(self.end.max(1));
        (0..=self.end / by).map(|n| n * by).collect()
    }
}
