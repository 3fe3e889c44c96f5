//! Names and sentences, so that picture, caption and screen reader say the same.
//!
//! People count layers, tokens and experts from 1; files and programs from 0.

use super::{ViewState, method::blended::is_blended};
use crate::format::thousands;
use crate::trace::{Choice, Trace, metrics::LayerMetrics, rules::Gate};

/// What stands in the place of a number that a recording does not hold.
pub const NOT_RECORDED: &str = "not recorded";

/// `E6` for the expert 5.
pub fn expert(index: usize) -> String {
    format!("E{}", index + 1)
}

/// The same in a trace, whose last choice may be to pass the layer by, which no expert does.
pub fn choice(trace: &Trace, index: usize) -> String {
    let passes = index + 1 == trace.model.experts && trace.rules().gate == Gate::Policy;
    if passes { "pass".to_owned() } else { expert(index) }
}

/// `2·E6` for the expert 5 of the layer 1: how an expert is called wherever those of two layers can be seen. Experts of
/// different layers are different networks, even those of one number and hue.
pub fn expert_in(layer: usize, index: usize) -> String {
    format!("{}·{}", layer + 1, expert(index))
}

/// The same in a trace, whose last choice may be to pass the layer by.
pub fn choice_in(trace: &Trace, layer: usize, index: usize) -> String {
    match choice(trace, index) {
        name if name == "pass" => name,
        _ => expert_in(layer, index),
    }
}

/// What a layer chooses from: `8 experts`, or where the last choice is to pass it by, `8 blocks or pass`.
pub fn pool(trace: &Trace) -> String {
    match trace.model.experts {
        experts if trace.rules().gate == Gate::Policy => {
            format!("{} or pass", plural(experts.saturating_sub(1), "block"))
        }
        experts => plural(experts, "expert"),
    }
}

/// `12.5 %` for 0.125.
pub fn percent(share: f64) -> String {
    let number = format!("{:.1}", share * 100.0);
    format!("{} %", number.strip_suffix(".0").unwrap_or(&number))
}

/// A number with so many digits behind the point, or as large numbers are written (`3.4e38`): a trace that somebody opens
/// may hold any finite ones.
pub fn fixed(value: f64, digits: usize) -> String {
    if value.abs() < 1e5 { format!("{value:.digits$}") } else { format!("{value:.1e}") }
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
        weighed(&choice(trace, expert), weight) + if dropped { " (dropped)" } else { "" }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Numbers of a token in a layer.
pub fn of_token(trace: &Trace, layer: usize, token: usize) -> String {
    let Some(found) = trace.tokens.get(token) else { return String::new() };
    let name = short(&found.text, 24);
    format!(
        "Token {} of {} “{name}” · layer {}: {}",
        thousands(token + 1),
        thousands(trace.len()),
        layer + 1,
        choices(trace, layer, token)
    )
}

/// Numbers of an expert in a layer.
pub fn of_expert(trace: &Trace, metrics: &[LayerMetrics], layer: usize, index: usize) -> String {
    let name = format!("Layer {} · {}", layer + 1, choice(trace, index));
    if choice(trace, index) == "pass" {
        let passed = metrics.get(layer).is_some_and(LayerMetrics::is_passed);
        return format!(
            "{name} · {}",
            if passed { "the whole text goes by this layer" } else { "not chosen for this text" }
        );
    }
    let Some((metrics, load)) = metrics.get(layer).and_then(|m| Some((m, *m.load.get(index)?))) else {
        return format!("{name}: no token yet");
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let share = percent(metrics.share.get(index).copied().unwrap_or_default());
    if is_blended(trace) {
        return format!(
            "{name} · works for every token · {share} of the weight (even: {})",
            percent(metrics.even_share())
        );
    }
    let prob = metrics.mean_prob.as_ref().and_then(|mean| mean.get(index));
    let prob = prob.map_or_else(|| NOT_RECORDED.to_owned(), |prob| format!("{prob:.3}"));
    let all = metrics.tokens.saturating_mul(trace.layers.get(layer).map_or(0, |layer| layer.info.top_k as u64));
    format!(
        "{name} · {} of {} choices, {share} (even: {}) · mean score {prob}",
        thousands(usize::try_from(load).unwrap_or(usize::MAX)),
        thousands(usize::try_from(all).unwrap_or(usize::MAX)),
        percent(metrics.even_share())
    )
}

/// Numbers of a layer; in brackets the best that the text can reach, and what random choices give.
pub fn of_layer(trace: &Trace, metrics: &[LayerMetrics], layer: usize) -> String {
    let name = format!("Layer {}", layer + 1);
    let Some(metrics) = metrics.get(layer) else { return format!("{name}: no token yet") };
    if metrics.is_passed() {
        return format!("{name} · the whole text passed it by: no expert has a load");
    }
    let balance = metrics.balance;
    if is_blended(trace) {
        return format!(
            "{name} · by weight, since every expert works for every token: max/mean {:.2} (even: 1) · CV {:.2} (even: 0) · entropy {:.2} of 1",
            balance.max_over_mean, balance.cv, balance.entropy
        );
    }
    let (best, random, largest) = (metrics.best(), metrics.random(), metrics.random_largest());
    let beside = |best: Option<String>, random: Option<String>| match (best, random) {
        (Some(best), Some(random)) => format!(" ({best}, {random})"),
        (Some(best), None) => format!(" ({best})"),
        (None, _) => String::new(),
    };
    let pair = |best: Option<f64>, random: Option<f64>| {
        let two = |value: f64| format!("{value:.2}");
        beside(best.map(two), random.map(two))
    };
    let heads = beside(best.map(|_| "best".to_owned()), random.map(|_| "random".to_owned()));
    format!(
        "{name}{heads}: max/mean {:.2}{} · CV {:.2}{} · entropy {:.2}{} · dead {}{} · dropped {}",
        balance.max_over_mean,
        beside(best.map(|b| format!("{:.2}", b.max_over_mean)), largest.map(|largest| largest.words(0.0))),
        balance.cv,
        pair(best.map(|b| b.cv), random.map(|r| r.cv)),
        balance.entropy,
        pair(best.map(|b| b.entropy), random.map(|r| r.entropy)),
        balance.dead,
        beside(best.map(|b| b.dead.to_string()), random.map(|r| few(r.dead))),
        metrics.dropped.map_or_else(|| NOT_RECORDED.to_owned(), |dropped| dropped.to_string())
    )
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
    if max_over_mean > 0.0 { format!("{max_over_mean:.2}") } else { "passed by".to_owned() }
}

/// What the picture is.
pub fn title(trace: &Trace) -> String {
    let model = &trace.model;
    let (tokens, layers) = (plural(trace.len(), "token"), plural(trace.layers.len(), "layer"));
    if trace.is_counted() {
        return format!(
            "How often {} chose each expert in {layers} of {}: counts, without tokens",
            model.name,
            pool(trace)
        );
    }
    format!("How {} routes {tokens} through {layers} of {}", model.name, pool(trace))
}

/// What the picture shows: the way of the selected token, and how even each layer is.
pub fn description(trace: &Trace, metrics: &[LayerMetrics], view: &ViewState) -> String {
    let mut text = match trace.rules().gate {
        Gate::Policy => {
            "The whole text goes to one block a layer, or passes it by; its output is added to every lane. ".to_owned()
        }
        _ => format!(
            "Each token goes to {} a layer; their outputs are added to its lane. ",
            plural(trace.model.top_k, "expert")
        ),
    };
    if let Some(token) = trace.tokens.get(view.token) {
        let way = (0..trace.layers.len()).map(|l| format!("layer {}: {}", l + 1, choices(trace, l, view.token)));
        let way = way.collect::<Vec<_>>().join("; ");
        text.push_str(&format!("Token {}, “{}”: {way}. ", thousands(view.token + 1), visible(&token.text)));
    }
    let loads =
        metrics.iter().enumerate().map(|(l, m)| format!("layer {} {}", l + 1, largest(m.balance.max_over_mean)));
    let loads = loads.collect::<Vec<_>>().join(", ");
    if !loads.is_empty() {
        let load = if is_blended(trace) { "weight" } else { "load" };
        text.push_str(&format!("Largest over mean {load}: {loads}."));
    }
    text
}

fn plural(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(count), if count == 1 { "" } else { "s" })
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
    fn a_number_of_any_size_is_short() {
        let largest = f64::from(f32::MAX);
        assert_eq!([fixed(largest, 2), fixed(-largest, 3), fixed(3e38, 0)], ["3.4e38", "-3.4e38", "3.0e38"]);
        assert_eq!([fixed(99_999.0, 1), fixed(100_000.0, 1)], ["99999.0", "1.0e5"]);
        assert_eq!([fixed(1.005, 2), fixed(-0.5, 1), fixed(0.0, 3)], ["1.00", "-0.5", "0.000"]);
    }

    #[test]
    fn numbers_have_commas() {
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
