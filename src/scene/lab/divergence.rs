//! Whether a run learns at all: a loss that rises says more than routes that no longer move, for a model that has blown up
//! sends everything the same way and looks settled.

use super::Curve;
use crate::format::loss;
use crate::messages::scene;
use crate::run::record::Evaluation;

/// Nats above the lowest held-out loss that are more than the noise of a run that goes well.
const RISEN: f32 = 0.15;
/// Nats above the loss of random weights that are more than the noise of a run that learns nothing.
const ABOVE: f32 = 0.05;
/// Nats above it that are far.
const FAR: f32 = 1.0;

/// What is wrong with the held-out loss at a step; nothing where it falls or stays.
pub(super) fn diverged(curve: &Curve, step: u64) -> Option<String> {
    let now = curve.measured_at(step)?;
    let before = || curve.measured().take_while(|evaluation| evaluation.step < now.step);
    let began = before().next().filter(|first| first.step == 0);
    if let Some(began) = began.filter(|began| now.loss > began.loss + ABOVE) {
        let is_far = now.loss > began.loss + FAR;
        let (now, began) = (loss(now.loss, 2), loss(began.loss, 2));
        return Some(if is_far { scene::run_far_above(now, began) } else { scene::run_above(now, began) });
    }
    let lowest = before().min_by(|a: &&Evaluation, b| a.loss.total_cmp(&b.loss))?;
    (now.loss > lowest.loss + RISEN).then(|| scene::run_risen(loss(now.loss, 2), loss(lowest.loss, 2), lowest.step))
}

#[cfg(test)]
mod tests {
    use super::diverged;
    use crate::run::record::Evaluation;
    use crate::scene::lab::Curve;
    use crate::scene::lab::tests::{curve, evaluation, look, run};
    use crate::scene::lab::words::explain;

    fn measured(losses: &[f32]) -> Vec<Evaluation> {
        let at = |(n, &loss): (usize, &f32)| Evaluation { loss, ..evaluation(11 * n as u64, 0) };
        losses.iter().enumerate().map(at).collect()
    }

    #[test]
    fn a_loss_that_falls_or_stays_is_not_spoken_of_and_one_that_rises_is() {
        let said = |losses: &[f32], step| {
            let measured = measured(losses);
            diverged(&Curve { evaluations: vec![&measured], ..Curve::default() }, step)
        };
        assert_eq!(said(&[5.77, 4.0, 3.0, 3.1], 40), None);
        assert_eq!(said(&[5.77], 0), None);
        let rising = said(&[5.77, 4.0, 3.0, 3.6], 40).unwrap();
        assert_eq!(rising, "The loss has risen: 3.60 nats on held-out text, 3.00 at step 22.");
        assert_eq!(said(&[5.77, 4.0, 3.0, 3.6], 32), None, "at a step before it rose");
        let worse = said(&[5.77, 5.9], 11).unwrap();
        assert!(worse.starts_with("The loss is above where it began: 5.90 nats") && worse.contains("5.77"), "{worse}");
        assert!(said(&[5.77, 3.0, 5000.0], 30).unwrap().contains("far above where it began: 5,000 nats"));
    }

    #[test]
    fn a_run_that_has_blown_up_is_not_called_settled() {
        let steps = run(0, 1..=40, &[0.25; 4]);
        let of = |losses: &[f32]| {
            let measured = measured(losses);
            let curve = Curve { evaluations: vec![&measured], ..curve(&steps) };
            explain(&look(vec![curve], 40, 4)).join(" ")
        };
        assert!(of(&[5.77, 4.0, 3.0]).contains("settled"));
        let said = of(&[5.77, 4.0, 90.0]);
        assert!(said.starts_with("The loss is far above") && !said.contains("settled"), "{said}");
    }
}
