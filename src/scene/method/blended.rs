//! The load where every expert works for every token. Counted by choices it is even by construction and says nothing, so it is
//! counted by weight there: an expert's share is the mean of its weights over the tokens.

use crate::order;
use crate::trace::metrics::{Balance, LayerMetrics};
use crate::trace::{LayerTrace, Trace};

/// Parts that a weight of 1 is counted in.
const PARTS: f64 = 1e9;

/// Whether every expert works for every token, so that numbers of choices are even by construction, and how much each works is
/// recorded.
pub fn is_blended(trace: &Trace) -> bool {
    let weighed = || trace.layers.iter().all(|layer| layer.weights.is_some());
    trace.model.experts > 1 && trace.model.method().is_some_and(|method| method.blends) && weighed()
}

/// The metrics of every layer, from the input upwards; where experts are blended, share and balance by weight.
pub fn metrics(trace: &Trace) -> Vec<LayerMetrics> {
    let counted = LayerMetrics::of_trace(trace);
    if !is_blended(trace) {
        return counted;
    }
    counted.into_iter().zip(&trace.layers).map(|(metrics, layer)| weighted(metrics, layer)).collect()
}

/// The weight of an expert for a token; 0 where the token did not ask it.
pub fn weight(layer: &LayerTrace, token: usize, expert: usize) -> f32 {
    let mut asked = layer.chosen(token).iter().zip(layer.weights(token).unwrap_or_default());
    asked.find(|(e, _)| usize::from(**e) == expert).map_or(0.0, |(_, &weight)| weight)
}

/// The tokens for which an expert has most weight, with it, at most `most` of them, the largest first.
pub fn heaviest(layer: &LayerTrace, expert: usize, most: usize) -> Vec<(usize, f32)> {
    let mut tokens: Vec<_> = (0..layer.experts.rows()).map(|token| (token, weight(layer, token, expert))).collect();
    order::sort(&mut tokens, |a, b| b.1.total_cmp(&a.1));
    tokens.truncate(most);
    tokens
}

fn weighted(metrics: LayerMetrics, layer: &LayerTrace) -> LayerMetrics {
    let mut sums = vec![0.0; metrics.share.len()];
    for token in 0..layer.experts.rows() {
        for (&e, &weight) in layer.chosen(token).iter().zip(layer.weights(token).unwrap_or_default()) {
            if let Some(sum) = sums.get_mut(usize::from(e)) {
                *sum += f64::from(weight);
            }
        }
    }
    let total: f64 = sums.iter().sum();
    let parts: Vec<u64> = sums.iter().map(|sum| (sum * PARTS).round().max(0.0) as u64).collect();
    match Balance::of(&parts) {
        Some(balance) => LayerMetrics { share: sums.iter().map(|sum| sum / total).collect(), balance, ..metrics },
        None => metrics,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{method::samples, words};

    /// One token with weights 0.6, 0.2, 0.1, 0.1 around the mean 1/4: the largest is 2.4 means, and the squared variation is
    /// (0.35² + 0.05² + 2 · 0.15²) / 4 over 1/16.
    #[test]
    fn a_blend_is_weighed_and_not_counted() {
        let trace = samples::tree();
        let (ours, counted) = (metrics(&trace).remove(0), LayerMetrics::of_trace(&trace).remove(0));
        assert_eq!((counted.balance.max_over_mean, counted.balance.cv), (1.0, 0.0), "even by construction");
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
        assert!(ours.share.iter().zip([0.6, 0.2, 0.1, 0.1]).all(|(&a, b)| close(a, b)), "{:?}", ours.share);
        assert!(close(ours.balance.max_over_mean, 2.4), "{:?}", ours.balance);
        let variance = (0.35_f64.powi(2) + 0.05_f64.powi(2) + 2.0 * 0.15_f64.powi(2)) / 4.0;
        assert!(close(ours.balance.cv, (variance * 16.0).sqrt()), "{:?}", ours.balance);
        assert_eq!(ours.load, counted.load);
    }

    #[test]
    fn where_experts_are_chosen_choices_are_counted() {
        let trace = samples::gshard();
        assert!(!is_blended(&trace));
        assert_eq!(metrics(&trace), LayerMetrics::of_trace(&trace));
    }

    #[test]
    fn words_say_that_a_blend_is_weighed() {
        let trace = samples::tree();
        let metrics = metrics(&trace);
        let layer = words::of_layer(&trace, &metrics, 0);
        assert!(layer.contains("by weight") && layer.contains("max/mean 2.40"), "{layer}");
        assert!(!layer.contains("dead"), "{layer}");
        let expert = words::of_expert(&trace, &metrics, 0, 0);
        assert!(expert.contains("works for every token · 60.0 % of the weight (even: 25.0 %)"), "{expert}");
    }

    #[test]
    fn the_heaviest_tokens_come_first() {
        let trace = samples::shazeer();
        let found = heaviest(&trace.layers[0], 0, 2);
        assert_eq!(found, [(0, 0.75), (1, 0.75)]);
        assert_eq!(weight(&trace.layers[0], 0, 1), 0.0);
    }
}
