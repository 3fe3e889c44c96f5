//! The bundle as tables in Markdown, for docs/results.md.

use super::Bundle;
use super::methods::{MethodRow, Methods};
use super::statistic::Statistic;
use super::verdict::ClaimVerdict;
use std::fmt::Write as _;

/// All tables.
pub fn tables(bundle: &Bundle) -> String {
    if bundle.methods.rows.is_empty() {
        return "No model of the common size has been trained yet.\n".to_owned();
    }
    format!("{}\n{}\n{}", methods(&bundle.methods), domains(&bundle.methods), claims(bundle))
}

/// What the seeds of some rows are, in words.
fn seeds(methods: &Methods) -> String {
    let seeds = || methods.rows.iter().map(|row| row.bits.seeds);
    match (seeds().min().unwrap_or(0), seeds().max().unwrap_or(0)) {
        (1, 1) => "one seed".to_owned(),
        (least, most) if least == most => format!("mean ± standard deviation of {most} seeds"),
        (_, most) => format!("mean ± standard deviation of {most} seeds where a spread is given, else of one"),
    }
}

fn methods(methods: &Methods) -> String {
    let mut text = format!(
        "{} steps, {:.1} million tokens; {}; bits per byte on held-out text, lower is better. Where a method as published looks at \
         later tokens, the first number is of its causal variant and the number in brackets of the published form, which can see \
         what it has to predict; for base it is the balanced assignment of its training, for its published inference is the first number. \"At equal FLOPs\" is read off each run's curve where it had spent {:.1} TFLOP in training (three \
         times the forward pass), what the cheapest run spent in all. For a costlier run that is a point of a longer schedule, not a \
         run of its own: its learning rate had not fallen to the end yet, so it looks worse there than a run planned for so many \
         steps would; a loss that rose since then is left out. Balance is of the worst layer, of what the gate asked for, dropped choices included; dead experts are those of all layers; dropped is a mean over layers. \
         Where every expert computes every token (jacobs, hierarchical-mixture, soft-moe) loads are even by construction. Capacities \
         are of groups of 256 tokens of one text, and so of one domain, which overflow more often than the papers' mixed batches. \
         routing-networks is told the domain of every text, as no other model is, and its last choice, to pass the layer by, is \
         no expert and takes no load. {}\n\n\
         | model | parameters | active | MFLOP a token | bits per byte | at equal FLOPs | max/mean | CV | entropy | dead | dropped | tokens/s in training |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
        methods.steps,
        methods.tokens as f64 / 1e6,
        seeds(methods),
        methods.flops / 1e12,
        methods.timed(),
    );
    for row in &methods.rows {
        let _ = writeln!(text, "{}", method(row));
    }
    text
}

fn method(row: &MethodRow) -> String {
    let bracket = |value: &Option<Statistic>, digits: usize| {
        value.as_ref().map_or_else(String::new, |value| format!(" ({})", value.words(digits)))
    };
    let dropped =
        if row.dropped.mean > 0.0 { super::claims::Unit::Dropped.words(&row.dropped) } else { "none".to_owned() };
    format!(
        "| {} | {:.2} M | {:.2} M | {:.2} | {}{} | {} | {}{} | {} | {} | {:.0} | {dropped} | {:.0} |",
        row.preset,
        row.parameters / 1e6,
        row.active_parameters / 1e6,
        row.flops / 1e6,
        row.bits.words(3),
        bracket(&row.published_bits, 3),
        row.at_flops(),
        row.max_over_mean.words(2),
        bracket(&row.published_max_over_mean, 2),
        row.cv.words(2),
        row.entropy.words(3),
        row.dead.mean,
        row.tokens_per_second.mean,
    )
}

fn domains(methods: &Methods) -> String {
    let names = &methods.domains;
    let mut text = format!("| bits per byte | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for row in &methods.rows {
        let cells: Vec<String> = row.by_domain.iter().map(|bits| format!("{bits:.2}")).collect();
        let _ = writeln!(text, "| {} | {} |", row.preset, cells.join(" | "));
    }
    text
}

fn claims(bundle: &Bundle) -> String {
    let table = bundle.shown.tables.iter().find(|table| table.id == "claim");
    let lead = table.map_or("", |table| table.lead.trim_end());
    let mut text = format!(
        "What papers claim, put to the test with small models of ours. {lead}\n\n| paper | claims that | here | verdict | but | seeds | models |\n|---|---|---|---|---|---|---|\n"
    );
    for claim in &bundle.claims {
        let verdict = claim.verdict.words();
        let verdict =
            if claim.verdict == ClaimVerdict::DoesNotHold { format!("**{verdict}**") } else { verdict.to_owned() };
        let verdict = if claim.decides.is_empty() { verdict } else { format!("{verdict}: {}", claim.decides) };
        let here = if claim.findings.is_empty() { "–".to_owned() } else { claim.words() };
        let seeds = claim.seeds();
        let (source, says, but, models) = (&claim.source, &claim.says, &claim.but, &claim.models);
        let _ = writeln!(text, "| {source} | {says} | {here} | {verdict} | {but} | {seeds} | {models} |");
    }
    text
}
