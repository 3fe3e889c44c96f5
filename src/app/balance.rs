//! The balance panel: how evenly each layer's tokens fall on its experts, and beside every number the best that this text can
//! reach and what random choices would give.

use super::action::Action;
use super::context::{Dispatch, use_dispatch};
use super::format::{choice, hue, percent};
use super::shared::Shared;
use super::translate::prose;
use crate::messages::{explore, scene};
use crate::scene::method::blended;
use crate::scene::words::few;
use crate::trace::{
    Trace,
    baseline::RandomBaseline,
    largest::Largest,
    metrics::{Balance, Dealing, LayerMetrics},
    rules::GateKind,
};
use yew::prelude::*;

/// Most layers whose charts stand in one row; more stand in several, lower ones.
const ROW: usize = 8;

/// What [`BalancePanel`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct BalanceProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// Whether it is the bundled recording, whose text need not be the visitor's.
    pub recorded: bool,
    /// The selected layer.
    pub layer: usize,
    /// The selected expert.
    pub expert: Option<usize>,
}

/// The panel.
#[component]
pub fn BalancePanel(props: &BalanceProps) -> Html {
    let dispatch = use_dispatch();
    let metrics = use_memo(props.trace.clone(), |trace| blended::metrics(trace));
    let beside = {
        let metrics = metrics.clone();
        use_memo((props.trace.clone(), props.layer), move |(_, layer)| metrics.get(*layer).map(Beside::of))
    };
    if metrics.is_empty() {
        return html! {
            <section class="balance" data-testid="balance-panel" data-tour="balance">
                <p class="soft">{ explore::balance_no_tokens() }</p></section>
        };
    }
    // One scale for all layers, so that their bars can be compared.
    let top = metrics.iter().flat_map(|m| m.share.iter().copied().chain([m.even_share()])).fold(0.0, f64::max) * 1.04;
    html! {
        <section class={classes!("balance", (metrics.len() > ROW).then_some("balance-many"))} data-testid="balance-panel"
            data-tour="balance" aria-label={explore::balance()}>
            { for metrics.iter().enumerate().map(|(l, m)| layer_chart(props, &dispatch, top, l, m)) }
            { for metrics.get(props.layer).zip(beside.as_ref().as_ref()).map(|(m, beside)| numbers(props, m, beside)) }
        </section>
    }
}

/// One layer's bars and its two most telling numbers.
fn layer_chart(props: &BalanceProps, dispatch: &Dispatch, top: f64, l: usize, m: &LayerMetrics) -> Html {
    let (experts, weighed) = (m.share.len(), blended::is_blended(&props.trace));
    let width = 100.0 / experts.max(1) as f64;
    let bar = |(e, &share): (usize, &f64)| {
        let height = 100.0 * share / top;
        let pick = dispatch.reform(move |_: MouseEvent| Action::Expert(l, e));
        let on = props.layer == l && props.expert == Some(e);
        let (name, share) = (choice(&props.trace, e), percent(share as f32));
        let words = match weighed {
            true => explore::balance_bar_weight(name, l + 1, share),
            false => explore::balance_bar_choices(name, l + 1, share, m.load.get(e).copied().unwrap_or(0)),
        };
        html! {
            <g key={e} class={classes!("load", hue(e, experts), on.then_some("load-on"))} onclick={pick}>
                <title>{ words }</title>
                <rect class="load-hit" x={format!("{:.2}%", e as f64 * width)} width={format!("{width:.2}%")} height="100%" />
                <rect x={format!("{:.2}%", (e as f64 + 0.08) * width)} width={format!("{:.2}%", 0.84 * width)}
                    y={format!("{:.2}%", 100.0 - height)} height={format!("{height:.2}%")} rx="1.5" />
            </g>
        }
    };
    let even = format!("{:.2}%", 100.0 - 100.0 * m.even_share() / top);
    let pick = dispatch.reform(move |_: MouseEvent| Action::Layer(l));
    let times = format!("{:.2}", m.balance.max_over_mean);
    let label = match weighed {
        _ if m.is_passed() => explore::balance_chart_passed(l + 1),
        true => explore::balance_chart_weight(l + 1, experts, &times),
        false => explore::balance_chart_choices(l + 1, experts, &times),
    };
    let names = (experts <= 10).then(|| {
        let name = |e: usize| html! { <span>{ e + 1 }</span> };
        html! { <div class="load-names" translate="no" aria-hidden="true">{ for (0..experts).map(name) }</div> }
    });
    html! {
        <div key={l} class={classes!("loads", (props.layer == l).then_some("loads-on"))} data-testid={format!("balance-{}", l + 1)}>
            <button type="button" class="loads-title" onclick={pick} aria-pressed={(props.layer == l).to_string()}>
                <b>{ prose(&scene::layer(l + 1)) }</b>
                <span>if m.is_passed() { { scene::passed_by() } } else {
                    <><i>{ explore::max_mean() }{ " " }</i><span translate="no">{ times }</span></>
                }</span>
            </button>
            <svg class="load-chart" translate="no" role="img" aria-label={label}>
                { for m.share.iter().enumerate().map(bar) }
                <line class="even" x1="0" x2="100%" y1={even.clone()} y2={even} />
            </svg>
            { for names }
        </div>
    }
}

/// What stands beside the numbers of a layer.
#[derive(Clone, Copy)]
struct Beside {
    best: Option<Balance>,
    random: Option<RandomBaseline>,
    largest: Option<Largest>,
    dealing: Dealing,
}

impl Beside {
    fn of(m: &LayerMetrics) -> Self {
        Self { best: m.best(), random: m.random(), largest: m.random_largest(), dealing: m.dealing }
    }

    /// A number of both in words.
    fn words(&self, best: fn(&Balance) -> String, random: Option<String>) -> String {
        match (self.best.as_ref().map(best), random, self.dealing) {
            (_, _, Dealing::Table) => explore::beside_table().to_owned(),
            (Some(best), Some(random), _) => explore::beside_both(best, random),
            (Some(best), None, Dealing::Evenly) => explore::beside_construction(best),
            (Some(best), None, _) => explore::beside_best(best),
            (None, ..) => String::new(),
        }
    }

    /// What "best" and "random" are here.
    fn meaning(&self) -> &'static str {
        match self.dealing {
            Dealing::Table => "",
            Dealing::Evenly => explore::beside_dealt(),
            Dealing::Freely | Dealing::InGroups(_) => explore::beside_picked(),
        }
    }
}

/// A number of the balance.
struct Row {
    name: &'static str,
    value: String,
    /// What this text can reach, and what random choices would give.
    beside: String,
    meaning: &'static str,
}

/// What the numbers are of: so many tokens, and the choices of each or their weight.
fn batch(props: &BalanceProps, m: &LayerMetrics, weighed: bool) -> String {
    // Where experts pick tokens, the table has room for more choices than a token has.
    let each = m.load.iter().sum::<u64>() as f64 / m.tokens.max(1) as f64;
    let each = (each * 100.0).round() / 100.0;
    match (weighed, props.trace.is_counted(), props.recorded) {
        (true, true, _) => explore::batch_counted_weight(m.tokens),
        (true, false, true) => explore::batch_recorded_weight(m.tokens),
        (true, false, false) => explore::batch_here_weight(m.tokens),
        (false, true, _) => explore::batch_counted(m.tokens, each),
        (false, false, true) => explore::batch_recorded(m.tokens, each),
        (false, false, false) => explore::batch_here(m.tokens, each),
    }
}

/// All numbers of the selected layer, each with the best that this text can reach and what random choices would give.
fn numbers(props: &BalanceProps, m: &LayerMetrics, beside: &Beside) -> Html {
    let policy = props.trace.rules().gate == GateKind::Policy;
    if m.is_passed() {
        let words = if policy { explore::balance_passed_policy() } else { explore::balance_passed_nobody() };
        return html! {
            <div key="numbers" class="numbers">
                <p class="numbers-title"><b>{ prose(&scene::layer(props.layer + 1)) }</b></p>
                <p class="soft" data-testid="balance-passed">{ words }</p></div>
        };
    }
    let (b, weighed) = (&m.balance, blended::is_blended(&props.trace));
    // By weight, every share can be had; by choices, only whole ones.
    let told = |even: &str, best: fn(&Balance) -> String, random: Option<String>| match weighed {
        true => explore::beside_even(even),
        false => beside.words(best, random),
    };
    let two = |value: f64| format!("{value:.2}");
    let of = |value: fn(&RandomBaseline) -> f64| beside.random.as_ref().map(value).map(two);
    let mut rows = Vec::new();
    // It counts choices, as dead experts do: they say nothing where every token uses every expert.
    if !weighed {
        rows.push(Row {
            name: explore::balance_loss(),
            value: m.balance_loss.map_or_else(|| scene::not_recorded().to_owned(), two),
            beside: m.balance_baseline.map(|even| explore::beside_even(two(even))).unwrap_or_default(),
            meaning: explore::balance_loss_meaning(),
        });
    }
    rows.extend([
        Row {
            name: explore::balance_cv(),
            value: two(b.cv),
            beside: told("0", |b| format!("{:.2}", b.cv), of(|r| r.cv)),
            meaning: explore::balance_cv_meaning(),
        },
        Row {
            name: explore::balance_maxvio(),
            value: two(b.max_violation),
            beside: told("0", |b| format!("{:.2}", b.max_violation), beside.largest.map(|largest| largest.words(1.0))),
            meaning: explore::balance_maxvio_meaning(),
        },
        Row {
            name: explore::balance_entropy(),
            value: two(b.entropy),
            beside: told("1", |b| format!("{:.2}", b.entropy), of(|r| r.entropy)),
            meaning: explore::balance_entropy_meaning(),
        },
        Row {
            name: explore::balance_jain(),
            value: two(b.jain),
            beside: told("1", |b| format!("{:.2}", b.jain), of(|r| r.jain)),
            meaning: explore::balance_jain_meaning(),
        },
    ]);
    if !weighed {
        rows.push(Row {
            name: explore::balance_dead(),
            value: b.dead.to_string(),
            beside: told("0", |b| b.dead.to_string(), beside.random.map(|random| few(random.dead))),
            meaning: explore::balance_dead_meaning(),
        });
    }
    let meanings = rows.iter().map(|row| html! { <><dt>{ row.name }</dt><dd>{ prose(row.meaning) }</dd></> });
    let bars = if weighed { explore::balance_bars_weight() } else { explore::balance_bars_choices() };
    html! {
        <div key="numbers" class="numbers">
            <p class="numbers-title"><b>{ prose(&scene::layer(props.layer + 1)) }</b>
                <span class="soft" data-testid="balance-batch">{ prose(&batch(props, m, weighed)) }</span></p>
            <dl>
                { for rows.iter().map(|row| html! {
                    <div class="number" title={row.meaning}><dt>{ row.name }</dt>
                        <dd><span translate="no">{ &row.value }</span><small>{ prose(&row.beside) }</small></dd></div>
                }) }
            </dl>
            if weighed {
                <p class="soft small" data-testid="balance-weighed">{ explore::balance_by_weight() }</p>
            }
            <details class="meanings" data-testid="meanings"><summary>{ explore::balance_meanings() }</summary>
                <dl>
                    if !weighed && !beside.meaning().is_empty() {
                        <><dt>{ explore::beside_name() }</dt><dd>{ prose(beside.meaning()) }</dd></>
                    }
                    { for meanings }
                    <dt>{ explore::balance_bars() }</dt>
                    <dd>{ bars }</dd>
                </dl></details>
            if policy { <p class="soft small">{ explore::balance_pass() }</p> }
            if let Some(dropped) = m.dropped.filter(|&dropped| dropped > 0) {
                <p class="soft small">{ prose(&explore::balance_dropped(dropped)) }</p> }
        </div>
    }
}
