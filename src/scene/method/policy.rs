//! The policy table of routing networks: for each task and depth the block that is most likely, and what is used here.

use super::grid::{Cell, Grid, GridRow, Mark};
use super::{Picture, Place, short};
use crate::messages::{pictures as say, scene};
use crate::scene::{theme::hue, words::choice, words::pool};
use crate::trace::{LayerTrace, Trace};

/// The most likely block of a row of probabilities, the first where they are equal, with its probability.
pub fn likely(row: &[f32]) -> Option<(usize, f32)> {
    let better = |best: (usize, f32), (at, &p): (usize, &f32)| if p > best.1 { (at, p) } else { best };
    row.first().map(|&first| row.iter().enumerate().fold((0, first), better))
}

/// The mean of all tasks' policies in a layer, [E]: what takes their place for a text whose task is not known.
pub fn mean(layer: &LayerTrace) -> Vec<f32> {
    let tasks = layer.extra.rows().max(1) as f32;
    (0..layer.extra.cols()).map(|e| layer.extra.iter().filter_map(|row| row.get(e)).sum::<f32>() / tasks).collect()
}

/// How undecided a policy is: the entropy of its probabilities over that of an even draw. 1 is undecided, 0 certain.
pub fn entropy(row: &[f32]) -> f64 {
    let nats: f64 = row.iter().map(|&p| f64::from(p)).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
    if row.len() > 1 { nats / (row.len() as f64).ln() } else { 0.0 }
}

/// Of a layer's policies: the mean of their entropies, and the largest probability that any of them gives.
pub fn decided(layer: &LayerTrace) -> (f64, f32) {
    let tasks = layer.extra.rows().max(1) as f64;
    let mean = layer.extra.iter().map(entropy).sum::<f64>() / tasks;
    (mean, layer.extra.iter().filter_map(likely).map(|(_, p)| p).fold(0.0, f32::max))
}

/// The table, a column for each depth; `None` where the policy is not recorded.
pub(super) fn picture(at: &Place<'_>, names: &[String], width: f32) -> Option<Picture> {
    let (trace, experts) = (at.trace, at.experts());
    let tasks = at.layer.extra.rows();
    if tasks == 0 {
        return None;
    }
    let cell = |row: &[f32], mark: Mark| match likely(row) {
        Some((e, p)) => {
            Cell { share: p, text: format!("{} {}", choice(trace, e), short(p)), hue: hue(e, experts), mark }
        }
        None => Cell { text: scene::not_recorded().to_owned(), ..Cell::default() },
    };
    let name = |task: usize| match names.get(task).filter(|_| names.len() == tasks) {
        Some(name) => name.clone(),
        None => say::task(task + 1),
    };
    let told = trace.model.task.filter(|&task| task < tasks);
    let mark = |used: bool| if used { Mark::Chosen } else { Mark::None };
    let row = |task: usize| {
        let loud = told == Some(task);
        let (name, mark) = (if loud { say::used_here(name(task)) } else { name(task) }, mark(loud));
        let cells = trace.layers.iter().map(|layer| cell(layer.extra.row(task), mark)).collect();
        GridRow { name, loud, cells, ..GridRow::default() }
    };
    let together = {
        let loud = told.is_none();
        let (name, mark) = (if loud { say::mean_used_here() } else { say::mean() }, mark(loud));
        let cells = trace.layers.iter().map(|layer| cell(&mean(layer), mark)).collect();
        GridRow { name: name.to_owned(), loud, cells, ..GridRow::default() }
    };
    let plain = |share: f32, text: String| Cell { share, text, ..Cell::default() };
    let over = |name: &str, cell: &dyn Fn((f64, f32)) -> Cell| GridRow {
        name: name.to_owned(),
        cells: trace.layers.iter().map(|layer| cell(decided(layer))).collect(),
        ..GridRow::default()
    };
    let undecided = over(say::entropy_mean(), &|(entropy, _)| plain(entropy as f32, format!("{entropy:.2}")));
    let largest = over(say::largest_probability(), &|(_, p)| plain(p, short(p)));
    let (mean_entropy, most) = decided(at.layer);
    let (layer, entropy) = (at.number + 1, format!("{mean_entropy:.2}"));
    let description = match told {
        Some(task) => say::policy_of_domain(name(task), layer, entropy, pool(trace), short(most)),
        None => say::policy_of_mean(layer, entropy, pool(trace), short(most)),
    };
    let grid = Grid {
        title: say::policy().to_owned(),
        description,
        corner: say::corner_domain().to_owned(),
        columns: columns(trace),
        rows: (0..tasks).map(row).chain([together, undecided, largest]).collect(),
    };
    Some(grid.picture(width))
}

fn columns(trace: &Trace) -> Vec<String> {
    (1..=trace.layers.len()).map(say::column_layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{ViewState, flow, method::samples, shape::Size};
    use crate::trace::metrics::LayerMetrics;

    #[test]
    fn only_a_policys_last_choice_is_to_pass() {
        let names = |trace: &Trace| (0..trace.model.experts).map(|e| choice(trace, e)).collect::<Vec<_>>();
        assert_eq!(names(&samples::policy()), ["E1", "E2", "pass"]);
        assert_eq!(names(&samples::switch()).last().map(String::as_str), Some("E2"));
    }

    /// Both tokens take E1 of two blocks: twice the even share, E2 is dead, passing is neither.
    #[test]
    fn passing_is_no_expert_that_could_take_a_load() {
        let metrics = |trace: &Trace| LayerMetrics::of_trace(trace).remove(0);
        let one = metrics(&samples::policy());
        assert_eq!((one.load.as_slice(), one.even_share()), ([2, 0].as_slice(), 0.5));
        assert_eq!((one.balance.max_over_mean, one.balance.dead, one.is_passed()), (2.0, 1, false));
        let mut passed = samples::policy();
        passed.layers[0].experts = samples::v(&[[2]; 2]);
        passed.layers[0].weights = Some(samples::v(&[[0.0]; 2]));
        let none = metrics(&passed);
        assert_eq!((none.load.as_slice(), none.balance.dead, none.is_passed()), ([0, 0].as_slice(), 2, true));
        assert_eq!((none.best(), none.random()), (None, None));
        // A policy chooses once for the whole text, so that one block at least is dead however it decides.
        assert_eq!((one.best().unwrap().dead, one.random().unwrap().dead), (1, 1.0));
    }

    /// A load of nothing has no largest part: neither the picture nor its description may name one.
    #[test]
    fn a_passed_layer_is_said_to_be_passed_by() {
        let mut passed = samples::policy();
        passed.layers[0].experts = samples::v(&[[2]; 2]);
        passed.layers[0].weights = Some(samples::v(&[[0.0]; 2]));
        let scene = flow::still(&passed, &ViewState::default(), Size { width: 1200.0, height: 600.0 });
        let written = format!("{:?}", scene.shapes);
        assert!(written.contains("passed by") && !written.contains("0.00"), "{written}");
        assert!(scene.description.ends_with("Largest over mean load: layer 1 passed by."), "{}", scene.description);
    }

    #[test]
    fn the_mean_of_the_policies_decides_for_a_text_of_no_task() {
        let trace = samples::policy();
        let at = samples::place(&trace, 0);
        let mean = mean(at.layer);
        assert!(mean.iter().zip([0.4, 0.25, 0.35]).all(|(ours, by_hand)| (ours - by_hand).abs() < 1e-6), "{mean:?}");
        let names = ["c", "rust"].map(str::to_owned);
        let picture = picture(&at, &names, 500.0).unwrap();
        assert_eq!(picture.table.rows[0], ["c", "E1 0.70"]);
        assert_eq!(picture.table.rows[1], ["rust", "pass 0.60"]);
        assert_eq!(picture.table.rows[2], ["mean, used here", "E1 0.40 chosen"]);
        // The trace's scores are that mean, and its choice the most likely block.
        assert_eq!(likely(at.probs.row(0)).map(|(e, _)| e), likely(&mean).map(|(e, _)| e));
    }

    #[test]
    fn a_domain_that_was_said_decides_alone() {
        let mut trace = samples::policy();
        trace.model.task = Some(1);
        let names = ["c", "rust"].map(str::to_owned);
        let picture = picture(&samples::place(&trace, 0), &names, 500.0).unwrap();
        assert_eq!(picture.table.rows[1], ["rust, used here", "pass 0.60 chosen"]);
        assert_eq!(picture.table.rows[2], ["mean", "E1 0.40"]);
        assert!(picture.scene.description.contains("said to be of the domain rust, so its policy decides"));
    }

    /// By hand: (0.7 ln 0.7 + 0.2 ln 0.2 + 0.1 ln 0.1) / ln 3 = −0.7298, and (0.1, 0.3, 0.6) gives −0.8173.
    #[test]
    fn how_decided_the_policies_are() {
        assert!((entropy(&[0.25; 4]) - 1.0).abs() < 1e-9 && entropy(&[0.0, 1.0]) == 0.0);
        let trace = samples::policy();
        let (entropy, most) = decided(&trace.layers[0]);
        assert!((entropy - 0.773_6).abs() < 1e-4, "{entropy}");
        assert_eq!(most, 0.7);
        let picture = picture(&samples::place(&trace, 0), &[], 500.0).unwrap();
        assert_eq!(picture.table.rows[3..], [["entropy, mean", "0.77"], ["largest π", "0.70"]]);
        let words = &picture.scene.description;
        assert!(
            words.contains("entropy 0.77 (1 is undecided among the 2 blocks or pass") && words.contains("is 0.70."),
            "{words}"
        );
    }

    #[test]
    fn names_that_do_not_fit_are_not_used() {
        let trace = samples::policy();
        let picture = picture(&samples::place(&trace, 0), &["c".to_owned()], 500.0).unwrap();
        assert_eq!(picture.table.rows[1][0], "task 2");
    }
}
