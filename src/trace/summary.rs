//! A text's way through a model in a few numbers, to set beside another model's.

use super::{Trace, metrics::LayerMetrics};

/// The numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Tokens, T.
    pub tokens: usize,
    /// Choices that found their expert full over all choices of all layers; `None` without a choice, and if not recorded.
    pub dropped: Option<f64>,
    /// Largest load over mean load of each layer, [L].
    pub max_over_mean: Vec<f64>,
    /// Bits per byte of this text; `None` if losses are not recorded.
    pub bits_per_byte: Option<f64>,
    /// Milliseconds of the forward pass and the tokens computed in it, if recorded.
    pub measured: Option<(f64, usize)>,
}

impl Summary {
    /// Of a trace.
    pub fn of(trace: &Trace) -> Self {
        let metrics = LayerMetrics::of_trace(trace);
        let choices: u64 = metrics.iter().flat_map(|layer| &layer.load).sum();
        let dropped: Option<usize> = metrics.iter().map(|layer| layer.dropped).sum();
        Self {
            tokens: trace.len(),
            dropped: dropped.filter(|_| choices > 0).map(|dropped| dropped as f64 / choices as f64),
            max_over_mean: metrics.iter().map(|layer| layer.balance.max_over_mean).collect(),
            bits_per_byte: bits_per_byte(trace),
            measured: trace.device.as_ref().map(|run| (run.forward_ms, run.computed_tokens)),
        }
    }
}

/// Losses of the tokens that have one, in bits, over the bytes of those tokens. The first token has none, since nothing
/// stands before it, and its bytes do not count. `None` if no loss is recorded.
pub fn bits_per_byte(trace: &Trace) -> Option<f64> {
    let known = trace.tokens.iter().zip(&trace.losses).filter_map(|(token, loss)| Some((token, (*loss)?)));
    let (nats, bytes) = known.fold((0.0, 0), |(nats, bytes), (token, loss)| {
        (nats + f64::from(loss), bytes + token.end.saturating_sub(token.start))
    });
    (bytes > 0).then(|| nats / std::f64::consts::LN_2 / bytes as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Matrix, sample};

    /// "The lighthouse": 3, 6 and 5 bytes; 3 nats on the last 11 bytes are 3 / ln 2 / 11 bits per byte.
    #[test]
    fn bits_count_the_bytes_of_the_tokens_that_have_a_loss() {
        let mut trace = sample::trace(3, 2, 4, 2);
        assert_eq!(bits_per_byte(&trace), None);
        trace.losses = vec![None, Some(2.0), Some(1.0)];
        let bits = bits_per_byte(&trace).unwrap();
        assert!((bits - 0.393_462_283_878_808_2).abs() < 1e-12, "{bits}");
    }

    #[test]
    fn drops_are_a_share_of_all_choices() {
        let mut trace = sample::trace(5, 2, 4, 2);
        assert_eq!(Summary::of(&trace).dropped, Some(0.0));
        let mut dropped = vec![false; 10];
        dropped[3] = true;
        trace.layers[1].dropped = Matrix::new(2, dropped);
        assert_eq!(Summary::of(&trace).dropped, Some(1.0 / 20.0));
        let empty = Summary::of(&sample::trace(0, 2, 4, 2));
        assert_eq!((empty.dropped, empty.tokens, empty.bits_per_byte), (None, 0, None));
    }
}
