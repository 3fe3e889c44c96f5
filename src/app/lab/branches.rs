//! The branches by name, above the curves: select, compare, forget.

use super::act::Act;
use super::run::{Branch, Run};
use super::state::State;
use crate::app::format::count;
use crate::app::icon::Icon;
use crate::app::translate::prose;
use yew::prelude::*;

/// The row of branches, and how the curves are shown.
pub fn view(state: &State, on: &Callback<Act>) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let many = run.branches.len() > 1;
    let segment = |is: bool, act: Act, name: &'static str, testid: &'static str| {
        html! { <button type="button" class={if is { "on" } else { "" }} aria-pressed={is.to_string()} data-testid={testid} onclick={on.reform(move |_| act.clone())}>{ name }</button> }
    };
    html! {
        <div class="lab-branches" data-testid="lab-branches">
            <div class="lab-names" role="group" aria-label="Branches">{ for run.branches.iter().map(|branch| one(state, run, branch, many, on)) }</div>
            if many {
                <div class="segments segments-small" role="group" aria-label="What is trained">
                    { segment(!state.only, Act::Only(false), "Train all", "lab-all") }
                    { segment(state.only, Act::Only(true), "Selected only", "lab-only") }
                </div>
            }
            <div class="segments segments-small" role="group" aria-label="Shown as">
                { segment(!state.table, Act::Table(false), "Curves", "lab-curves") }
                { segment(state.table, Act::Table(true), "Table", "lab-table-on") }
            </div>
        </div>
    }
}

fn one(state: &State, run: &Run, branch: &Branch, many: bool, on: &Callback<Act>) -> Html {
    let id = branch.info.id;
    let (selected, trains) = (id == state.selected, state.running.contains(&id));
    html! {
        <span key={id} class={classes!("lab-branch", selected.then_some("on"))}>
            <button type="button" id={format!("lab-branch-{}", id + 1)} aria-pressed={selected.to_string()} data-testid={format!("branch-{}", id + 1)} onclick={on.reform(move |_| Act::Select(id))}>
                <i class={classes!("dot", trains.then_some("dot-busy"))} aria-hidden="true" />{ prose(&run.name(branch)) }<small>{ prose(&format!("step {}", count(branch.info.step as usize))) }</small></button>
            if many { <button type="button" class="quiet" aria-label={format!("Forget branch {}", id + 1)} data-testid={format!("drop-{}", id + 1)} onclick={on.reform(move |_| Act::Drop(id))}><Icon name="close" /></button> }
        </span>
    }
}
