//! The trained methods: one row each, then their bits per byte by domain.

use crate::app::compare::With;
use crate::app::format::{count, percent};
use crate::results::methods::{Method, Methods};
use crate::results::statistic::Statistic;
use crate::scene::block::amount;
use yew::prelude::*;

fn chosen(with: &With, row: &Method) -> Option<&'static str> {
    with.names().contains(&row.preset).then_some("row-chosen")
}

fn bracket(value: &Option<Statistic>, digits: usize) -> Html {
    html! { if let Some(value) = value { <small>{ format!(" ({})", value.words(digits)) }</small> } }
}

/// The methods' table.
pub fn table(methods: &Methods, with: &With) -> Html {
    let best = methods.rows.iter().map(|row| row.bits.mean).fold(f64::INFINITY, f64::min);
    let row = |row: &Method| {
        let dropped = if row.dropped.mean > 0.0 { percent(row.dropped.mean as f32) } else { "none".to_owned() };
        html! {
            <tr key={row.preset.clone()} class={classes!(chosen(with, row))} data-testid={format!("method-{}", row.preset)}>
                <th scope="row" title={row.summary.clone()}>{ &row.preset }</th>
                <td>{ amount(row.parameters) }</td><td>{ amount(row.active_parameters) }</td><td>{ format!("{:.2}", row.flops / 1e6) }</td>
                <td class={(row.bits.mean <= best).then_some("best")}>{ row.bits.words(3) }{ bracket(&row.published_bits, 3) }</td>
                <td>{ row.bits_at_flops.map_or_else(|| "–".to_owned(), |bits| bits.words(3)) }</td>
                <td>{ row.max_over_mean.words(2) }{ bracket(&row.published_max_over_mean, 2) }</td>
                <td>{ row.cv.words(2) }</td><td>{ row.entropy.words(3) }</td><td>{ format!("{:.0}", row.dead.mean) }</td><td>{ dropped }</td>
                <td>{ count(row.tokens_per_second.mean.round() as usize) }</td><td>{ row.bits.seeds }</td>
            </tr>
        }
    };
    let heads = [
        "held",
        "used",
        "MFLOP a token",
        "bits a byte, equal tokens",
        "equal FLOPs",
        "max/mean",
        "CV",
        "entropy",
        "dead",
        "dropped",
        "tokens/s",
        "seeds",
    ];
    html! {
        <>
        <p class="part-lead">{ format!("All trained on the same {:.1} million tokens in {} steps; bits per byte on held-out text, lower is better. In brackets: routed as published where that looks at later tokens, which a method that predicts them must not.", methods.tokens as f64 / 1e6, count(methods.steps)) }</p>
        <div class="wide-table" tabindex="0" role="region" aria-label="Methods"><table class="numbers-table" data-testid="methods">
            <thead><tr><th scope="col">{ "method" }</th>{ for heads.map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
            <tbody>{ for methods.rows.iter().map(row) }</tbody>
        </table></div>
        <p class="part-note">{ format!("Equal FLOPs: read off each run’s curve where training had cost {:.1} TFLOP (three times the forward pass for every token), all that the cheapest run cost. A run that went on from there had not lowered its learning rate yet. Balance is of the worst layer on held-out text. Tokens a second as measured; some runs shared the machine.", methods.flops / 1e12) }</p>
        </>
    }
}

/// Bits per byte by domain: numbers on grounds that are the stronger the further from the domain’s best.
pub fn domains(methods: &Methods, with: &With) -> Html {
    let best =
        |at: usize| methods.rows.iter().filter_map(|row| row.by_domain.get(at)).copied().fold(f64::INFINITY, f64::min);
    let best: Vec<f64> = (0..methods.domains.len()).map(best).collect();
    let worst = methods.rows.iter().flat_map(|row| row.by_domain.iter().zip(&best).map(|(bits, best)| bits / best));
    let worst = worst.fold(1.0, f64::max);
    let cell = |(bits, best): (&f64, &f64)| {
        let share = if worst > 1.0 { (bits / best - 1.0) / (worst - 1.0) } else { 0.0 };
        html! { <td class={format!("heat heat-{}", (share * 6.0).round())}>{ format!("{bits:.2}") }</td> }
    };
    html! {
        <>
        <h3>{ "Bits per byte by domain" }</h3>
        <div class="wide-table" tabindex="0" role="region" aria-label="Domains"><table class="numbers-table heats" data-testid="domains">
            <thead><tr><th scope="col">{ "method" }</th>{ for methods.domains.iter().map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
            <tbody>{ for methods.rows.iter().map(|row| html! { <tr key={row.preset.clone()} class={classes!(chosen(with, row))}><th scope="row">{ &row.preset }</th>{ for row.by_domain.iter().zip(&best).map(cell) }</tr> }) }</tbody>
        </table></div>
        <p class="part-note">{ format!("The stronger the ground, the more bits than the domain’s best method needs: at most {:.0} % more.", (worst - 1.0) * 100.0) }</p>
        </>
    }
}
