//! What one sees at a step, in plain sentences, each decided by a threshold on the recorded numbers.

use super::RunView;
use super::divergence::diverged;
use crate::messages::scene;
use crate::methods::{self, LooksAt, Method};
use crate::run::record::{Evaluation, LayerRecord, StepRecord, moved};
use crate::scene::words::{expert, expert_in};

/// From this share of the choices on, one expert has nearly all.
const NEARLY_ALL: f32 = 0.9;
/// From this share on it has most: more than a half, as it is written too.
const MOST: f32 = 0.505;
/// From this share on it has a half.
const HALF: f32 = 0.495;
/// Up to this many times its even share the busiest expert is nearly even.
const EVEN: f32 = 1.5;
/// Steps that are looked at for load that jumps.
const WINDOW: usize = 12;
/// From this share on that goes to other experts from one step to the next, load jumps.
pub(super) const JUMPS: f32 = 0.3;

/// The busiest expert of a layer and its share of the choices; `None` where nothing was chosen.
pub fn busiest(load: &[f32]) -> Option<(usize, f32)> {
    load.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share > 0.0)
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Layers by number, as in "1, 2 and 3".
fn layers(numbers: &[usize]) -> String {
    let names: Vec<String> = numbers.iter().map(|n| (n + 1).to_string()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => scene::run_and(rest.join(", "), last),
        _ => names.concat(),
    }
}

/// Everything that is worth saying about a step.
pub fn explain(look: &RunView) -> Vec<String> {
    let Some(curve) = look.curve() else { return Vec::new() };
    let method = curve.method_at(look.step);
    let table = method.and_then(table);
    if look.step == 0 {
        return [scene::run_nothing_learned()].into_iter().chain(table).map(str::to_owned).collect();
    }
    let Some(record) = curve.at(look.step) else { return vec![scene::run_not_recorded().to_owned()] };
    let jumping = jumps(look);
    let measured = curve.measured_at(look.step);
    // What is even by assignment says nothing; what would be without it does.
    let assigned = measured.and_then(assigned).filter(|_| method == Some(&methods::BASE));
    let lost = diverged(curve, look.step);
    let learns = lost.is_none();
    let mut out: Vec<String> = lost.into_iter().collect();
    if curve.fork > 0 && look.step == curve.fork {
        out.push(scene::run_branch_begins().to_owned());
    }
    if let Some(assigned) = assigned {
        out.push(assigned);
    } else {
        out.push(load(record, look, &jumping));
        out.extend(dropped(record));
        out.extend(table.map(str::to_owned).or_else(|| router(record)));
    }
    if let Some(evaluation) = measured {
        out.extend(dead(evaluation, look.experts));
        // Two measurements may find a load that swings at the same point: that says nothing of the steps between.
        out.extend(settled(evaluation).filter(|_| jumping.is_empty() && table.is_none() && learns));
    }
    out.extend(compare(look));
    out
}

/// What decides where nothing about the routes is learned.
fn table(method: &Method) -> Option<&'static str> {
    Some(match method.key.filter(|_| method.is_fixed())?.looks_at {
        LooksAt::Token => scene::run_table_token(),
        LooksAt::Previous => scene::run_table_previous(),
        LooksAt::Place => scene::run_table_place(),
        LooksAt::Next => scene::run_table_next(),
    })
}

/// What balanced assignment in training is in use.
fn assigned(evaluation: &Evaluation) -> Option<String> {
    let worst = evaluation.layers.iter().enumerate().max_by(|a, b| a.1.max_over_mean.total_cmp(&b.1.max_over_mean));
    worst.map(|(at, layer)| scene::run_assigned(format!("{:.2}", layer.max_over_mean), at + 1))
}

/// The selected branch's held-out loss beside that of another one: the lowest, if there are several.
fn compare(look: &RunView) -> Option<String> {
    let own = look.curve()?;
    let others = look.curves.iter().enumerate().filter(|(at, _)| *at != look.selected);
    let pairs = others.filter_map(|(_, other)| Some((other, own.beside(other, look.step)?)));
    let (other, (ours, theirs)) = pairs.min_by(|a, b| {
        let less = |(ours, theirs): (&Evaluation, &Evaluation)| theirs.loss - ours.loss;
        less(a.1).total_cmp(&less(b.1))
    })?;
    let (ours, theirs, step) = (ours.loss, theirs.loss, ours.step);
    let (lower, higher) = if ours <= theirs { (own, other) } else { (other, own) };
    let (lower, higher, difference) = (lower.branch + 1, higher.branch + 1, (ours - theirs).abs());
    match difference {
        difference if difference >= 0.005 => Some(scene::run_lower(lower, format!("{difference:.2}"), higher, step)),
        difference if difference.is_finite() => Some(scene::run_close(lower.min(higher), lower.max(higher), step)),
        _ => None,
    }
}

fn load(record: &StepRecord, look: &RunView, jumping: &[(usize, f32)]) -> String {
    let top: Vec<(usize, f32)> = record.layers.iter().filter_map(|layer| busiest(&layer.load)).collect();
    let at_least =
        |share: f32| -> Vec<usize> { (0..top.len()).filter(|&at| top.get(at).is_some_and(|t| t.1 >= share)).collect() };
    let named = |numbers: &[usize]| {
        let each = numbers
            .iter()
            .filter_map(|&at| Some((at, top.get(at)?)))
            .map(|(at, (e, share))| format!("{} {}", expert_in(at, *e), percent(*share)));
        each.collect::<Vec<_>>().join(", ")
    };
    let (nearly, most, half) = (at_least(NEARLY_ALL), at_least(MOST), at_least(HALF));
    if look.experts < 2 {
        return scene::run_one_expert().to_owned();
    }
    if !jumping.is_empty() {
        let (numbers, shares): (Vec<usize>, Vec<f32>) = jumping.iter().copied().unzip();
        let mean = shares.iter().sum::<f32>() / shares.len() as f32;
        return scene::run_jumps(numbers.len(), layers(&numbers), percent(mean));
    }
    if nearly.len() == top.len() && top.len() > 1 {
        return scene::run_nearly_all_every(named(&nearly));
    }
    if !nearly.is_empty() {
        return scene::run_nearly_all(nearly.len(), layers(&nearly), named(&nearly));
    }
    if !most.is_empty() && look.experts > 2 {
        return scene::run_most(most.len(), layers(&most), named(&most));
    }
    if !half.is_empty() && look.experts > 2 {
        return scene::run_half(half.len(), layers(&half), named(&half));
    }
    let worst = record.layers.iter().enumerate().max_by(|a, b| a.1.max_over_mean.total_cmp(&b.1.max_over_mean));
    match worst {
        Some((_, layer)) if layer.max_over_mean <= 0.0 => scene::run_passed_by().to_owned(),
        Some((_, layer)) if layer.max_over_mean <= EVEN => scene::run_even(format!("{:.2}", layer.max_over_mean)),
        Some((at, LayerRecord { load, max_over_mean, .. })) => {
            // One table serves all layers.
            let alike = record.layers.len() > 1 && record.layers.iter().all(|layer| layer.load == *load);
            let named = |e| if alike { expert(e) } else { expert_in(at, e) };
            let name = busiest(load).map_or_else(String::new, |(e, _)| named(e));
            let times = format!("{max_over_mean:.1}");
            if alike { scene::run_uneven_alike(name, times) } else { scene::run_uneven(at + 1, name, times) }
        }
        None => scene::run_no_layer().to_owned(),
    }
}

/// Layers whose load goes elsewhere in the last steps, each with the mean share of it that does from one step to the next.
fn jumps(look: &RunView) -> Vec<(usize, f32)> {
    let Some(curve) = look.curve() else { return Vec::new() };
    let recent = curve.recent(look.step, WINDOW);
    if recent.len() < WINDOW {
        return Vec::new();
    }
    let mean = |layer: usize| {
        let next = recent.windows(2).filter_map(|pair| match pair {
            // Only from one step to the next: of long runs not every step is kept.
            [a, b] if a.step + 1 == b.step => Some(moved(&a.layers.get(layer)?.load, &b.layers.get(layer)?.load)),
            _ => None,
        });
        let (n, sum) = next.fold((0, 0.0), |(n, sum), moved| (n + 1, sum + moved));
        (n > 0).then(|| sum / n as f32)
    };
    (0..look.layers).filter_map(|layer| Some((layer, mean(layer).filter(|&mean| mean >= JUMPS)?))).collect()
}

fn dropped(record: &StepRecord) -> Option<String> {
    let worst = record.layers.iter().map(|layer| layer.dropped).fold(0.0, f32::max);
    (worst >= 0.02).then(|| scene::run_choices_dropped(percent(worst)))
}

fn router(record: &StepRecord) -> Option<String> {
    let entropies: Vec<f32> = record.layers.iter().filter_map(|layer| layer.router_entropy).collect();
    match entropies.iter().sum::<f32>() / entropies.len() as f32 {
        mean if mean >= 0.95 => Some(scene::run_unsure().to_owned()),
        mean if mean <= 0.1 => Some(scene::run_sure().to_owned()),
        _ => None,
    }
}

fn dead(evaluation: &Evaluation, experts: usize) -> Option<String> {
    let (dead, layers) = (evaluation.layers.iter().map(|layer| layer.dead).sum::<u32>(), evaluation.layers.len());
    (dead > 0).then(|| scene::run_dead(dead, experts * layers))
}

fn settled(evaluation: &Evaluation) -> Option<String> {
    let shares: Vec<f32> = evaluation.layers.iter().filter_map(|layer| layer.unchanged).collect();
    let mean = shares.iter().sum::<f32>() / shares.len().max(1) as f32;
    match mean {
        _ if shares.is_empty() => None,
        mean if mean >= 0.95 => Some(scene::run_settled(percent(mean))),
        mean if mean <= 0.6 => Some(scene::run_moving(percent(mean))),
        _ => None,
    }
}

/// The picture for who cannot see it.
pub fn description(look: &RunView) -> String {
    let names: Vec<&str> = look.curves.iter().map(|curve| curve.name.as_str()).collect();
    let last = look.curve().map_or(0, super::Curve::last);
    let mut said = vec![scene::run_picture(look.experts, look.layers, last, look.step)];
    said.extend((names.len() > 1).then(|| scene::run_branches(names.len(), names.join(", "))));
    said.extend(explain(look));
    said.join(" ")
}
