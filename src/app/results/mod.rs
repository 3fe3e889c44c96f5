//! What training reached: the bundled results, as curves and tables. The page only shows rows; `moescope results` made
//! them from the logs.

mod claims;
mod curves;
mod methods;

use super::compare::With;
use super::download::fetch_text;
use crate::results::Bundle;
use crate::scene::theme::Theme;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Where the bundle lies, beside the page.
const ADDRESS: &str = "assets/results.json";

/// What [`Results`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ResultsProps {
    /// The chosen models.
    pub with: With,
    /// Light or dark.
    pub theme: Theme,
    /// Whether tables are wanted instead of curves.
    pub table: bool,
}

async fn fetch() -> Result<Bundle, String> {
    let json = fetch_text(ADDRESS).await?;
    serde_json::from_str(&json).map_err(|error| format!("{ADDRESS}: {error}"))
}

/// Curves and tables.
#[component]
pub fn Results(props: &ResultsProps) -> Html {
    let bundle = use_state(|| None::<Result<Rc<Bundle>, String>>);
    {
        let bundle = bundle.clone();
        use_effect_with((), move |()| spawn_local(async move { bundle.set(Some(fetch().await.map(Rc::new))) }));
    }
    let said = |words: String| html! { <section class="part" data-testid="results" tabindex="-1"><h2>{ "Results" }</h2><p class="soft" data-testid="results-fault">{ words }</p></section> };
    match &*bundle {
        None => said("Loading the results…".into()),
        Some(Err(why)) => {
            said(format!("The results cannot be shown ({}). Reload the page to try again.", why.trim_end_matches('.')))
        }
        Some(Ok(bundle)) => html! {
            <>
            <curves::Curves bundle={bundle.clone()} with={props.with.clone()} theme={props.theme} table={props.table} />
            <section class="part" data-testid="results" tabindex="-1" aria-label="Results">
                <h2>{ "Results, told straight" }</h2>
                { methods::table(&bundle.methods, &props.with) }
                { methods::domains(&bundle.methods, &props.with) }
                { claims::table(&bundle.claims) }
                <p class="part-note">{ "Every number here is made by " }<code>{ "moescope results" }</code>{ " from the logs of training." }</p>
            </section>
            </>
        },
    }
}
