//! How unevenly choices are spread over experts, in the measures of papers and libraries.

/// Measures of how unevenly a number of choices is spread over experts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// Coefficient of variation: standard deviation (of the population, divided by E) over mean. 0 is even; the worst,
    /// everything on one expert, is sqrt(E - 1). Its square is the load loss of Shazeer et al. 2017.
    pub cv: f64,
    /// Largest load over mean load (Shazeer et al. 2017, table 6). 1 is even, E the worst.
    pub max_over_mean: f64,
    /// (Largest - mean) / mean, "MaxVio" of Wang et al. 2024. 0 is even, E - 1 the worst.
    pub max_violation: f64,
    /// Jain's fairness index: (sum load)^2 / (E sum load^2). 1 is even, 1 / E the worst.
    pub jain: f64,
    /// Entropy of the shares over ln E. 1 is even, 0 the worst. 1 for a single expert.
    pub entropy: f64,
    /// Experts that nobody chose.
    pub dead: usize,
}

impl Balance {
    /// Of a layer that nobody used: everything is 0, and every expert idle.
    pub(super) fn idle(experts: usize) -> Self {
        Self { cv: 0.0, max_over_mean: 0.0, max_violation: 0.0, jain: 0.0, entropy: 0.0, dead: experts }
    }

    /// Of the loads of a layer; `None` if there is no expert or nothing was chosen.
    pub fn of(loads: &[u64]) -> Option<Self> {
        let total: u64 = loads.iter().sum();
        if total == 0 {
            return None;
        }
        let (experts, sum) = (loads.len() as f64, total as f64);
        let mean = sum / experts;
        let variance = loads.iter().map(|&load| (load as f64 - mean).powi(2)).sum::<f64>() / experts;
        let squares: f64 = loads.iter().map(|&load| (load as f64).powi(2)).sum();
        let largest = loads.iter().copied().max().unwrap_or(0) as f64;
        let nats: f64 =
            loads.iter().filter(|&&load| load > 0).map(|&load| load as f64 / sum).map(|f| -f * f.ln()).sum();
        Some(Self {
            cv: variance.sqrt() / mean,
            max_over_mean: largest / mean,
            max_violation: (largest - mean) / mean,
            jain: sum * sum / (experts * squares),
            entropy: if loads.len() > 1 { (nats / experts.ln()).abs() } else { 1.0 },
            dead: loads.iter().filter(|&&load| load == 0).count(),
        })
    }
}
