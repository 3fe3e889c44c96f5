//! The right column: the probe sentence's routes, what the model writes, and the numbers at the step that is looked at.

use super::act::Act;
use super::run::Probe;
use super::state::State;
use super::typed::Typed;
use crate::app::flow::{Clock, FlowView};
use crate::app::format::{choice_in, count, expert_in, hue, visible};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::format::loss;
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
pub fn view(state: &State, parts: usize, on: &Callback<Act>, flow: FlowNeeds) -> Html {
    let parts = if state.run.is_some() { parts } else { 0 };
    html! {
        <aside class="lab-side" tabindex="0" data-testid="lab-side" aria-label="At this step">
            if parts > 0 { { probe(state, on, flow) } }
            if parts > 1 { <>{ says(state) }{ writes(state, on) }</> }
            if parts > 2 { { numbers(state) } }
            if parts == 0 { { soon() } }
        </aside>
    }
}

/// Before the first run: what will be here.
fn soon() -> Html {
    let part = |name: &str, what: &str| html! { <section class="lab-part lab-soon"><h2>{ name }</h2><p class="soft">{ what }</p></section> };
    html! {
        <>
            { part("Probe", "A sentence of yours, and the experts that its tokens go to, anew as the model learns.") }
            { part("It writes", "What the model writes at that step: first noise, then letters, then words.") }
            { part("At this step", "Load, router entropy and dead experts of every layer at the step that you look at.") }
        </>
    }
}

fn probe(state: &State, on: &Callback<Act>, flow: FlowNeeds) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let set = on.reform(Act::Probe);
    let kind = |on_flow: bool, name: &'static str, testid: &'static str| {
        let is = state.flow == on_flow;
        html! { <button type="button" class={if is { "on" } else { "" }} aria-pressed={is.to_string()} data-testid={testid} onclick={on.reform(move |_| Act::Flow(on_flow))}>{ name }</button> }
    };
    let shown = state.probe();
    let when = shown.map_or_else(|| "not computed yet".to_owned(), |probe| when(probe.step, state.at));
    html! {
        <section class="lab-part" data-testid="lab-probe">
            <h2>{ "Probe" }<small data-testid="lab-probe-step">{ prose(&when) }</small>
                <div class="segments segments-small" role="group" aria-label="Shown as">{ kind(false, "Routes", "probe-routes") }{ kind(true, "Flow", "probe-flow") }</div></h2>
            <Typed sentence={true} label={Some("Probe sentence")} value={run.probe.clone()} testid="lab-probe-text" on_done={set} />
            if let Some(probe) = shown {
                if state.flow { { picture(probe, flow) } } else { { routes(&probe.trace, state.whole, on) } }
            }
        </section>
    }
}

/// Which step the shown routes are of, beside the one that the ruler shows; none while the newest is followed.
fn when(step: u64, ruler: Option<u64>) -> String {
    match ruler.is_none_or(|ruler| ruler == step) {
        true => format!("at step {}", count(step as usize)),
        false => format!("nearest kept step: {}", count(step as usize)),
    }
}

fn picture(probe: &Probe, flow: FlowNeeds) -> Html {
    let FlowNeeds { theme, reduced_motion, clock, view, on_view } = flow;
    html! { <div class="lab-flow"><FlowView trace={probe.trace.clone()} {view} {theme} {reduced_motion} clock={clock.clone()} {on_view} /></div> }
}

/// Tokens by layers: the first ones, for the whole table is laid out anew with every evaluation, unless all are asked for.
fn routes(trace: &Trace, whole: bool, on: &Callback<Act>) -> Html {
    let shown = if whole || trace.len() <= FIRST + FEW { trace.len() } else { FIRST };
    let row = |t: usize| {
        let text = trace.tokens.get(t).map(|token| visible(&token.text)).unwrap_or_default();
        html! { <tr key={t}><th scope="row">{ text }</th>{ for trace.layers.iter().enumerate().map(|(l, layer)| chip(trace, (l, layer), t)) }</tr> }
    };
    html! {
        <div class="lab-routes" tabindex="0" role="region" aria-label="Routes of the probe sentence">
            <table>
                <thead><tr><th scope="col"><span class="lab-unseen">{ "Token" }</span></th>{ for (1..=trace.layers.len()).map(|l| html! { <th scope="col" translate="no">{ format!("L{l}") }</th> }) }</tr></thead>
                <tbody translate="no">{ for (0..shown).map(row) }</tbody>
            </table>
            if shown < trace.len() {
                <button type="button" class="link" data-testid="probe-whole" onclick={on.reform(|_| Act::Whole)}>{ prose(&format!("Show all {} tokens", trace.len())) }</button>
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
            if dropped { <small>{ "full" }</small> }</td>
    }
}

/// What one sees, in sentences.
fn says(state: &State) -> Html {
    if state.run.is_none() {
        return html! {};
    }
    let look = state.look();
    html! { <p class="lab-says" data-testid="lab-says">{ prose(&words::explain(&look).join(" ")) }</p> }
}

fn writes(state: &State, on: &Callback<Act>) -> Html {
    if state.run.is_none() {
        return html! {};
    }
    let sample = state.sample();
    html! {
        <section class="lab-part" data-testid="lab-writes">
            <h2>{ "It writes" }
                if let Some(sample) = sample { <small>{ prose(&format!("at step {}", count(sample.step as usize))) }</small> }
                <button type="button" class="link" data-testid="lab-write" onclick={on.reform(|_| Act::Write)}>{ "Write now" }</button></h2>
            if let Some(sample) = sample {
                <p class="lab-sample" translate="no" data-testid="lab-sample">{ "“" }<span class="soft">{ &sample.prompt }</span>{ &sample.text }{ "”" }</p>
            } else { <p class="soft">{ "Nothing yet." }</p> }
        </section>
    }
}

fn numbers(state: &State) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let curve = run.curve(state.selected);
    let step = state.step();
    let Some(record) = curve.at(step).filter(|_| step > 0) else { return html! {} };
    let measured = curve.measured_at(step);
    let layer = |(at, layer): (usize, &LayerRecord)| {
        let held = measured.and_then(|evaluation| evaluation.layers.get(at));
        let some = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let top = words::busiest(&layer.load).map(|(e, share)| format!("{} {:.0} %", expert_in(at, e), share * 100.0));
        html! {
            <tr key={at}><th scope="row">{ at + 1 }</th><td>{ some(top) }</td><td>{ largest(layer.max_over_mean.into()) }</td>
                <td>{ layer.router_entropy.map_or_else(|| "fixed".to_owned(), |value| format!("{value:.2}")) }</td>
                if state.drops { <td>{ format!("{:.0} %", layer.dropped * 100.0) }</td> }
                <td>{ some(held.map(|held| largest(held.max_over_mean.into()))) }</td><td>{ some(held.map(|held| held.dead.to_string())) }</td>
                <td>{ some(held.and_then(|held| held.unchanged).map(|share| format!("{:.0} %", share * 100.0))) }</td></tr>
        }
    };
    let held = measured.map_or_else(
        || "not measured yet".to_owned(),
        |e| {
            let (nats, bits) = (loss(e.loss, 3), loss(e.bits_per_byte, 2));
            format!("{nats} nats, {bits} bits per byte (step {})", count(e.step as usize))
        },
    );
    let extra = record.layers.iter().map(|layer| {
        let terms = [
            ("balance", layer.balance_loss),
            ("z", layer.z_loss),
            ("importance", layer.importance_loss),
            ("load", layer.load_loss),
        ];
        let terms = terms.iter().filter_map(|(name, value)| value.map(|value| format!("{name} {value:.3}")));
        terms.collect::<Vec<_>>().join(", ")
    });
    let extra: Vec<String> = extra
        .enumerate()
        .filter(|(_, words)| !words.is_empty())
        .map(|(at, words)| format!("layer {}: {words}", at + 1))
        .collect();
    html! {
        <section class="lab-part" data-testid="lab-numbers">
            <h2>{ "At this step" }<small>{ prose(&format!("step {}", count(record.step as usize))) }</small></h2>
            <p class="lab-fine">{ prose(&format!("Train loss {} nats · held-out {held}", loss(record.loss, 3))) }</p>
            <Wide class="lab-scroll" label="Layers at this step"><table class="lab-numbers">
                <thead><tr class="lab-groups"><td></td><th scope="colgroup" colspan={if state.drops { "4" } else { "3" }}>{ "this step’s batch" }</th><th scope="colgroup" colspan="3">{ "held-out text" }</th></tr>
                    <tr><th scope="col">{ "Layer" }</th><th scope="col">{ "busiest" }</th><th scope="col" title="Largest load over mean load">{ "max/mean" }</th>
                    <th scope="col" title="Mean entropy of a token's scores over ln E">{ prose("router H") }</th>
                    if state.drops { <th scope="col" title="Choices that found their expert full">{ "full" }</th> }
                    <th scope="col" title="Largest load over mean load, routed as in use">{ "max/mean" }</th><th scope="col" title="Experts that nobody asked for">{ "dead" }</th>
                    <th scope="col" title="Choices that are as at the evaluation before">{ "same" }</th></tr></thead>
                <tbody translate="no">{ for record.layers.iter().enumerate().map(layer) }</tbody>
            </table></Wide>
            if let Some(dealt) = run.branch(state.selected).and_then(|branch| Dealt::of(&branch.info.settings)) { <Beside ..dealt /> }
            if !extra.is_empty() { <p class="lab-fine">{ prose(&format!("Auxiliary losses, without their coefficients: {}.", extra.join("; "))) }</p> }
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
        let choose = method.choices != Choices::All && method != &methods::ROUTING_NETWORKS && !method.is_fixed();
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
        let random = random.map(|random| format!(" and {}", random.words(0.0))).unwrap_or_default();
        Some(format!("{best:.2}{random}"))
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
        let simulated =
            if batch.contains('≈') || held_out.contains('≈') { " ≈: the mean of a simulation." } else { "" };
        let spread = if self.method == &methods::BASE { ", where BASE deals the tokens out itself" } else { "" };
        Some(format!(
            "The best that so many choices can reach, and what random choices would give: max/mean {batch} in a batch{spread}; {held_out} on held-out text, where {dead} and {random} experts are dead.{simulated}"
        ))
    }
}

/// What stands beside the loads: the best that so many choices can reach, and what random ones would give.
#[component]
fn Beside(dealt: &Dealt) -> Html {
    let words = use_memo(*dealt, Dealt::words);
    html! { if let Some(words) = &*words { <p class="lab-fine" data-testid="lab-baseline">{ prose(words) }</p> } }
}
