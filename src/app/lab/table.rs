//! The curves in numbers: the picture's twin for who reads rather than looks.

use super::action::Act;
use super::state::TrainState;
use crate::app::format::{count, expert_in};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::csv;
use crate::format::loss;
use crate::messages::lab;
use crate::run::record::{LayerRecord, StepRecord};
use crate::scene::lab::Curve;
use crate::scene::lab::words::busiest;
use crate::scene::words::largest;
use yew::prelude::*;

/// Rows at most, but for the newest step and the one that is looked at: the browser lays a table out anew with every word.
const ROWS: u64 = 50;

/// The least round number of steps from row to row with which all up to `last` find room: the same rows for a long while.
fn every(last: u64) -> u64 {
    let round = (0..18).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_u64.pow(zeros)));
    round.into_iter().find(|every| last / every <= ROWS).unwrap_or(u64::MAX)
}

/// The rows, newest first: round steps, the newest, and the one that is looked at.
fn rows<'a>(curve: &Curve<'a>, now: Option<u64>) -> Vec<&'a StepRecord> {
    let last = curve.last();
    let every = every(last);
    let mut rows: Vec<&StepRecord> = curve.records().collect();
    let newest = rows.last().map(|record| record.step);
    rows.retain(|record| record.step % every == 0 || [now, newest].contains(&Some(record.step)));
    rows.reverse();
    rows
}

/// The table.
pub fn view(state: &TrainState, on: &Callback<Act>) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let curve = run.curve(state.selected);
    let total = curve.records().count();
    let now = curve.at(state.step()).map(|record| record.step);
    let rows = rows(&curve, now);
    let layers = rows.first().map_or(0, |record| record.layers.len());
    let row = |record: &&StepRecord| {
        let step = record.step;
        let held =
            curve.measured_at(step).filter(|e| e.step == step).map_or_else(|| "–".to_owned(), |e| loss(e.loss, 3));
        let layer = |(l, layer): (usize, &LayerRecord)| {
            let top = busiest(&layer.load)
                .map_or_else(String::new, |(e, share)| format!("{} {:.0} %", expert_in(l, e), share * 100.0));
            let entropy =
                layer.router_entropy.map_or_else(|| lab::router_fixed().to_owned(), |value| format!("{value:.2}"));
            html! {
                <><td>{ largest(layer.max_over_mean.into()) }</td><td>{ format!("{:.2}", layer.load_entropy) }</td>
                    <td>{ entropy }</td><td>{ top }</td></>
            }
        };
        let on_it = Some(step) == now;
        html! {
            <tr key={step} class={on_it.then_some("row-on")}>
                <th scope="row"><button type="button" aria-pressed={on_it.to_string()}
                    onclick={on.reform(move |_| Act::Seek(Some(step)))}>{ count(step as usize) }</button></th>
                <td>{ loss(record.loss, 3) }</td><td>{ held }</td>{ for record.layers.iter().enumerate().map(layer) }</tr>
        }
    };
    let heads = (1..=layers).map(|layer| {
        html! {
            <><th scope="col">{ prose(&lab::table_max_over_mean(layer)) }</th>
                <th scope="col">{ prose(lab::table_load_entropy()) }</th>
                <th scope="col">{ prose(lab::router_entropy()) }</th><th scope="col">{ lab::busiest() }</th></>
        }
    });
    html! {
        <div class="lab-table table-view" data-testid="lab-table">
            <Wide class="table-scroll" label={lab::curves_in_numbers()}>
                <table>
                    <caption>{ prose(&lab::table_what(&curve.name, rows.len(), total)) }</caption>
                    <thead><tr><th scope="col">{ lab::table_step() }</th><th scope="col">{ lab::table_train() }</th>
                        <th scope="col">{ lab::table_held_out() }</th>{ for heads }</tr></thead>
                    <tbody translate="no">{ for rows.iter().map(row) }</tbody>
                </table>
            </Wide>
        </div>
    }
}

/// All recorded steps of the selected branch as CSV, oldest first, with every expert's share of its layer.
pub fn numbers(state: &TrainState) -> Option<String> {
    state.run.as_ref().map(|run| written(&run.curve(state.selected)))
}

fn written(curve: &Curve) -> String {
    let layers = curve.records().next().map(|record| record.layers.as_slice()).unwrap_or_default();
    let mut out = csv::MARK.to_owned();
    let head = ["step", "train loss, nats per token", "held-out loss, nats per token"].map(str::to_owned);
    let of_layer = |(l, layer): (usize, &LayerRecord)| {
        let own = ["max/mean", "load H", "router H", "dropped"].map(|name| format!("L{} {name}", l + 1));
        own.into_iter().chain((0..layer.load.len()).map(|e| expert_in(l, e)).collect::<Vec<String>>())
    };
    out.push_str(&csv::line(head.into_iter().chain(layers.iter().enumerate().flat_map(of_layer))));
    for record in curve.records() {
        let held = curve.measured_at(record.step).filter(|held| held.step == record.step);
        let or = |value: Option<f32>| value.map(|value| value.to_string()).unwrap_or_default();
        let own = [record.step.to_string(), record.loss.to_string(), or(held.map(|held| held.loss))];
        let of_layer = |layer: &LayerRecord| {
            let own = [layer.max_over_mean.to_string(), layer.load_entropy.to_string(), or(layer.router_entropy)];
            let shares = layer.load.iter().map(f32::to_string).collect::<Vec<String>>();
            own.into_iter().chain([layer.dropped.to_string()]).chain(shares)
        };
        out.push_str(&csv::line(own.into_iter().chain(record.layers.iter().flat_map(of_layer))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{rows, written};
    use crate::run::record::{LayerRecord, StepRecord};
    use crate::scene::lab::Curve;

    #[test]
    fn numbers_hold_every_recorded_step_and_share() {
        let layer = LayerRecord {
            max_over_mean: 1.5,
            load_entropy: 0.5,
            router_entropy: None,
            dropped: 0.25,
            balance_loss: None,
            z_loss: None,
            importance_loss: None,
            load_loss: None,
            load: vec![0.75, 0.25],
        };
        let step = |step| StepRecord { branch: 0, step, loss: 2.5, millis: 1.0, layers: vec![layer.clone()] };
        let steps: Vec<StepRecord> = (1..=200).map(step).collect();
        let file = written(&Curve { steps: vec![&steps], ..Curve::default() });
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len(), 201);
        let head = "\u{feff}step,\"train loss, nats per token\",\"held-out loss, nats per token\",L1 max/mean,L1 load H,L1 router H,L1 dropped";
        assert!(lines[0].starts_with(head), "{}", lines[0]);
        assert_eq!(lines[200], "200,2.5,,1.5,0.5,,0.25,0.75,0.25");
        assert_eq!(lines[0].matches("E1").count() + lines[0].matches("E2").count(), 2, "{}", lines[0]);
    }

    #[test]
    fn rows_are_round_steps_and_stay_while_the_run_goes_on() {
        let steps: Vec<StepRecord> =
            (1..=437).map(|step| StepRecord { branch: 0, step, loss: 1.0, millis: 1.0, layers: vec![] }).collect();
        let of = |last: usize, now: Option<u64>| {
            let curve = Curve { steps: vec![&steps[..last]], ..Curve::default() };
            rows(&curve, now).iter().map(|record| record.step).collect::<Vec<u64>>()
        };
        assert_eq!(of(4, None), [4, 3, 2, 1]);
        assert_eq!(of(123, None)[..3], [123, 120, 115]);
        assert_eq!(of(124, None)[1..], of(123, None)[1..]);
        let looked = of(437, Some(333));
        assert!(looked.contains(&333) && looked.starts_with(&[437, 430, 420]) && looked.ends_with(&[20, 10]));
        assert!((1..=437).all(|last| of(last, Some(1)).len() <= 52));
    }
}
