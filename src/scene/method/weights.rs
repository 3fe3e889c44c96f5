//! From scores to weights, by each method's convention: what the numbers of a token must be if the trace is what it says.

use super::Place;
use crate::methods::{GateKind, Weights};

/// The weights of the token's choices, in the order of the trace, from its logits and scores by the method's convention;
/// `None` where the convention is not known.
pub fn expected(at: &Place<'_>) -> Option<Vec<f32>> {
    let method = at.method()?;
    let chosen: Vec<usize> = at.layer.chosen(at.token).iter().map(|&e| usize::from(e)).collect();
    let of = |row: &[f32]| chosen.iter().map(|&e| row.get(e).copied().unwrap_or_default()).collect::<Vec<f32>>();
    let (logits, probs) = (at.logits.row(at.token), at.probs.row(at.token));
    let weights = match (method.weights, method.gate) {
        (Weights::One, _) => vec![1.0; chosen.len()],
        (Weights::Own, _) => of(probs),
        (Weights::Shares, _) => divided(of(probs)),
        (Weights::Scaled, _) => {
            let scaling = at.trace.model.constants.scaling? as f32;
            divided(of(probs)).into_iter().map(|share| share * scaling).collect()
        }
        (Weights::SumToOne, GateKind::Tree) => products(at, &chosen)?,
        (Weights::SumToOne, _) => softmax(&of(logits)),
        (Weights::Unknown, _) => return None,
    };
    let dropped = at.dropped.row(at.token);
    let held = |(weight, &dropped): (f32, &bool)| if dropped { 0.0 } else { weight };
    Some(weights.into_iter().zip(dropped).map(held).collect())
}

/// Whether the trace's weights are those of the convention, up to rounding.
pub fn hold(at: &Place<'_>) -> bool {
    let recorded = at.weights.row(at.token);
    expected(at).is_some_and(|weights| weights.iter().zip(recorded).all(|(a, b)| (a - b).abs() < 2e-3))
}

/// The sparse tree: the chosen groups' shares over their sum, times the chosen experts' shares in the group over theirs.
fn products(at: &Place<'_>, chosen: &[usize]) -> Option<Vec<f32>> {
    let size = at.experts() / at.trace.model.constants.groups.filter(|&groups| groups > 0)?;
    let probs = at.probs.row(at.token);
    let of = |e: usize| probs.get(e).copied().unwrap_or_default();
    let share = |group: usize| (group * size..(group + 1) * size).map(of).sum::<f32>();
    let mut groups: Vec<usize> = chosen.iter().map(|e| e / size).collect();
    groups.sort_unstable();
    groups.dedup();
    let all: f32 = groups.iter().map(|&group| share(group)).sum();
    let weight = |&e: &usize| {
        let here: f32 = chosen.iter().filter(|other| *other / size == e / size).map(|&e| of(e)).sum();
        if all > 0.0 && here > 0.0 { share(e / size) / all * of(e) / here } else { 0.0 }
    };
    Some(chosen.iter().map(weight).collect())
}

fn divided(values: Vec<f32>) -> Vec<f32> {
    let sum: f32 = values.iter().sum();
    if sum > 0.0 { values.iter().map(|value| value / sum).collect() } else { values }
}

fn softmax(values: &[f32]) -> Vec<f32> {
    let max = values.iter().copied().fold(f32::MIN, f32::max);
    divided(values.iter().map(|value| (value - max).exp()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;
    use crate::trace::{Trace, sample};

    #[test]
    fn every_convention_gives_the_weights_that_were_written_by_hand() {
        let traces: [Trace; 13] = [
            samples::deepseek_v4(true),
            samples::deepseek_v4(false),
            samples::shazeer(),
            samples::gshard(),
            samples::switch(),
            samples::base(),
            samples::hash("random"),
            samples::expert_choice(),
            samples::tree(),
            samples::noisy_tree(),
            samples::policy(),
            samples::deepseek(),
            sample::trace(9, 1, 8, 2),
        ];
        for trace in traces {
            for token in 0..trace.len() {
                let at = samples::place(&trace, token);
                assert!(hold(&at), "{}, token {token}: {:?}", trace.model.router, expected(&at));
            }
        }
    }

    #[test]
    fn weights_of_another_convention_are_noticed() {
        let mut trace = sample::trace(9, 1, 8, 2);
        trace.model.router = "switch".to_owned();
        assert!(!hold(&samples::place(&trace, 0)));
        trace.model.router = "unheard-of".to_owned();
        assert!(hold(&samples::place(&trace, 0)), "the convention is known by its words");
        trace.model.convention = "unheard of".to_owned();
        assert_eq!(expected(&samples::place(&trace, 0)), None);
    }
}
