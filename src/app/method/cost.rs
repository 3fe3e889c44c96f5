//! What the model costs, from its card.

use crate::app::translate::prose;
use crate::format::counted;
use crate::methods::{Ahead, Gate, Method};
use crate::scene::method::order;
use crate::trace::Trace;
use serde_json::Value;
use yew::prelude::*;

/// Total and active parameters, operations for a token, and what was reached with them.
pub fn facts(card: Option<&Value>, trace: &Trace) -> Html {
    let Some(card) = card else {
        return html! { <><h3>{ "What it costs" }</h3><p class="soft">{ "Not recorded: this trace comes without its model’s card." }</p></> };
    };
    let known = |value: Option<String>| value.unwrap_or_else(|| "not recorded".to_owned());
    let whole = |value: &Value| value.as_f64().map(|n| counted(n.round() as u64));
    let parts = ["attention", "router", "experts", "output"].map(|part| card["cost"][part].as_f64());
    let operations = parts.iter().copied().sum::<Option<f64>>().map(|sum| format!("{:.2} million", sum / 1e6));
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
            <h3>{ "What it costs" }</h3>
            <dl class="method-convention" data-testid="method-cost">
                { row("Total parameters", known(whole(&card["parameters"]))) }
                { row("active parameters", known(whole(&card["active_parameters"]))) }
                { row("Operations a token", known(operations)) }
                { row("Bits per byte", known(two(&measured["bits_per_byte"]))) }
                if trace.rules().gate == Gate::Policy { { row("measured", "told each text’s domain".to_owned()) } }
                if let Some(published) = two(&measured["published_bits_per_byte"]) { { row(order::ahead(ahead), published) } }
                { for method.and_then(drops).map(|name| row(name, known(dropped))) }
            </dl>
        </>
    }
}

/// What the card's share of dropped choices is called; `None` where a method drops none. A card has it of the causal pass.
fn drops(method: &Method) -> Option<&'static str> {
    method.drops.then_some(if method.ahead.is_some() { "Dropped, left to right" } else { "Dropped" })
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
