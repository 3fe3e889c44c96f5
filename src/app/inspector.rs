//! The dock: inspector, next token and expert card at the side, balance below; on a phone one sheet from the bottom.

use super::balance::BalancePanel;
use super::context::use_page;
use super::expert_card::ExpertCard;
use super::predictions::Predictions;
use super::scores::Scores;
use super::state::TraceSource;
use crate::messages::explore;
use yew::prelude::*;

/// Brings the card of an expert into sight once it is picked out, and goes back up when it is let go.
#[hook]
fn use_brought(layer: usize, expert: Option<usize>) {
    let first = use_mut_ref(|| true);
    use_effect_with((layer, expert), move |(_, expert)| {
        // What an address picks out is where the page begins.
        if std::mem::take(&mut *first.borrow_mut()) && expert.is_none() {
            return;
        }
        let found = |testid: &str| {
            let query = format!("[data-testid=\"{testid}\"]");
            gloo::utils::document().query_selector(&query).ok().flatten()
        };
        let card = found("expert-card").filter(|_| expert.is_some());
        if let (None, Some(sheet)) = (&card, found("sheet")) {
            sheet.set_scroll_top(0);
        }
        // On a phone the sheet scrolls, else the column.
        for pane in ["inspector", "sheet"].into_iter().filter_map(found).filter(|pane| pane.client_height() > 0) {
            let Some(card) = &card else { continue };
            let (pane_at, card_at) = (pane.get_bounding_client_rect(), card.get_bounding_client_rect());
            let (above, below) = (card_at.top() - pane_at.top(), card_at.bottom() - pane_at.bottom());
            let by = if above < 0.0 { above } else { below.clamp(0.0, above) };
            pane.set_scroll_top(pane.scroll_top() + by as i32);
        }
    });
}

/// The panels.
#[component]
pub fn Inspector() -> Html {
    let (state, raised) = (use_page(), use_state(|| false));
    let view = state.view;
    let recorded = state.source == TraceSource::Recording;
    use_brought(view.layer, view.expert);
    let Some(trace) = state.trace.clone() else {
        return html! { <div class="sheet"><aside class="inspector" data-testid="inspector" /></div> };
    };
    let first =
        trace.layers.get(view.layer).and_then(|layer| layer.chosen(view.token).first().map(|&e| usize::from(e)));
    let subject = view.expert.or(first);
    let toggle = {
        let raised = raised.clone();
        move |_| raised.set(!*raised)
    };
    html! {
        <div class={classes!("sheet", raised.then_some("sheet-up"))} data-testid="sheet">
            <button type="button" class="sheet-handle" data-testid="sheet-handle" aria-expanded={raised.to_string()}
                aria-label={explore::inspector_more()} onclick={toggle}><i /></button>
            <aside class="inspector" data-testid="inspector" aria-label={explore::inspector()}>
                <Scores trace={trace.clone()} {recorded} layer={view.layer} token={view.token} expert={view.expert} />
                <Predictions trace={trace.clone()} token={view.token} />
                if let Some(expert) = subject {
                    <ExpertCard trace={trace.clone()} layer={view.layer} {expert} selected={view.expert.is_some()} />
                }
            </aside>
            <BalancePanel {trace} {recorded} layer={view.layer} expert={view.expert} />
        </div>
    }
}
