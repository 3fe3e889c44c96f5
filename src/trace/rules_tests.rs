use super::{GateKind, Rules, Scores, Weights};
use crate::methods;
use crate::trace::{LayerInfo, LayerTrace, Matrix, Trace, sample};

const SIGMOID: &str = "sigmoid, top k with a bias, without it renormalised over the chosen";
const SWITCH: &str = "the largest of softmax, not renormalised";
const GSHARD: &str = "the two largest of softmax, renormalised";
const HASH: &str = "1: no router";
const NOISY: &str = "softmax over the k largest noisy logits";

/// A trace of one token and two experts.
fn one(convention: &str, logits: [f32; 2], probs: [f32; 2], choices: &[(u16, f32, bool)]) -> Trace {
    let k = choices.len();
    let mut trace = sample::trace(1, 1, 2, k);
    trace.model.convention = convention.to_owned();
    trace.layers[0] = LayerTrace {
        block: 0,
        info: LayerInfo { method: None, experts: 2, top_k: k },
        logits: Matrix::new(2, logits.to_vec()),
        probs: Matrix::new(2, probs.to_vec()),
        experts: Matrix::new(k, choices.iter().map(|choice| choice.0).collect()).unwrap(),
        weights: Matrix::new(k, choices.iter().map(|choice| choice.1).collect()),
        dropped: Matrix::new(k, choices.iter().map(|choice| choice.2).collect()),
        capacity: None,
        extra: Matrix::default(),
        attention: None,
        counts: None,
    };
    trace
}

fn complaint(trace: &Trace) -> String {
    trace.check().unwrap_err().to_string()
}

/// ln 3 against 0: softmax gives 3/4 and 1/4, sigmoid 3/4 and 1/2.
const LN_3: [f32; 2] = [1.098_612_3, 0.0];

#[test]
fn numbers_that_fit_their_convention_pass() {
    let fitting = [
        one("softmax over the kept logits", LN_3, [0.75, 0.25], &[(0, 0.75, false), (1, 0.25, false)]),
        one("softmax over the kept logits", LN_3, [0.75, 0.25], &[(0, 1.0, false)]),
        one("softmax over all experts, not renormalised", LN_3, [0.75, 0.25], &[(0, 0.75, false)]),
        one(SWITCH, LN_3, [0.75, 0.25], &[(0, 0.0, true)]),
        one(GSHARD, LN_3, [0.75, 0.25], &[(0, 0.75, false), (1, 0.0, true)]),
        one(GSHARD, LN_3, [0.75, 0.25], &[(1, 0.25, false), (0, 0.0, true)]),
        one(SIGMOID, LN_3, [0.75, 0.5], &[(0, 0.6, false), (1, 0.4, false)]),
        one("sigmoid of the chosen affinity", LN_3, [0.75, 0.5], &[(1, 0.5, false)]),
        one(HASH, [0.0, 0.0], [0.0, 1.0], &[(1, 1.0, false)]),
        one("1: the policy picks one block; 0 for pass", LN_3, [0.75, 0.25], &[(1, 0.0, false)]),
        one(NOISY, LN_3, [0.75, 0.25], &[(1, 0.9, false), (0, 0.1, false)]),
        one("something new", LN_3, [0.2, 0.9], &[(1, 5.0, false)]),
    ];
    for trace in fitting {
        assert_eq!(trace.check(), Ok(()), "{}", trace.model.convention);
    }
}

/// The logit of a score s is ln(e^(s^2) - 1): 2.138623 for 1.5, 0.541325 for 1.
#[test]
fn scores_without_a_bound_are_held_to_their_logits() {
    const ROOTS: &str = "root of softplus, top k with a bias, without it renormalised over the chosen and scaled";
    let logits = [2.138_623_2, 0.541_324_85];
    let of = |probs, weights: [f32; 2]| one(ROOTS, logits, probs, &[(0, weights[0], false), (1, weights[1], false)]);
    assert_eq!(of([1.5, 1.0], [0.9, 0.6]).check(), Ok(()));
    assert!(complaint(&of([1.4, 1.0], [0.9, 0.6])).contains("a score is 1.400 where its logit makes 1.500"));
    assert!(complaint(&of([-0.1, 1.0], [0.9, 0.6])).contains("no score of this convention is below 0"));
    assert!(
        complaint(&of([1.5, 1.0], [1.0, 0.5])).contains("the weight of choice 1 is 1.000 where its score makes 0.900")
    );
}

#[test]
fn rounding_is_no_fault() {
    let trace = one("softmax over the kept logits", LN_3, [0.75, 0.251], &[(0, 0.746, false), (1, 0.254, false)]);
    assert_eq!(trace.check(), Ok(()));
}

#[test]
fn scores_that_do_not_fit_are_named_with_their_place() {
    let said = complaint(&one("softmax over the kept logits", LN_3, [0.75, 0.5], &[(0, 1.0, false)]));
    assert!(said.starts_with("layer 1, token 1 (layers[0].probs[0])"), "{said}");
    assert!(said.contains("add up to 1.250 and not to 1") && said.contains("softmax over the kept logits"), "{said}");
    let said = complaint(&one(SWITCH, LN_3, [0.25, 0.75], &[(0, 0.25, false)]));
    assert!(said.contains("0.250 where its logit makes 0.750"), "{said}");
    let said = complaint(&one(SIGMOID, LN_3, [0.75, 0.25], &[(0, 1.0, false)]));
    assert!(said.contains("0.250 where its logit makes 0.500"), "{said}");
    let said = complaint(&one(HASH, [0.0, 0.0], [0.0, 0.0], &[(1, 1.0, false)]));
    assert!(said.contains("add up to 0.000"), "{said}");
    let said = complaint(&one(NOISY, LN_3, [1.75, -0.75], &[(0, 1.0, false)]));
    assert!(said.contains("between 0 and 1"), "{said}");
}

#[test]
fn weights_that_do_not_fit_are_named_with_their_place() {
    let kept = [(0, 0.9, false), (1, 0.1, false)];
    let said = complaint(&one("softmax over the kept logits", LN_3, [0.75, 0.25], &kept));
    assert!(said.starts_with("layer 1, token 1 (layers[0].weights[0])"), "{said}");
    assert!(said.contains("choice 1 is 0.900 where its score makes 0.750"), "{said}");
    assert!(complaint(&one(SWITCH, LN_3, [0.75, 0.25], &[(0, 1.0, false)])).contains("1.000 where"));
    assert!(complaint(&one(SIGMOID, LN_3, [0.75, 0.5], &[(0, 0.75, false), (1, 0.5, false)])).contains("makes 0.600"));
    assert!(complaint(&one(HASH, [0.0, 0.0], [0.0, 1.0], &[(1, 0.5, false)])).contains("makes 1.000"));
    assert!(complaint(&one(NOISY, LN_3, [0.75, 0.25], &[(0, 0.5, false), (1, 0.4, false)])).contains("0.900"));
    let said = complaint(&one(GSHARD, LN_3, [0.75, 0.25], &[(0, 0.75, true), (1, 0.25, false)]));
    assert!(said.contains("dropped"), "{said}");
}

#[test]
fn an_unknown_convention_has_no_rules() {
    let none = Rules {
        scores: Scores::Unknown,
        weights: Weights::Unknown,
        gate: GateKind::Unknown,
        fixed: false,
        scaling: None,
    };
    assert_eq!(Rules::of("something new"), none);
    assert_eq!(Rules::of(""), none);
}

/// Routers write the words of their method, so a method without rules would leave its traces unchecked.
#[test]
fn every_method_has_rules() {
    for method in methods::all() {
        let rules = Rules::of(method.convention);
        assert!(rules.scores != Scores::Unknown && rules.gate != GateKind::Unknown, "{}", method.id);
    }
}
