//! What is said of a run.

use super::curve::Curve;
use super::tests::{curve, evaluation, look, plot, run, step, swinging};
use super::words;
use super::{PlotPlan, RunView};
use crate::methods;
use crate::run::history::History;
use crate::run::record;
use crate::run::record::{Evaluation, StepRecord};
use crate::scene::shape::Shape;

#[test]
fn words_follow_the_numbers() {
    let say = |load: &[f32]| {
        let steps = run(0, 1..=20, load);
        words::explain(&look(vec![curve(&steps)], 20, load.len())).join(" ")
    };
    assert!(say(&[0.9, 0.05, 0.03, 0.02]).starts_with("Nearly every choice goes to one expert in layer 1 (1·E1 90 %)"));
    assert!(say(&[0.2, 0.6, 0.1, 0.1]).starts_with("Most choices go to one expert in layer 1 (1·E2 60 %)"));
    assert!(say(&[0.1, 0.5, 0.2, 0.2]).starts_with("Half of the choices go to one expert in layer 1 (1·E2 50 %)"));
    assert!(say(&[0.8, 0.1, 0.05, 0.05]).starts_with("Most choices go to one expert in layer 1 (1·E1 80 %)"));
    assert!(say(&[0.25, 0.26, 0.25, 0.24]).starts_with("Load is close to even"));
    assert!(say(&[0.1, 0.2, 0.3, 0.4]).contains("most in layer 1: 1·E4 has 1.6 times its even share"));
    let mut twice = run(0, 1..=20, &[0.1, 0.2, 0.3, 0.4]);
    twice.iter_mut().for_each(|record| record.layers.push(record.layers[0].clone()));
    let said = words::explain(&RunView { layers: 2, ..look(vec![curve(&twice)], 20, 4) }).join(" ");
    assert!(said.starts_with("Load is uneven, alike in every layer: E4 has 1.6 times"), "{said}");
    let of_three = |loads: [&[f32]; 3]| {
        let mut steps = run(0, 1..=20, loads[0]);
        for record in &mut steps {
            record.layers.extend(loads[1..].iter().flat_map(|load| step(0, 1, 5.0, load).layers));
        }
        words::explain(&RunView { layers: 3, ..look(vec![curve(&steps)], 20, 4) }).join(" ")
    };
    let (even, most, all): (&[f32], &[f32], &[f32]) = (&[0.25; 4], &[0.2, 0.6, 0.1, 0.1], &[0.9, 0.05, 0.03, 0.02]);
    assert!(
        of_three([most, even, most])
            .starts_with("Most choices go to one expert in layers 1 and 3 (1·E2 60 %, 3·E2 60 %).")
    );
    assert!(of_three([most; 3]).starts_with("Most choices go to one expert in layers 1, 2 and 3 ("));
    assert!(of_three([all; 3]).starts_with("Nearly every choice goes to one expert in every layer (1·E1 90 %, "));
}

#[test]
fn losses_of_any_size_can_be_read() {
    let said = [3.176, 999.5, 1234.4, 2.5e7, f32::NAN].map(|value| crate::format::loss(value, 2));
    assert_eq!(said, ["3.18", "999.50", "1,234", "2.50e7", "NaN"]);
}

#[test]
fn load_that_jumps_is_called_so() {
    let steps: Vec<StepRecord> = (1..=20)
        .map(|n| step(0, n, 5.0, if n % 2 == 0 { &[0.9, 0.1, 0.0, 0.0] } else { &[0.1, 0.9, 0.0, 0.0] }))
        .collect();
    assert!(words::explain(&look(vec![curve(&steps)], 20, 4))[0].starts_with("Load jumps in layer 1"));
}

#[test]
fn load_that_swings_between_halves_of_the_experts_is_called_so_and_never_settled() {
    let mut history = History::default();
    for record in swinging(1..=20_000) {
        history.push(record);
    }
    let measured = [evaluation(19_990, 0)];
    let curve = Curve { evaluations: vec![&measured], ..curve(history.steps()) };
    let said = words::explain(&look(vec![curve], 20_000, 8)).join(" ");
    assert!(said.starts_with("Load jumps in layer 1: about 100 % of it"), "{said}");
    assert!(!said.contains("settled"), "{said}");
}

#[test]
fn a_table_is_called_a_table_and_neither_sure_nor_settled() {
    let mut steps = run(0, 1..=20, &[0.25; 4]);
    // As files of before have it; now there is none for a table.
    let sure = record::entropy(&[1.0, 0.0, 0.0, 0.0]);
    steps.iter_mut().for_each(|step| step.layers[0].router_entropy = Some(sure));
    assert_eq!(format!("{sure:.2}"), "0.00");
    let measured = [evaluation(11, 0)];
    let with = |method, step| {
        let curve = Curve { methods: vec![(0, method)], evaluations: vec![&measured], ..curve(&steps) };
        words::explain(&look(vec![curve], step, 4)).join(" ")
    };
    for step in [0, 20] {
        let said = with(&methods::HASH_BALANCED, step);
        assert!(said.contains("A fixed table of tokens decides"), "{said}");
        assert!(!said.contains("routers") && !said.contains("settled"), "{said}");
    }
    let said = with(&methods::SWITCH, 20);
    assert!(said.contains("routers are sure") && said.contains("settled") && !said.contains("table"), "{said}");
}

#[test]
fn balanced_assignment_says_how_uneven_use_is() {
    let steps = run(0, 1..=20, &[0.25; 4]);
    let mut measured = [evaluation(11, 0)];
    measured[0].layers[0].max_over_mean = 1.43;
    let curve = Curve { methods: vec![(0, &methods::BASE)], evaluations: vec![&measured], ..curve(&steps) };
    let look = look(vec![curve], 20, 4);
    let said = words::explain(&look).join(" ");
    assert!(
        said.contains("exactly even")
            && !said.contains("close to even")
            && said.contains("1.43 times its even share (layer 1)"),
        "{said}"
    );
    let scene = plot(&look, &PlotPlan::new(&look, 1100.0, 780.0));
    assert!(scene.shapes.iter().any(|s| matches!(s, Shape::Text { text, .. } if text == "1.00 · held-out 1.43")));
}

#[test]
fn branches_are_compared_at_the_newest_step_that_both_were_measured_at() {
    let steps = run(0, 1..=40, &[0.25; 4]);
    let of = |branch, losses: [(u64, f32); 3]| {
        losses.map(|(step, loss)| Evaluation { branch, loss, ..evaluation(step, 0) }).to_vec()
    };
    let (one, two) = (of(0, [(11, 5.0), (22, 4.0), (30, 9.0)]), of(1, [(11, 5.002), (22, 4.05), (33, 9.0)]));
    let said = |step, selected| {
        let (one, two) = (
            Curve { evaluations: vec![&one], ..curve(&steps) },
            Curve { branch: 1, evaluations: vec![&two], ..curve(&steps) },
        );
        words::explain(&RunView { selected, ..look(vec![one, two], step, 4) }).join(" ")
    };
    for selected in [0, 1] {
        assert!(said(40, selected).contains("branch 1 is 0.05 nats lower than branch 2 (step 22)"));
        assert!(said(12, selected).contains("branches 1 and 2 are less than 0.01 nats apart (step 11)"));
        assert!(!said(10, selected).contains("nats"));
    }
    // What a fork shares with its parent is no comparison.
    let fork = Curve { branch: 1, fork: 30, evaluations: vec![&one], ..curve(&steps) };
    let parent = Curve { evaluations: vec![&one], ..curve(&steps) };
    assert!(!words::explain(&look(vec![parent, fork], 40, 4)).join(" ").contains("On held-out text branch"));
}

#[test]
fn a_fork_may_go_on_by_another_method() {
    let curve = Curve { methods: vec![(0, &methods::BASE), (10, &methods::SWITCH)], ..Curve::default() };
    assert_eq!(
        [0, 10, 11].map(|step| curve.method_at(step).unwrap()),
        [&methods::BASE, &methods::BASE, &methods::SWITCH]
    );
}
