//! Names and sentences, so that picture, caption and screen reader say the same.
//!
//! People count layers, tokens and experts from 1; files and programs from 0.

use super::{ViewState, method::blended::is_blended};
use crate::messages::scene;
use crate::trace::{Choice, Trace, metrics::LayerMetrics, rules::GateKind};

/// `E6` for the expert 5.
pub fn expert(index: usize) -> String {
    format!("E{}", index + 1)
}

/// Whether that choice of a trace is to pass the layer by, which no expert does.
fn passes(trace: &Trace, index: usize) -> bool {
    index + 1 == trace.model.experts && trace.rules().gate == GateKind::Policy
}

/// The same in a trace, whose last choice may be to pass the layer by.
pub fn choice(trace: &Trace, index: usize) -> String {
    if passes(trace, index) { scene::pass().to_owned() } else { expert(index) }
}

/// `2·E6` for the expert 5 of the layer 1: how an expert is called wherever those of two layers can be seen. Experts of
/// different layers are different networks, even those of one number and hue.
pub fn expert_in(layer: usize, index: usize) -> String {
    format!("{}·{}", layer + 1, expert(index))
}

/// The same in a trace, whose last choice may be to pass the layer by.
pub fn choice_in(trace: &Trace, layer: usize, index: usize) -> String {
    if passes(trace, index) { scene::pass().to_owned() } else { expert_in(layer, index) }
}

/// What a layer chooses from: `8 experts`, or where the last choice is to pass it by, `8 blocks or pass`.
pub fn pool(trace: &Trace) -> String {
    match blocks(trace) {
        Some(blocks) => scene::pool_or_pass(blocks),
        None => scene::pool(trace.model.experts),
    }
}

/// The blocks of a layer that may also be passed by.
fn blocks(trace: &Trace) -> Option<usize> {
    (trace.rules().gate == GateKind::Policy).then(|| trace.model.experts.saturating_sub(1))
}

/// `12.5 %` for 0.125.
pub fn percent(share: f64) -> String {
    let number = format!("{:.1}", share * 100.0);
    format!("{} %", number.strip_suffix(".0").unwrap_or(&number))
}

/// A token's text with its white space and control characters to be seen.
pub fn visible(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len() + 4), |mut out, c| {
        match c {
            ' ' => out.push('␣'),
            '\n' => out.push('↵'),
            '\t' => out.push('⇥'),
            '\u{a0}' => out.push('⍽'),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
        out
    })
}

/// The same, cut in the middle to about `width` letters; wide scripts count double.
pub fn short(text: &str, width: usize) -> String {
    let chars: Vec<char> = visible(text).chars().collect();
    if chars.iter().copied().map(wide).sum::<usize>() <= width {
        return chars.into_iter().collect();
    }
    let take = |iter: &mut dyn Iterator<Item = char>, room: usize| {
        let mut left = room;
        iter.take_while(|&c| {
            let fits = wide(c) <= left;
            left = left.saturating_sub(wide(c));
            fits
        })
        .collect::<Vec<char>>()
    };
    let room = width.saturating_sub(1);
    let head = take(&mut chars.iter().copied(), room - room / 2);
    let mut tail = take(&mut chars.iter().rev().copied(), room / 2);
    tail.reverse();
    head.into_iter().chain(['…']).chain(tail).collect()
}

/// Letters that a character takes the room of.
pub fn wide(c: char) -> usize {
    if matches!(c as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x1f300..=0x3ffff)
    {
        2
    } else {
        1
    }
}

/// `E6 0.74`; the name alone where no weight is recorded.
pub fn weighed(name: &str, weight: Option<f32>) -> String {
    weight.map_or_else(|| name.to_owned(), |weight| format!("{name} {weight:.2}"))
}

/// `E6 0.74, E2 0.26`: whom a token chose in a layer.
pub fn choices(trace: &Trace, layer: usize, token: usize) -> String {
    let Some(layer) = trace.layers.get(layer) else { return String::new() };
    let parts = layer.choices(token).map(|Choice { expert, weight, dropped }| {
        let weighed = weighed(&choice(trace, expert), weight);
        if dropped { scene::dropped_choice(weighed) } else { weighed }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Numbers of a token in a layer.
pub fn of_token(trace: &Trace, layer: usize, token: usize) -> String {
    let Some(found) = trace.tokens.get(token) else { return String::new() };
    let name = short(&found.text, 24);
    scene::of_token(token + 1, trace.len(), name, layer + 1, choices(trace, layer, token))
}

/// Numbers of an expert in a layer.
pub fn of_expert(trace: &Trace, metrics: &[LayerMetrics], layer: usize, index: usize) -> String {
    let (number, name) = (layer + 1, choice(trace, index));
    if passes(trace, index) {
        return match metrics.get(layer).is_some_and(LayerMetrics::is_passed) {
            true => scene::expert_passed(number, name),
            false => scene::expert_not_chosen(number, name),
        };
    }
    let Some((metrics, load)) = metrics.get(layer).and_then(|m| Some((m, *m.load.get(index)?))) else {
        return scene::expert_no_token(number, name);
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let share = percent(metrics.share.get(index).copied().unwrap_or_default());
    let even = percent(metrics.even_share());
    if is_blended(trace) {
        return scene::expert_blended(number, name, share, even);
    }
    let prob = metrics.mean_prob.as_ref().and_then(|mean| mean.get(index));
    let prob = prob.map_or_else(|| scene::not_recorded().to_owned(), |prob| format!("{prob:.3}"));
    let all = metrics.tokens.saturating_mul(trace.layers.get(layer).map_or(0, |layer| layer.info.top_k as u64));
    scene::expert(number, name, load, all, share, even, prob)
}

/// Numbers of a layer; in brackets the best that the text can reach, and what random choices give.
pub fn of_layer(trace: &Trace, metrics: &[LayerMetrics], layer: usize) -> String {
    let number = layer + 1;
    let Some(metrics) = metrics.get(layer) else { return scene::layer_no_token(number) };
    if metrics.is_passed() {
        return scene::layer_passed(number);
    }
    let balance = metrics.balance;
    let two = |value: f64| format!("{value:.2}");
    if is_blended(trace) {
        return scene::layer_blended(number, two(balance.max_over_mean), two(balance.cv), two(balance.entropy));
    }
    let (best, random, largest) = (metrics.best(), metrics.random(), metrics.random_largest());
    let beside = |value: String, best: Option<String>, random: Option<String>| match (best, random) {
        (Some(best), Some(random)) => format!("{value} ({best}, {random})"),
        (Some(best), None) => format!("{value} ({best})"),
        (None, _) => value,
    };
    let pair = |value: f64, best: Option<f64>, random: Option<f64>| beside(two(value), best.map(two), random.map(two));
    let most = two(balance.max_over_mean);
    let most = beside(most, best.map(|b| two(b.max_over_mean)), largest.map(|largest| largest.words(0.0)));
    let cv = pair(balance.cv, best.map(|b| b.cv), random.map(|r| r.cv));
    let entropy = pair(balance.entropy, best.map(|b| b.entropy), random.map(|r| r.entropy));
    let dead = beside(balance.dead.to_string(), best.map(|b| b.dead.to_string()), random.map(|r| few(r.dead)));
    let dropped = metrics.dropped.map_or_else(|| scene::not_recorded().to_owned(), |dropped| dropped.to_string());
    match (best.is_some(), random.is_some()) {
        (true, true) => scene::layer_best_random(number, most, cv, entropy, dead, dropped),
        (true, false) => scene::layer_best(number, most, cv, entropy, dead, dropped),
        (false, _) => scene::layer_alone(number, most, cv, entropy, dead, dropped),
    }
}

/// A mean count: `0`, `<0.1`, `4.5`.
pub fn few(mean: f64) -> String {
    match mean {
        mean if mean <= 1e-6 => "0".to_owned(),
        mean if mean < 0.1 => "<0.1".to_owned(),
        mean => format!("{mean:.1}"),
    }
}

/// A layer's largest load over its mean load. Where anything was chosen that is 1 or more.
pub fn largest(max_over_mean: f64) -> String {
    if max_over_mean > 0.0 { format!("{max_over_mean:.2}") } else { scene::passed_by().to_owned() }
}

/// What the picture is.
pub fn title(trace: &Trace) -> String {
    let (model, tokens, layers) = (&trace.model, trace.len(), trace.layers.len());
    match (trace.is_counted(), blocks(trace)) {
        (true, None) => scene::title_counted(&model.name, layers, model.experts),
        (true, Some(blocks)) => scene::title_counted_or_pass(&model.name, layers, blocks),
        (false, None) => scene::title(&model.name, tokens, layers, model.experts),
        (false, Some(blocks)) => scene::title_or_pass(&model.name, tokens, layers, blocks),
    }
}

/// What the picture shows: the way of the selected token, and how even each layer is.
pub fn description(trace: &Trace, metrics: &[LayerMetrics], view: &ViewState) -> String {
    let mut said = vec![match trace.rules().gate {
        GateKind::Policy => scene::text_goes().to_owned(),
        _ => scene::tokens_go(trace.model.top_k),
    }];
    said.extend(trace.tokens.get(view.token).map(|token| {
        let way = (0..trace.layers.len()).map(|l| scene::way_in_layer(l + 1, choices(trace, l, view.token)));
        scene::way(view.token + 1, visible(&token.text), way.collect::<Vec<_>>().join("; "))
    }));
    let loads = metrics.iter().enumerate();
    let loads = loads.map(|(l, m)| scene::largest_in_layer(l + 1, largest(m.balance.max_over_mean)));
    let loads = loads.collect::<Vec<_>>().join(", ");
    said.extend((!loads.is_empty()).then(|| match is_blended(trace) {
        true => scene::largest_weights(loads),
        false => scene::largest_loads(loads),
    }));
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_control_characters_are_seen() {
        assert_eq!(visible(" a\n\tb\r\u{0}\u{7f}"), "␣a↵⇥b\\x0d\\x00\\x7f");
    }

    /// Two tokens with two of eight experts each, all four different or not: at best four have one choice, twice the mean of a
    /// half, and four none; random choices leave 8 (3/4)^2 = 4.5 without.
    #[test]
    fn a_layer_is_told_beside_what_its_text_can_reach() {
        let trace = crate::trace::sample::trace(2, 1, 8, 2);
        let words = of_layer(&trace, &LayerMetrics::of_trace(&trace), 0);
        assert!(words.starts_with("Layer 1 (best, random): max/mean ") && words.contains(" (2.00, 2.93)"), "{words}");
        assert!(words.contains(" (4, 4.5) · dropped 0"), "{words}");
    }

    #[test]
    fn a_choice_of_weight_0_is_told() {
        assert_eq!(choices(&crate::trace::sample::saturated(), 0, 0), "E3 1.00, E5 0.00");
    }

    #[test]
    fn numbers_have_commas() {
        use crate::format::thousands;
        assert_eq!([0, 999, 1000, 65_536, 1_234_567].map(thousands), ["0", "999", "1,000", "65,536", "1,234,567"]);
    }

    #[test]
    fn long_names_are_cut_in_the_middle() {
        assert_eq!(short("breakfast", 9), "breakfast");
        assert_eq!(short("breakfasts", 9), "brea…asts");
        assert_eq!(short("東京都庁舎", 6), "東…舎");
        assert_eq!(short("abc", 1), "…");
        assert_eq!(short("abc", 0), "…");
    }
}
