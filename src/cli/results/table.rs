//! The methods side by side, all trained on the same tokens.

use super::RunResult;
use crate::train::preset::{Preset, presets};
use std::fmt::Write as _;

/// The table of the methods at the common size, and their bits per byte by domain.
pub(super) fn methods(runs: &[RunResult]) -> String {
    let of = |preset: &Preset| runs.iter().find(|run| run.preset == preset.name);
    let common: Vec<&RunResult> = presets().iter().filter(|preset| preset.is_common()).filter_map(of).collect();
    let Some(first) = common.first() else { return "No model of the common size has been trained yet.\n".to_owned() };
    let mut text = format!(
        "{} steps, {:.1} million tokens, seed {}; bits per byte on held-out text, lower is better. Where a method as published \
         looks at later tokens, the first number is of its causal variant and the number in brackets of the published form, \
         which can see what it has to predict.\n\n\
         | model | parameters | used | MFLOP a token | bits a byte | worst max/mean | dropped | tokens/s in training |\n\
         |---|---|---|---|---|---|---|---|\n",
        first.steps,
        first.tokens as f64 / 1e6,
        first.seed
    );
    for run in &common {
        let (cost, measured) = (&run.cost, &run.measured);
        let published = measured.published_bits_per_byte.map_or_else(String::new, |bits| format!(" ({bits:.3})"));
        let even = measured.published_max_over_mean.map_or_else(String::new, |value| format!(" ({value:.2})"));
        let _ = writeln!(
            text,
            "| {} | {:.2} M | {:.2} M | {:.2} | {:.3}{published} | {:.2}{even} | {} | {:.0} |",
            run.preset,
            cost.parameters as f64 / 1e6,
            cost.active_parameters / 1e6,
            cost.flops() / 1e6,
            measured.bits_per_byte,
            measured.max_over_mean,
            dropped(run),
            run.tokens_per_second,
        );
    }
    text + "\n" + &domains(&common)
}

fn dropped(run: &RunResult) -> String {
    let layers = &run.measured.dropped;
    let mean = layers.iter().sum::<f64>() / layers.len().max(1) as f64;
    if mean > 0.0 { format!("{:.1} %", mean * 100.0) } else { "none".to_owned() }
}

fn domains(runs: &[&RunResult]) -> String {
    let names =
        runs.first().map(|run| run.measured.domains.iter().map(|domain| domain.name.as_str()).collect::<Vec<_>>());
    let names = names.unwrap_or_default();
    let mut text = format!("| bits a byte | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for run in runs {
        let cells: Vec<String> =
            run.measured.domains.iter().map(|domain| format!("{:.2}", domain.bits_per_byte)).collect();
        let _ = writeln!(text, "| {} | {} |", run.preset, cells.join(" | "));
    }
    text
}
