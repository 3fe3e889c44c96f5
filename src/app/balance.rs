//! The balance panel: how evenly each layer's tokens fall on its experts, and beside every number the best that this text can
//! reach and what random choices would give.

use super::action::Action;
use super::context::{Dispatch, use_dispatch};
use super::format::{choice, hue, percent, plural};
use super::shared::Shared;
use super::translate::prose;
use crate::scene::method::blended;
use crate::scene::words::{NOT_RECORDED, few};
use crate::trace::{
    Trace,
    baseline::Random,
    largest::Largest,
    metrics::{Balance, Dealing, LayerMetrics},
    rules::Gate,
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
                <p class="soft">{ "No tokens, no load." }</p></section>
        };
    }
    // One scale for all layers, so that their bars can be compared.
    let top = metrics.iter().flat_map(|m| m.share.iter().copied().chain([m.even_share()])).fold(0.0, f64::max) * 1.04;
    html! {
        <section class={classes!("balance", (metrics.len() > ROW).then_some("balance-many"))} data-testid="balance-panel"
            data-tour="balance" aria-label="Balance">
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
            true => format!("{name} in layer {}: {share} of the weight", l + 1),
            false => {
                format!("{name} in layer {}: {share} of the choices ({})", l + 1, m.load.get(e).copied().unwrap_or(0))
            }
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
    let label = match m.is_passed() {
        true => format!("Layer {}: the whole text passed it by, so no expert has a share", l + 1),
        false => format!(
            "Layer {}: share of the {} that each of {experts} experts takes; the largest is {:.2} times the even share",
            l + 1,
            if weighed { "weight" } else { "choices" },
            m.balance.max_over_mean
        ),
    };
    let names = (experts <= 10).then(|| {
        let name = |e: usize| html! { <span>{ e + 1 }</span> };
        html! { <div class="load-names" translate="no" aria-hidden="true">{ for (0..experts).map(name) }</div> }
    });
    html! {
        <div key={l} class={classes!("loads", (props.layer == l).then_some("loads-on"))} data-testid={format!("balance-{}", l + 1)}>
            <button type="button" class="loads-title" onclick={pick} aria-pressed={(props.layer == l).to_string()}>
                <b>{ prose(&format!("Layer {}", l + 1)) }</b>
                <span>if m.is_passed() { { "passed by" } } else {
                    <><i>{ "max/mean " }</i><span translate="no">{ format!("{:.2}", m.balance.max_over_mean) }</span></>
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
    random: Option<Random>,
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
            (_, _, Dealing::Table) => "set by the table".to_owned(),
            (Some(best), Some(random), _) => format!("best {best}, random {random}"),
            (Some(best), None, Dealing::Evenly) => format!("best {best}, by construction"),
            (Some(best), None, _) => format!("best {best}"),
            (None, ..) => String::new(),
        }
    }

    /// What "best" and "random" are here.
    fn meaning(&self) -> &'static str {
        match self.dealing {
            Dealing::Table => "",
            Dealing::Evenly => "The most even load that so many choices can reach; the method deals them out so.",
            Dealing::Freely | Dealing::InGroups(_) => {
                "The most even load that so many choices can reach, and what is expected if every token of this text picks its experts at random: exact means, for CV the root mean square, for Jain its value there. Only the fullest expert (max/mean, MaxVio) has no formula: ≈ marks the mean of a simulation, for long texts and where tokens choose groups first."
            }
        }
    }
}

/// All numbers of the selected layer, each with the best that this text can reach and what random choices would give.
fn numbers(props: &BalanceProps, m: &LayerMetrics, beside: &Beside) -> Html {
    let policy = props.trace.rules().gate == Gate::Policy;
    if m.is_passed() {
        let words = if policy {
            "The policy lets this text pass the layer by: no block works, so there is no load to spread."
        } else {
            "No token of this text has an expert in this layer, so there is no load to spread."
        };
        return html! {
            <div key="numbers" class="numbers">
                <p class="numbers-title"><b>{ prose(&format!("Layer {}", props.layer + 1)) }</b></p>
                <p class="soft" data-testid="balance-passed">{ words }</p></div>
        };
    }
    let (b, weighed) = (&m.balance, blended::is_blended(&props.trace));
    // By weight, every share can be had; by choices, only whole ones.
    let told = |even: &str, best: fn(&Balance) -> String, random: Option<String>| match weighed {
        true => format!("even {even}"),
        false => beside.words(best, random),
    };
    let two = |value: f64| format!("{value:.2}");
    let of = |value: fn(&Random) -> f64| beside.random.as_ref().map(value).map(two);
    let mut rows = vec![
        (
            "Balance loss",
            m.balance_loss.map_or_else(|| NOT_RECORDED.to_owned(), two),
            m.balance_baseline.map(|even| format!("even {even:.2}")).unwrap_or_default(),
            "E times the sum over experts of share times mean score: what methods with a balance loss keep small. Where the load is even, and on average where choices are random, it is the sum of the mean scores, which is 1 for a softmax.",
        ),
        (
            "CV",
            format!("{:.2}", b.cv),
            told("0", |b| format!("{:.2}", b.cv), of(|r| r.cv)),
            "Coefficient of variation: standard deviation of the loads over their mean.",
        ),
        (
            "MaxVio",
            format!("{:.2}", b.max_violation),
            told("0", |b| format!("{:.2}", b.max_violation), beside.largest.map(|largest| largest.words(1.0))),
            "How far the fullest expert is above the mean, in means.",
        ),
        (
            "Entropy",
            format!("{:.2}", b.entropy),
            told("1", |b| format!("{:.2}", b.entropy), of(|r| r.entropy)),
            "Entropy of the shares over its largest possible value.",
        ),
        (
            "Jain",
            format!("{:.2}", b.jain),
            told("1", |b| format!("{:.2}", b.jain), of(|r| r.jain)),
            "Jain’s fairness index: 1 when all experts take the same.",
        ),
        (
            "Dead",
            format!("{}", b.dead),
            told("0", |b| b.dead.to_string(), beside.random.map(|random| few(random.dead))),
            "Experts that no token of this text chose.",
        ),
    ];
    if weighed {
        rows.retain(|(name, ..)| !matches!(*name, "Balance loss" | "Dead"));
    }
    let meanings =
        rows.iter().map(|(name, _, _, meaning)| html! { <><dt>{ *name }</dt><dd>{ prose(meaning) }</dd></> });
    let bars = match weighed {
        true => {
            "Each expert’s mean share of the weight: counted by choices the load is even by construction (max/mean 1, CV 0, none dead), and says nothing"
        }
        false => "Share of the choices",
    };
    // Where experts pick tokens, the table has room for more choices than a token has.
    let each = m.load.iter().sum::<u64>() as f64 / m.tokens.max(1) as f64;
    let counted = usize::try_from(m.tokens).unwrap_or(usize::MAX);
    let each = format!("{each:.2}").trim_end_matches('0').trim_end_matches('.').to_owned();
    let text = match (props.trace.is_counted(), props.recorded) {
        (true, _) => "counted",
        (false, true) => "recorded text",
        (false, false) => "this text",
    };
    let tokens = plural(counted, "token", "tokens");
    let batch = match weighed {
        true => format!("{text}: {tokens}, by weight"),
        false => format!("{text}: {tokens} × {each} {}", if each == "1" { "choice" } else { "choices" }),
    };
    html! {
        <div key="numbers" class="numbers">
            <p class="numbers-title"><b>{ prose(&format!("Layer {}", props.layer + 1)) }</b>
                <span class="soft" data-testid="balance-batch">{ prose(&batch) }</span></p>
            <dl>
                { for rows.iter().map(|(name, value, beside, meaning)| html! {
                    <div class="number" title={*meaning}><dt>{ *name }</dt>
                        <dd><span translate="no">{ value }</span><small>{ prose(beside) }</small></dd></div>
                }) }
            </dl>
            if weighed {
                <p class="soft small" data-testid="balance-weighed">
                    { "By weight: every token uses every expert, so choices would be even." }</p>
            }
            <details class="meanings" data-testid="meanings"><summary>{ "What they mean" }</summary>
                <dl>
                    if !weighed && !beside.meaning().is_empty() {
                        <><dt>{ "best, random" }</dt><dd>{ prose(beside.meaning()) }</dd></>
                    }
                    { for meanings }
                    <dt>{ "Bars" }</dt>
                    <dd>{ bars }{ "; the dashed line is the even share. All layers have one scale." }</dd>
                </dl></details>
            if policy { <p class="soft small">{ "Pass is no block: it takes no load." }</p> }
            if let Some(dropped) = m.dropped.filter(|&dropped| dropped > 0) { <p class="soft small">{ prose(&format!("{} dropped", plural(dropped, "choice", "choices"))) }</p> }
        </div>
    }
}
