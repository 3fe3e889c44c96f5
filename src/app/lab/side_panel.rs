//! The right column: the probe sentence's routes, what the model writes, and the numbers at the step that is looked at.

use super::action::Act;
use super::run::Probe;
use super::state::TrainState;
use super::typed::Typed;
use crate::app::flow::{Clock, FlowView};
use crate::app::format::{choice_in, expert_in, hue, visible};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::format::loss;
use crate::messages::lab;
use crate::methods::Choices;
use crate::methods::{self, Method};
use crate::run::Settings;
use crate::run::record::LayerRecord;
use crate::scene::words::{few, largest, weighed};
use crate::scene::{ViewState, lab::words, theme::Theme};
use crate::trace::{LayerTrace, Trace, baseline, largest::Largest};
use yew::prelude::*;

/// Experts that a chip names.
const NAMED: usize = 2;

/// Tokens of a long probe that have chips, unless all are asked for.
const FIRST: usize = 24;
/// So many more are not worth a button.
const FEW: usize = 8;

/// What the flow needs beside the state.
pub struct FlowNeeds<'a> {
    /// Light or dark.
    pub theme: Theme,
    /// Whether things may move.
    pub reduced_motion: bool,
    /// The playhead.
    pub clock: &'a Clock,
    /// Selection.
    pub view: ViewState,
    /// Called with another selection.
    pub on_view: Callback<ViewState>,
}

/// Parts of the column.
pub const PARTS: usize = 3;

/// The column: its first `parts` are of the run, if there is one.
pub fn view(state: &TrainState, parts: usize, on: &Callback<Act>, flow: FlowNeeds) -> Html {
    let parts = if state.run.is_some() { parts } else { 0 };
    html! {
        <aside class="lab-side" tabindex="0" data-testid="lab-side" aria-label={lab::at_this_step()}>
            if parts > 0 { { probe(state, on, flow) } }
            if parts > 1 { <>{ says(state) }{ writes(state, on) }</> }
            if parts > 2 { { numbers(state) } }
            if parts == 0 { { soon() } }
        </aside>
    }
}

/// Before the first run: what will be here.
fn soon() -> Html {
    let part = |name: &'static str, what: &'static str| {
        html! { <section class="lab-part lab-soon"><h2>{ name }</h2><p class="soft">{ what }</p></section> }
    };
    html! {
        <>
            { part(lab::probe(), lab::probe_what()) }
            { part(lab::writes(), lab::writes_what()) }
            { part(lab::at_this_step(), lab::at_this_step_what()) }
        </>
    }
}

fn probe(state: &TrainState, on: &Callback<Act>, flow: FlowNeeds) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let set = on.reform(Act::Probe);
    let kind = |on_flow: bool, name: &'static str, testid: &'static str| {
        let is = state.flow == on_flow;
        html! {
            <button type="button" class={is.then_some("on")} aria-pressed={is.to_string()} data-testid={testid}
                onclick={on.reform(move |_| Act::Flow(on_flow))}>{ name }</button>
        }
    };
    let shown = state.probe();
    let when = shown.map_or_else(|| lab::not_computed().to_owned(), |probe| when(probe.step, state.at));
    html! {
        <section class="lab-part" data-testid="lab-probe">
            <h2>{ lab::probe() }<small data-testid="lab-probe-step">{ prose(&when) }</small>
                <div class="segments segments-small" role="group" aria-label={lab::shown_as()}>
                    { kind(false, lab::routes(), "probe-routes") }{ kind(true, lab::flow(), "probe-flow") }
                </div></h2>
            <Typed sentence={true} label={Some(lab::probe_sentence())} value={run.probe.clone()} testid="lab-probe-text"
                on_done={set} />
            if let Some(probe) = shown {
                if state.flow { { picture(probe, flow) } } else { { routes(&probe.trace, state.whole, on) } }
            }
        </section>
    }
}

/// Which step the shown routes are of, beside the one that the ruler shows; none while the newest is followed.
fn when(step: u64, ruler: Option<u64>) -> String {
    match ruler.is_none_or(|ruler| ruler == step) {
        true => lab::at_step(step),
        false => lab::nearest_kept(step),
    }
}

fn picture(probe: &Probe, flow: FlowNeeds) -> Html {
    let FlowNeeds { theme, reduced_motion, clock, view, on_view } = flow;
    let (trace, clock) = (probe.trace.clone(), clock.clone());
    html! { <div class="lab-flow"><FlowView {trace} {view} {theme} {reduced_motion} {clock} {on_view} /></div> }
}

/// Tokens by layers: the first ones, for the whole table is laid out anew with every evaluation, unless all are asked for.
fn routes(trace: &Trace, whole: bool, on: &Callback<Act>) -> Html {
    let shown = if whole || trace.len() <= FIRST + FEW { trace.len() } else { FIRST };
    let row = |t: usize| {
        let text = trace.tokens.get(t).map(|token| visible(&token.text)).unwrap_or_default();
        let chips = trace.layers.iter().enumerate().map(|layer| chip(trace, layer, t));
        html! { <tr key={t}><th scope="row">{ text }</th>{ for chips }</tr> }
    };
    let heads = (1..=trace.layers.len()).map(|l| html! { <th scope="col" translate="no">{ format!("L{l}") }</th> });
    html! {
        <div class="lab-routes" tabindex="0" role="region" aria-label={lab::routes_of_probe()}>
            <table>
                <thead><tr><th scope="col"><span class="lab-unseen">{ lab::token() }</span></th>{ for heads }</tr></thead>
                <tbody translate="no">{ for (0..shown).map(row) }</tbody>
            </table>
            if shown < trace.len() {
                <button type="button" class="link" data-testid="probe-whole" onclick={on.reform(|_| Act::Whole)}>
                    { prose(&lab::show_all(trace.len())) }</button>
            }
        </div>
    }
}

fn chip(trace: &Trace, (l, layer): (usize, &LayerTrace), t: usize) -> Html {
    let chosen = layer.chosen(t);
    let title: Vec<String> =
        layer.choices(t).map(|choice| weighed(&choice_in(trace, l, choice.expert), choice.weight)).collect();
    let one = |&e: &u16| {
        let e = usize::from(e);
        html! { <b class={classes!("lab-chip", hue(e, layer.info.experts))}>{ choice_in(trace, l, e) }</b> }
    };
    let dropped = layer.is_dropped(t, 0);
    html! {
        <td title={title.join(", ")} class={dropped.then_some("lab-dropped")}>{ for chosen.iter().take(NAMED).map(one) }
            if chosen.len() > NAMED { <small>{ format!("+{}", chosen.len() - NAMED) }</small> }
            if dropped { <small>{ lab::full() }</small> }</td>
    }
}

/// What one sees, in sentences.
fn says(state: &TrainState) -> Html {
    if state.run.is_none() {
        return html! {};
    }
    let look = state.look();
    html! { <p class="lab-says" data-testid="lab-says">{ prose(&words::explain(&look).join(" ")) }</p> }
}

fn writes(state: &TrainState, on: &Callback<Act>) -> Html {
    if state.run.is_none() {
        return html! {};
    }
    let sample = state.sample();
    html! {
        <section class="lab-part" data-testid="lab-writes">
            <h2>{ lab::writes() }
                if let Some(sample) = sample { <small>{ prose(&lab::at_step(sample.step)) }</small> }
                <button type="button" class="link" data-testid="lab-write" onclick={on.reform(|_| Act::Write)}>
                    { lab::write_now() }</button></h2>
            if let Some(sample) = sample {
                <p class="lab-sample" translate="no" data-testid="lab-sample">
                    { "“" }<span class="soft">{ &sample.prompt }</span>{ &sample.text }{ "”" }</p>
            } else {
                <p class="soft">{ lab::nothing_written() }</p>
            }
        </section>
    }
}

fn numbers(state: &TrainState) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let curve = run.curve(state.selected);
    let step = state.step();
    let Some(record) = curve.at(step).filter(|_| step > 0) else { return html! {} };
    let measured = curve.measured_at(step);
    let percent = |share: f32| format!("{:.0} %", share * 100.0);
    let layer = |(at, layer): (usize, &LayerRecord)| {
        let held = measured.and_then(|evaluation| evaluation.layers.get(at));
        let some = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let top = words::busiest(&layer.load).map(|(e, share)| format!("{} {:.0} %", expert_in(at, e), share * 100.0));
        let entropy =
            layer.router_entropy.map_or_else(|| lab::router_fixed().to_owned(), |value| format!("{value:.2}"));
        html! {
            <tr key={at}><th scope="row">{ at + 1 }</th><td>{ some(top) }</td>
                <td>{ largest(layer.max_over_mean.into()) }</td><td>{ entropy }</td>
                if state.drops { <td>{ percent(layer.dropped) }</td> }
                <td>{ some(held.map(|held| largest(held.max_over_mean.into()))) }</td>
                <td>{ some(held.map(|held| held.dead.to_string())) }</td>
                <td>{ some(held.and_then(|held| held.unchanged).map(percent)) }</td></tr>
        }
    };
    let train = loss(record.loss, 3);
    let losses = match measured {
        None => lab::losses_unmeasured(train),
        Some(held) => lab::losses(train, loss(held.loss, 3), loss(held.bits_per_byte, 2), held.step),
    };
    let extra = record.layers.iter().map(|layer| {
        let three = |value: f32| format!("{value:.3}");
        let terms = [
            layer.balance_loss.map(|value| lab::auxiliary_balance(three(value))),
            layer.z_loss.map(|value| lab::auxiliary_z(three(value))),
            layer.importance_loss.map(|value| lab::auxiliary_importance(three(value))),
            layer.load_loss.map(|value| lab::auxiliary_load(three(value))),
        ];
        terms.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let extra: Vec<String> = extra
        .enumerate()
        .filter(|(_, words)| !words.is_empty())
        .map(|(at, words)| lab::auxiliary_of_layer(at + 1, words))
        .collect();
    let group = if state.drops { "4" } else { "3" };
    let head = |title: &'static str, name: &'static str| html! { <th scope="col" {title}>{ prose(name) }</th> };
    html! {
        <section class="lab-part" data-testid="lab-numbers">
            <h2>{ lab::at_this_step() }<small>{ prose(&lab::step(record.step)) }</small></h2>
            <p class="lab-fine">{ prose(&losses) }</p>
            <Wide class="lab-scroll" label={lab::layers_at_step()}><table class="lab-numbers">
                <thead><tr class="lab-groups"><td></td><th scope="colgroup" colspan={group}>{ lab::of_batch() }</th>
                        <th scope="colgroup" colspan="3">{ lab::of_held_out() }</th></tr>
                    <tr><th scope="col">{ lab::layer() }</th><th scope="col">{ lab::busiest() }</th>
                    { head(lab::max_over_mean_what(), lab::max_over_mean()) }
                    { head(lab::router_entropy_what(), lab::router_entropy()) }
                    if state.drops { { head(lab::full_what(), lab::full()) } }
                    { head(lab::max_over_mean_held_out(), lab::max_over_mean()) }
                    { head(lab::dead_what(), lab::dead()) }{ head(lab::same_what(), lab::same()) }</tr></thead>
                <tbody translate="no">{ for record.layers.iter().enumerate().map(layer) }</tbody>
            </table></Wide>
            if let Some(dealt) = run.branch(state.selected).and_then(|branch| Dealt::of(&branch.info.settings)) {
                <Beside ..dealt />
            }
            if !extra.is_empty() { <p class="lab-fine">{ prose(&lab::auxiliary(extra.join("; "))) }</p> }
        </section>
    }
}

/// What the loads of a run are counted over.
#[derive(Clone, Copy, PartialEq, Properties)]
struct Dealt {
    /// Tokens of a step's batch.
    batch: usize,
    /// Tokens of the held-out text.
    held_out: usize,
    /// Choices of a token, k.
    top_k: usize,
    /// Experts, E.
    experts: usize,
    /// Which way tokens choose.
    method: &'static Method,
}

impl Dealt {
    /// Of a run; `None` where tokens do not choose each for itself.
    fn of(settings: &Settings) -> Option<Self> {
        let method = settings.method;
        let choose = !matches!(method.choices, Choices::All | Choices::Varies)
            && method != &methods::ROUTING_NETWORKS
            && !method.is_fixed();
        (choose && settings.experts > 1).then(|| Self {
            batch: settings.tokens(),
            held_out: settings.held_out_tokens(),
            top_k: settings.top_k,
            experts: settings.experts,
            method,
        })
    }

    /// For so many tokens, the best max/mean in words, and what random choices give, unless `even`: then they do not choose.
    fn largest(&self, tokens: usize, even: bool) -> Option<String> {
        let best = baseline::best((tokens * self.top_k) as u64, self.experts)?.max_over_mean;
        // Choices in groups depend on each other.
        let free = !even && self.method != &methods::SHAZEER_HIERARCHICAL;
        let random = free.then(|| Largest::of(&self.choices(tokens), self.experts)).flatten();
        let best = format!("{best:.2}");
        Some(match random {
            Some(random) => lab::best_and_random(best, random.words(0.0)),
            None => best,
        })
    }

    /// So many tokens by their choices.
    fn choices(&self, tokens: usize) -> Vec<usize> {
        (0..=self.top_k).map(|choices| if choices == self.top_k { tokens } else { 0 }).collect()
    }

    /// All in a sentence.
    fn words(&self) -> Option<String> {
        let batch = self.largest(self.batch, self.method == &methods::BASE)?;
        let held_out = self.largest(self.held_out, false)?;
        let dead = baseline::best((self.held_out * self.top_k) as u64, self.experts)?.dead;
        let random = few(baseline::random(&self.choices(self.held_out), self.experts)?.dead);
        let simulated = batch.contains('≈') || held_out.contains('≈');
        let said = match self.method == &methods::BASE {
            true => lab::baseline_dealt(batch, held_out, dead, random),
            false => lab::baseline(batch, held_out, dead, random),
        };
        Some(if simulated { format!("{said} {}", lab::simulated()) } else { said })
    }
}

/// What stands beside the loads: the best that so many choices can reach, and what random ones would give.
#[component]
fn Beside(dealt: &Dealt) -> Html {
    let words = use_memo(*dealt, Dealt::words);
    html! { if let Some(words) = &*words { <p class="lab-fine" data-testid="lab-baseline">{ prose(words) }</p> } }
}
