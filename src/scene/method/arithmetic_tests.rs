use super::*;
use crate::scene::method::number;
use crate::scene::method::samples;
use crate::trace::conventions::Convention;
use crate::trace::{Trace, sample};

fn words(trace: &Trace, token: usize) -> String {
    steps(&samples::place(trace, token), false).join("\n")
}

fn has(trace: &Trace, token: usize, pieces: &[&str]) {
    let words = words(trace, token);
    for piece in pieces {
        assert!(words.contains(piece), "{}: no {piece:?} in\n{words}", trace.model.router);
    }
    assert!(!words.contains("do not follow"), "{words}");
}

#[test]
fn the_numbers_are_those_of_the_trace() {
    has(
        &samples::switch(),
        0,
        &["E2 with 0.731", "The weight is p itself, 0.731", "room for 1 in a group of 4", "number 1: there is room"],
    );
    has(&samples::switch(), 1, &["number 2: the expert is full", "dropped"]);
    has(&samples::gshard(), 0, &["0.731 / (0.731 + 0.269) = 0.731, and 0.269", "room for 2", "queue of E2"]);
    has(&samples::base(), 2, &["would take E1 (h·w = 0.90)", "sends it to E2 (0.80)", "σ(0.80) = 0.690"]);
    has(&samples::hash("previous"), 1, &["the table has E2 for “a”", "weight is 1"]);
    has(&samples::hash("position"), 2, &["by the place in the text", "the hash of place 3 is E1"]);
    has(&samples::tree(), 0, &["E1 is in branch 1: g = 0.800", "times 0.750 for the leaf = 0.600"]);
    has(&samples::noisy_tree(), 0, &["g = 0.600 for the branch times 0.833", "the weight is 0.600"]);
    has(&samples::policy(), 0, &["mean of 2 policies", "E1 with 0.400"]);
    has(&samples::expert_choice(), 0, &["Taken by E1 (its number 2 of 2), E2 (its number 2 of 2)", "0.500 for E1"]);
    has(&samples::expert_choice(), 2, &["No expert took this token"]);
    has(
        &samples::deepseek(),
        0,
        &["σ(0.41) = 0.600", "0.600 + (0.100) = 0.700", "0.600 / (0.600) = 1.000", "shared expert"],
    );
}

/// Scores 1.5, 0.5, 1 and 0.25; the logit of 1.5 is ln(e^2.25 - 1) = 2.14.
#[test]
fn a_table_chooses_and_the_scores_weigh() {
    has(
        &samples::deepseek_v4(true),
        0,
        &[
            "For “a” it has E1, E2",
            "√ln(1 + e^(2.14)) = 1.500",
            "1.50 · 1.500 / (1.500 + 0.500) = 1.125",
            "shared expert",
        ],
    );
    has(&samples::deepseek_v4(true), 1, &["For “b” it has E3, E4", "1.50 · 1.000 / (1.000 + 0.250) = 1.200"]);
    has(&samples::deepseek_v4(false), 1, &["a bias counts: 1.500 + (0.000)", "1.500 / (1.500 + 0.250) = 1.286"]);
    let mut unscaled = samples::deepseek_v4(false);
    unscaled.model.constants.scaling = None;
    assert!(words(&unscaled, 0).contains("times a factor that is not recorded: 1.286"), "{}", words(&unscaled, 0));
    assert_eq!(unscaled.check(), Ok(()), "the weights' own sum is taken");
    unscaled.model.constants.scaling = Some(2.0);
    assert!(unscaled.check().unwrap_err().to_string().contains("the weight of choice 1 is 1.286"));
}

#[test]
fn what_is_kept_with_weight_0_is_named() {
    let steps = words(&sample::saturated(), 0);
    for part in [
        "kept are the 2 largest, E3 1.000, E5 0.000",
        "the score s decides",
        "Together they are 1.000: as much as weights that add up to 1",
    ] {
        assert!(steps.contains(part), "{steps}");
    }
    assert!(!steps.contains("smaller"), "{steps}");
}

/// Softmax is 1 and 0 exactly, and sigmoids are all 0: what a sentence says of dividing and of gradients must hold there too.
#[test]
fn sentences_hold_where_scores_are_saturated() {
    let saturated = |router: &str, k: usize| {
        let mut trace = sample::saturated();
        (trace.model.router, trace.model.top_k) = (router.to_owned(), k);
        trace.model.convention = crate::methods::by_id(router).unwrap().convention.to_owned();
        let layer = &mut trace.layers[0];
        layer.info.top_k = k;
        layer.experts =
            crate::trace::Matrix::new(k, [vec![2, 4], vec![0, 7]].iter().flat_map(|ids| ids[..k].to_vec()).collect())
                .unwrap();
        layer.weights =
            crate::trace::Matrix::new(k, [[1.0, 0.0]; 2].iter().flat_map(|all| all[..k].to_vec()).collect());
        layer.dropped = crate::trace::Matrix::new(k, vec![false; 2 * k]);
        trace
    };
    let switch = words(&saturated("switch", 1), 0);
    assert!(switch.contains("where p is 1 no score changes it") && !switch.contains("so the router gets"), "{switch}");
    for router in ["mixtral", "qwen3", "gpt-oss"] {
        for k in [1, 2] {
            let steps = words(&saturated(router, k), 0);
            assert!(!steps.contains("NaN") && steps.contains("= 1.000"), "{router}, {k}: {steps}");
            assert!(k == 2 || !steps.contains("1 largest"), "{steps}");
        }
    }
    for (ids, said) in [([0, 1], "Of equal ones the lower number is kept."), ([5, 2], "Others are equal to the last")] {
        for router in ["mixtral", "olmoe"] {
            let mut even = saturated(router, 2);
            let layer = &mut even.layers[0];
            layer.logits = crate::trace::Matrix::new(8, vec![3.0; 16]);
            layer.probs = crate::trace::Matrix::new(8, vec![0.125; 16]);
            layer.experts = crate::trace::Matrix::new(2, ids.repeat(2)).unwrap();
            assert!(words(&even, 0).contains(said), "{router}: {}", words(&even, 0));
        }
    }
    assert!(!words(&saturated("mixtral", 2), 0).contains("equal"));
    let one = words(&saturated("olmoe", 1), 0);
    assert!(one.contains("kept is the largest, E3 1.000") && one.contains("It is 1.000: as much as"), "{one}");
    let mut zero = samples::deepseek();
    let (experts, k) = (zero.model.experts, zero.model.top_k);
    zero.layers[0].probs = crate::trace::Matrix::new(experts, vec![0.0; experts * zero.len()]);
    zero.layers[0].weights = crate::trace::Matrix::new(k, vec![0.0; k * zero.len()]);
    let steps = words(&zero, 0);
    assert!(steps.contains("0.000: the scores of all that were chosen are 0") && !steps.contains("NaN"), "{steps}");
}

/// e^s are 4, 2 and 1.
#[test]
fn todays_conventions_have_their_own_steps() {
    has(
        &samples::today(Convention::Olmoe),
        0,
        &["E1 0.571, E2 0.286", "p itself, for E1 0.571", "Together they are 0.857"],
    );
    has(&samples::today(Convention::Qwen3Moe), 0, &["0.571 / (0.571 + 0.286) = 0.667"]);
    has(
        &samples::today(Convention::GptOss),
        0,
        &["s of E1 = 0.693 + (0.693) = 1.386", "e^1.39 / (e^1.39 + e^0.69) = 0.667"],
    );
    let mut trace = samples::today(Convention::GptOss);
    trace.layers[0].extra = crate::trace::Matrix::default();
    has(&trace, 0, &["how large it is, is not recorded"]);
}

#[test]
fn what_slots_computed_is_not_told_as_an_expert_of_the_token() {
    let mut trace = samples::tree();
    (trace.model.router, trace.model.constants.slots) = ("soft-moe".to_owned(), Some(64));
    trace.model.convention = "softmax over slots; shown is each expert's share".to_owned();
    has(&trace, 0, &["every slot holds just this token"]);
    trace.model.looks_ahead = true;
    has(&trace, 0, &["E1 gives most, 0.600", "y = Σ_s C_s E(x̃_s)", "each computed 64 mixtures", "adds up to 0.600"]);
}

#[test]
fn the_two_ways_to_mixtrals_weight_agree() {
    let trace = sample::trace(9, 1, 8, 2);
    let (layer, token) = (&trace.layers[0], 4);
    let weight = number(layer.weights(token).unwrap()[0]);
    assert_eq!(words(&trace, token).matches(&format!("= {weight}")).count(), 2, "{}", words(&trace, token));
}

#[test]
fn weights_that_do_not_follow_are_said() {
    let mut trace = samples::switch();
    trace.layers[0].weights = crate::trace::Matrix::new(1, vec![0.5, 0.0]);
    assert!(words(&trace, 0).contains("do not follow"));
    (trace.model.router, trace.model.convention) = ("unheard-of".to_owned(), "unheard of".to_owned());
    assert!(words(&trace, 0).contains("not known for this method"));
}
