//! The tables of what training reached, as `moescope results` made them from the logs.

use super::With;
use crate::results::shown::{Table, Tone};
use yew::prelude::*;

fn class(tone: Tone) -> &'static str {
    const CLASSES: [&str; 11] = [
        "",
        "heat-1",
        "heat-2",
        "heat-3",
        "heat-4",
        "heat-5",
        "heat-6",
        "best",
        "verdict-holds",
        "verdict-fails",
        "verdict-open",
    ];
    CLASSES.get(usize::from(tone)).copied().unwrap_or_default()
}

/// A table with its words; rows of the chosen models are marked.
pub fn table(table: &Table, with: &With) -> Html {
    let row = |(name, cells): &(String, Vec<(String, Tone)>)| {
        let chosen = with.names().contains(name).then_some("row-chosen");
        let cell = |(at, (words, tone)): (usize, &(String, Tone))| match at {
            0 => html! { <th scope="row">{ words }</th> },
            _ => html! { <td class={class(*tone)}>{ words }</td> },
        };
        html! { <tr class={classes!(chosen)} data-testid={format!("{}-{name}", table.id)}>{ for cells.iter().enumerate().map(cell) }</tr> }
    };
    html! {
        <>
        <h3>{ &table.title }</h3>
        <p class="part-lead">{ &table.lead }</p>
        <div class="wide-table" tabindex="0" role="region" aria-label={table.title.clone()}><table class={format!("numbers-table table-{}", table.id)} data-testid={format!("{}s", table.id)}>
            <thead><tr>{ for table.heads.iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
            <tbody>{ for table.rows.iter().map(row) }</tbody>
        </table></div>
        <p class="part-note">{ &table.note }</p>
        </>
    }
}
