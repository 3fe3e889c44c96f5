//! What the model costs, from its card.

use crate::app::translate::prose;
use crate::format::counted;
use crate::messages::method as words;
use crate::methods::{Ahead, GateKind, Method};
use crate::scene::method::order;
use crate::trace::Trace;
use serde_json::Value;
use yew::prelude::*;

/// Total and active parameters, operations for a token, and what was reached with them.
pub fn facts(card: Option<&Value>, trace: &Trace) -> Html {
    let Some(card) = card else {
        return html! { <><h3>{ words::costs() }</h3><p class="soft">{ words::costs_no_card() }</p></> };
    };
    let known = |value: Option<String>| value.unwrap_or_else(|| words::cost_unknown().to_owned());
    let whole = |value: &Value| value.as_f64().map(|n| counted(n.round() as u64));
    let parts = ["attention", "router", "experts", "output"].map(|part| card["cost"][part].as_f64());
    let operations =
        parts.iter().copied().sum::<Option<f64>>().map(|sum| words::cost_millions(format!("{:.2}", sum / 1e6)));
    let row = |name: &'static str, value: String| html! { <><dt>{ name }</dt><dd>{ prose(&value) }</dd></> };
    let (measured, method) = (&card["measured"], trace.model.method());
    let ahead = method.and_then(|method| method.ahead).unwrap_or(Ahead::Published);
    let two = |value: &Value| value.as_f64().map(|bits| format!("{bits:.2}"));
    let dropped = measured["dropped"].as_array().map(|layers| {
        let shares = layers.iter().filter_map(Value::as_f64);
        format!("{:.1} %", 100.0 * shares.sum::<f64>() / layers.len().max(1) as f64)
    });
    html! {
        <>
            <h3>{ words::costs() }</h3>
            <dl class="method-convention" data-testid="method-cost">
                { row(words::cost_held(), known(whole(&card["parameters"]))) }
                { row(words::cost_used(), known(whole(&card["active_parameters"]))) }
                { row(words::cost_operations(), known(operations)) }
                { row(words::cost_bits(), known(two(&measured["bits_per_byte"]))) }
                if trace.rules().gate == GateKind::Policy { { row(words::cost_measured(), words::cost_told().to_owned()) } }
                if let Some(published) = two(&measured["published_bits_per_byte"]) {
                    { row(order::ahead(ahead), published) }
                }
                { for method.and_then(drops).map(|name| row(name, known(dropped))) }
            </dl>
        </>
    }
}

/// What the card's share of dropped choices is called; `None` where a method drops none. A card has it of the causal pass.
fn drops(method: &Method) -> Option<&'static str> {
    method.drops.then(if method.ahead.is_some() { words::cost_dropped_causal } else { words::cost_dropped })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods;

    /// Experts that pick tokens have a capacity too, but what they leave is not dropped by a full queue.
    #[test]
    fn only_methods_with_queues_drop() {
        assert_eq!(drops(&methods::SWITCH), Some("Dropped"));
        assert_eq!(drops(&methods::GSHARD), Some("Dropped, left to right"));
        for method in [&methods::EXPERT_CHOICE, &methods::SOFT_MOE, &methods::MIXTRAL, &methods::BASE, &methods::DENSE]
        {
            assert_eq!(drops(method), None, "{}", method.id);
        }
    }
}
