//! The branches by name, above the curves: select, compare, forget.

use super::action::Act;
use super::run::{Branch, Run};
use super::state::TrainState;
use crate::app::icon::Icon;
use crate::app::translate::prose;
use crate::messages::lab;
use yew::prelude::*;

/// The row of branches, and how the curves are shown.
pub fn view(state: &TrainState, on: &Callback<Act>) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let many = run.branches.len() > 1;
    let segment = |is: bool, act: Act, name: &'static str, testid: &'static str| {
        let onclick = on.reform(move |_| act.clone());
        html! {
            <button type="button" class={is.then_some("on")} aria-pressed={is.to_string()} data-testid={testid} {onclick}>
                { name }</button>
        }
    };
    html! {
        <div class="lab-branches" data-testid="lab-branches">
            <div class="lab-names" role="group" aria-label={lab::branches()}>
                { for run.branches.iter().map(|branch| one(state, run, branch, many, on)) }
            </div>
            if many {
                <div class="segments segments-small" role="group" aria-label={lab::trained()}>
                    { segment(!state.only, Act::Only(false), lab::train_all(), "lab-all") }
                    { segment(state.only, Act::Only(true), lab::train_selected(), "lab-only") }
                </div>
            }
            <div class="segments segments-small" role="group" aria-label={lab::shown_as()}>
                { segment(!state.table, Act::Table(false), lab::curves(), "lab-curves") }
                { segment(state.table, Act::Table(true), lab::table(), "lab-table-on") }
            </div>
        </div>
    }
}

fn one(state: &TrainState, run: &Run, branch: &Branch, many: bool, on: &Callback<Act>) -> Html {
    let id = branch.info.id;
    let (selected, trains) = (id == state.selected, state.running.contains(&id));
    let number = id + 1;
    let [select, forget] = [Act::Select(id), Act::Drop(id)].map(|act| on.reform(move |_| act.clone()));
    html! {
        <span key={id} class={classes!("lab-branch", selected.then_some("on"))}>
            <button type="button" id={format!("lab-branch-{number}")} aria-pressed={selected.to_string()}
                data-testid={format!("branch-{number}")} onclick={select}>
                <i class={classes!("dot", trains.then_some("dot-busy"))} aria-hidden="true" />
                { prose(&run.name(branch)) }<small>{ prose(&lab::step(branch.info.step)) }</small></button>
            if many {
                <button type="button" class="quiet" aria-label={lab::forget_branch(number)}
                    data-testid={format!("drop-{number}")} onclick={forget}><Icon name="close" /></button>
            }
        </span>
    }
}
