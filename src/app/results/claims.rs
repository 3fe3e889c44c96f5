//! What papers claim, beside our numbers.

use crate::results::claims::{Claim, Finding, Verdict};
use yew::prelude::*;

fn sign(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict.holds {
        Some(true) => ("✓", "verdict-holds"),
        Some(false) => ("✗", "verdict-fails"),
        None => ("○", "verdict-open"),
    }
}

fn finding(finding: &Finding) -> Html {
    html! { <li><span>{ &finding.of }</span><b>{ finding.unit.words(&finding.value) }</b><small>{ finding.unit.name() }</small></li> }
}

/// The table.
pub fn table(claims: &[Claim]) -> Html {
    let row = |claim: &Claim| {
        let (mark, class) = sign(claim.verdict);
        let seeds = match claim.seeds() {
            0 | 1 => String::new(),
            seeds => format!(" · {seeds} seeds"),
        };
        html! {
            <tr key={claim.says.clone()} data-testid="claim">
                <th scope="row">{ &claim.source }</th>
                <td class="claim-says">{ &claim.says }</td>
                <td>if claim.findings.is_empty() { <span class="soft">{ "–" }</span> } else { <ul class="findings">{ for claim.findings.iter().map(finding) }</ul> }</td>
                <td class={classes!("verdict", class)}><b aria-hidden="true">{ mark }</b>{ " " }{ claim.verdict.words() }<small>{ seeds }</small></td>
            </tr>
        }
    };
    html! {
        <>
        <h3>{ "What papers claim, and what small models do" }</h3>
        <p class="part-lead">{ "Our models are thousands of times smaller than the papers’, so the sign is tested, not the size. Mean ± standard deviation over the seeds." }</p>
        <div class="wide-table" tabindex="0" role="region" aria-label="Claims"><table class="numbers-table claims" data-testid="claims">
            <thead><tr><th scope="col">{ "Paper" }</th><th scope="col">{ "claims that" }</th><th scope="col">{ "here" }</th><th scope="col">{ "verdict" }</th></tr></thead>
            <tbody>{ for claims.iter().map(row) }</tbody>
        </table></div>
        </>
    }
}
