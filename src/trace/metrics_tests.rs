use super::{Balance, Largest, LayerMetrics};
use crate::trace::{Matrix, ModelInfo, sample};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

/// Even load: every measure is at its best.
#[test]
fn even_load() {
    for experts in [1, 2, 8, 64] {
        let balance = Balance::of(&vec![7; experts]).unwrap();
        assert!(close(balance.cv, 0.0) && close(balance.max_over_mean, 1.0) && close(balance.max_violation, 0.0));
        assert!(close(balance.jain, 1.0) && close(balance.entropy, 1.0));
        assert_eq!(balance.dead, 0);
    }
}

/// Everything on one of E: cv = sqrt(E - 1), max/mean = E, Jain = 1/E, entropy 0.
#[test]
fn collapse() {
    for experts in [2_u32, 8, 64] {
        let mut loads = vec![0; experts as usize];
        loads[1] = 90;
        let (balance, e) = (Balance::of(&loads).unwrap(), f64::from(experts));
        assert!(close(balance.cv, (e - 1.0).sqrt()));
        assert!(close(balance.max_over_mean, e) && close(balance.max_violation, e - 1.0));
        assert!(close(balance.jain, 1.0 / e) && close(balance.entropy, 0.0));
        assert!(balance.entropy.is_sign_positive(), "it is written as 0, not as -0");
        assert_eq!(balance.dead, experts as usize - 1);
    }
}

/// Half of the experts share everything: cv 1, Jain 1/2, entropy 1 - ln 2 / ln E.
#[test]
fn half_of_the_experts() {
    let balance = Balance::of(&[3, 3, 3, 3, 0, 0, 0, 0]).unwrap();
    assert!(close(balance.cv, 1.0) && close(balance.jain, 0.5) && close(balance.entropy, 2.0 / 3.0));
}

#[test]
fn measures_do_not_depend_on_order_or_unit_and_agree_with_each_other() {
    let mut noise = sample::Noise(3);
    for _ in 0..200 {
        let mut loads: Vec<u64> = (0..9).map(|_| noise.bits() % 50).collect();
        loads[0] += 1;
        let balance = Balance::of(&loads).unwrap();
        let scaled = Balance::of(&loads.iter().rev().map(|load| load * 3).collect::<Vec<_>>()).unwrap();
        assert!(
            close(balance.cv, scaled.cv) && close(balance.entropy, scaled.entropy) && close(balance.jain, scaled.jain)
        );
        assert!(close(balance.jain, 1.0 / (1.0 + balance.cv.powi(2))), "Jain = 1 / (1 + cv^2)");
        assert!(close(balance.max_violation, balance.max_over_mean - 1.0));
        assert!((0.0..=1.0 + 1e-12).contains(&balance.entropy));
    }
}

#[test]
fn nothing_chosen_has_no_balance() {
    assert_eq!(Balance::of(&[]), None);
    assert_eq!(Balance::of(&[0, 0]), None);
    assert!(LayerMetrics::of_trace(&sample::trace(0, 2, 4, 2)).is_empty());
}

#[test]
fn shares_add_up_and_the_loss_is_even_at_its_baseline() {
    let trace = sample::trace(50, 2, 8, 2);
    for metrics in LayerMetrics::of_trace(&trace) {
        assert_eq!(metrics.load.iter().sum::<u64>(), 100);
        assert!(close(metrics.share.iter().sum(), 1.0));
        assert!((metrics.balance_baseline.unwrap() - 1.0).abs() < 1e-5, "a softmax adds up to 1");
        assert_eq!((metrics.tokens, metrics.dropped, metrics.even_share()), (50, Some(0), 0.125));
    }
}

/// Two experts, two tokens, both to expert 0 with p = 3/4: loss 2 (1 * 3/4 + 0 * 1/4) = 1.5.
/// One each with the same P gives 2 (1/2 * 3/4 + 1/2 * 1/4) = 1.
#[test]
fn balance_loss_by_hand() {
    let mut trace = sample::trace(2, 1, 2, 1);
    trace.layers[0].probs = Matrix::new(2, vec![0.75, 0.25, 0.75, 0.25]);
    trace.layers[0].dropped = Matrix::new(1, vec![false, true]);
    for (experts, loss) in [([0, 0], 1.5), ([0, 1], 1.0)] {
        trace.layers[0].experts = Matrix::new(1, experts.to_vec()).unwrap();
        let metrics = &LayerMetrics::of_trace(&trace)[0];
        assert!(close(metrics.balance_loss.unwrap(), loss) && close(metrics.balance_baseline.unwrap(), 1.0));
        assert_eq!((metrics.mean_prob.as_deref(), metrics.dropped), (Some(&[0.75, 0.25][..]), Some(1)));
    }
}

/// Two tokens, two of eight experts each: four experts are idle at best, and 8 (3/4)^2 at random.
#[test]
fn a_layer_knows_what_its_text_can_reach() {
    let metrics = &LayerMetrics::of_trace(&sample::trace(2, 1, 8, 2))[0];
    assert_eq!(metrics.choices, [0, 0, 2]);
    assert_eq!((metrics.best().unwrap().dead, metrics.random().unwrap().dead), (4, 4.5));
}

/// What stands beside a number must be within the method's reach: a table leaves nothing open, a balanced assignment and
/// experts that choose are even themselves, and in a tree a token's experts depend on each other.
#[test]
fn what_stands_beside_a_number_is_within_the_methods_reach() {
    let of = |router: &str, convention: &str, looks_ahead| {
        let mut trace = sample::trace(2, 1, 8, 2);
        trace.model = ModelInfo { router: router.into(), convention: convention.into(), looks_ahead, ..trace.model };
        let metrics = LayerMetrics::of_trace(&trace).remove(0);
        (metrics.best().map(|best| best.dead), metrics.random().map(|random| random.dead), metrics.random_largest())
    };
    let picks = "softmax over all experts, each expert picks its best tokens, not renormalised";
    let largest = Largest::of(&[0, 0, 2], 8);
    assert!(largest.is_some());
    assert_eq!(of("mixtral", "softmax over the kept logits", false), (Some(4), Some(4.5), largest));
    assert_eq!(of("expert-choice", picks, false), (Some(4), Some(4.5), largest), "left to right each token chooses");
    assert_eq!(of("expert-choice", picks, true), (Some(4), None, None));
    assert_eq!(of("base", "sigmoid of the chosen affinity", true), (Some(4), None, None));
    assert_eq!(of("hash", "1: no router", false), (None, None, None));
    let tree = ("shazeer-hierarchical", "product of two noisy top-k gates");
    assert_eq!(of(tree.0, tree.1, false), (Some(4), Some(4.5), None), "which groups is not recorded");
    let mut trace = sample::trace(2, 1, 8, 2);
    (trace.model.router, trace.model.convention) = (tree.0.into(), tree.1.into());
    (trace.model.constants.groups, trace.model.constants.top_groups) = (Some(2), Some(1));
    let found = LayerMetrics::of_trace(&trace).remove(0).random_largest().unwrap();
    // Python, every way counted: 17/12 for two tokens that each choose one of two groups and two of its four experts.
    assert!((found.over_mean - 17.0 / 12.0 * 2.0).abs() < 0.01 && !found.exact, "{found:?}");
}

/// Where softmax is rounded to 1 and 0, a chosen expert of weight 0 is chosen all the same: two tokens with two choices each.
#[test]
fn a_choice_of_weight_0_counts() {
    let trace = sample::saturated();
    trace.check().unwrap();
    assert_eq!([trace.layers[0].chosen(0), trace.layers[0].chosen(1)], [[2, 4], [0, 7]]);
    let metrics = &LayerMetrics::of_trace(&trace)[0];
    assert_eq!(metrics.choices, [0, 0, 2]);
    assert_eq!((metrics.load.as_slice(), metrics.balance.dead), (&[1, 0, 1, 0, 1, 0, 0, 1][..], 4));
}

/// An entry of weight 0 whose expert has a score was not chosen; nor does one say anything in a row of all experts, as
/// expert choice writes it, whatever the scores.
#[test]
fn an_entry_that_fills_its_row_is_no_choice() {
    let mut trace = sample::saturated();
    trace.layers[0].probs = Matrix::new(8, vec![0.125; 16]);
    assert_eq!([trace.layers[0].chosen(0), trace.layers[0].chosen(1)], [[2], [0]]);
    let mut trace = sample::trace(1, 1, 3, 3);
    let layer = &mut trace.layers[0];
    layer.probs = Matrix::new(3, vec![0.0, 1.0, 0.0]);
    layer.experts = Matrix::new(3, vec![1, 0, 2]).unwrap();
    layer.weights = Matrix::new(3, vec![1.0, 0.0, 0.0]);
    assert_eq!(layer.chosen(0), [1]);
    layer.weights = Matrix::new(3, vec![0.0; 3]);
    assert!(layer.chosen(0).is_empty());
}

/// A layer where no token has an expert keeps its place among the others.
#[test]
fn a_layer_without_choices_is_counted_as_one() {
    let mut trace = sample::trace(3, 2, 4, 2);
    trace.layers[0].weights = Matrix::new(2, vec![0.0; 6]);
    let metrics = LayerMetrics::of_trace(&trace);
    assert_eq!((metrics.len(), metrics[0].is_passed(), metrics[0].balance.dead), (2, true, 4));
    assert_eq!((metrics[0].best(), metrics[0].random(), metrics[1].is_passed()), (None, None, false));
}

/// Loads are the file's own; what is not recorded has no number. Of 200 choices over four experts the mean is 50.
#[test]
fn what_is_not_recorded_is_not_counted_as_0() {
    let counted = LayerMetrics::of_trace(&sample::counted()).remove(0);
    assert_eq!((counted.tokens, counted.load.as_slice()), (100, &[80, 70, 50, 0][..]));
    assert!(close(counted.balance.max_over_mean, 1.6) && counted.balance.dead == 1);
    assert_eq!((counted.best(), counted.random(), counted.random_largest()), (None, None, None));
    let ids = LayerMetrics::of_trace(&sample::ids_only(9));
    for metrics in ids.iter().chain([&counted]) {
        assert_eq!((metrics.dropped, metrics.mean_prob.as_ref()), (None, None));
        assert_eq!((metrics.balance_loss, metrics.balance_baseline), (None, None));
    }
    let (full, ids) = (LayerMetrics::of_trace(&sample::mixed(9)), ids);
    assert!(full.iter().zip(&ids).all(|(full, ids)| full.load == ids.load && full.balance == ids.balance));
}
