//! Tables of words, set as one piece of HTML: as components they would be most of the screen's code.

use crate::app::comparison::With;
use crate::app::models::catalog::title;
use crate::app::translate::{is_kept, marked, prose};
use crate::app::wide::Wide;
use crate::results::shown::{ReportTable, Tone};
use crate::scene::svg::escape;
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

/// A column's head with its model's title in the place of its folder's name, which comes last.
fn named(head: &str) -> String {
    let (before, last) = head.rsplit_once(' ').unwrap_or(("", head));
    format!("{before} {}", title(last)).trim_start().to_owned()
}

/// A table without its words. Rows of the chosen models are marked. A row is called `<id>-<name>`, a cell by its row's and
/// its column's last word.
pub fn sheet(table: &ReportTable, with: &With) -> Html {
    let ReportTable { id, heads, rows, .. } = table;
    let names: Vec<String> = heads.iter().map(|head| escape(&named(head))).collect();
    let mut out = format!("<table class=\"numbers-table stacked table-{id}\" data-testid=\"{id}s\"><thead><tr>");
    for head in heads.iter().map(|head| marked(&named(head))) {
        out.push_str(&if head.is_empty() { "<td></td>".to_owned() } else { format!("<th scope=\"col\">{head}</th>") });
    }
    out.push_str("</tr></thead><tbody>");
    for (name, cells) in rows {
        let chosen = if with.names().contains(name) { "row-chosen" } else { "" };
        out.push_str(&format!("<tr class=\"{chosen}\" data-testid=\"{id}-{name}\">"));
        for (at, (words, tone)) in cells.iter().enumerate() {
            let shown = if at == 0 && words == name { title(words) } else { words };
            let kept = if is_kept(shown) { " translate=\"no\"" } else { "" };
            let shown = if kept.is_empty() { marked(shown) } else { escape(shown) };
            let label = names.get(at).map(String::as_str).unwrap_or_default();
            out.push_str(&match (at, heads.get(at).and_then(|head| head.rsplit(' ').next())) {
                (0, _) | (_, None) => format!("<th scope=\"row\"{kept} title=\"{}\">{shown}</th>", escape(name)),
                (_, Some(column)) => {
                    format!(
                        "<td class=\"{}\"{kept} data-label=\"{label}\" data-testid=\"{id}-{name}-{}\">{shown}</td>",
                        class(*tone),
                        escape(column)
                    )
                }
            });
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    html! { <Wide label={table.title.clone()}>{ Html::from_html_unchecked(out.into()) }</Wide> }
}

/// A table with its words.
pub fn told(table: &ReportTable, with: &With) -> Html {
    html! {
        <><h3>{ prose(&table.title) }</h3><p class="part-lead">{ prose(&table.lead) }</p>{ sheet(table, with) }
            <p class="part-note">{ prose(&table.note) }</p></>
    }
}

/// A table that is made here: its name, its columns, and its rows, each with a name and cells.
pub fn made(id: &str, title: &str, heads: Vec<String>, rows: Vec<(&str, Vec<String>)>) -> ReportTable {
    let rows =
        rows.into_iter().map(|(name, cells)| (name.to_owned(), cells.into_iter().map(|words| (words, 0)).collect()));
    ReportTable { id: id.to_owned(), title: title.to_owned(), heads, rows: rows.collect(), ..ReportTable::default() }
}
