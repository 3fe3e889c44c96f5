//! The learning rate over a run: a short rise, a plateau, and a straight fall to zero at the end
//! (warm-up, stable, decay: Hu et al. 2024, arXiv:2404.06395). The plateau makes a run easy to prolong: resume it before
//! the fall with more steps.

/// The factor of the peak learning rate in step `step` of `steps`.
pub fn factor(step: usize, steps: usize, warmup: usize, decay: f64) -> f64 {
    let rise = (step + 1) as f64 / warmup.max(1) as f64;
    let fall = (steps - step.min(steps)) as f64 / (decay * steps as f64).max(1.0);
    rise.min(fall).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::factor;

    #[test]
    fn rises_stays_and_falls() {
        assert_eq!(factor(0, 1000, 100, 0.2), 0.01);
        assert_eq!(factor(99, 1000, 100, 0.2), 1.0);
        assert_eq!(factor(800, 1000, 100, 0.2), 1.0);
        assert_eq!(factor(900, 1000, 100, 0.2), 0.5);
        assert_eq!(factor(1000, 1000, 100, 0.2), 0.0);
    }
}
