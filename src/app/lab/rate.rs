//! How many steps a second are done, of what was told in the last seconds: a step's own time leaves out the evaluations,
//! samples and copies between steps.

use std::collections::VecDeque;

/// Milliseconds that are looked back.
const WINDOW: f64 = 3000.0;
/// What is shorter is no rate yet.
const LEAST: f64 = 500.0;

/// What was told and when, oldest first.
#[derive(Debug, Default)]
pub struct Rate(VecDeque<(f64, u64)>);

impl Rate {
    /// At `now`, in milliseconds, so many steps were done in all. Steps a second, once there is something to tell.
    pub fn seen(&mut self, now: f64, done: u64) -> Option<f32> {
        self.0.push_back((now, done));
        while self.0.get(1).is_some_and(|&(second, _)| now - second >= WINDOW) {
            self.0.pop_front();
        }
        let &(then, before) = self.0.front()?;
        (now - then >= LEAST).then(|| (done.saturating_sub(before) as f64 / (now - then) * 1000.0) as f32)
    }

    /// Training stopped.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn steps_over_time() {
        let mut rate = Rate::default();
        assert_eq!((rate.seen(0.0, 10), rate.seen(400.0, 18)), (None, None));
        assert_eq!(rate.seen(1000.0, 30), Some(20.0));
        // Only the last seconds count.
        for second in 2..=10 {
            rate.seen(f64::from(second) * 1000.0, 30 + 5 * (u64::from(second as u32) - 1));
        }
        assert_eq!(rate.seen(11_000.0, 80), Some(5.0));
        rate.forget();
        assert_eq!(rate.seen(12_000.0, 85), None);
    }
}
