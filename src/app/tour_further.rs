//! The tours of the screens “Compare” and “Train”.

use super::format::{paragraph, quoted};
use super::models::catalog::title;
use super::state::State;
use super::tour_step::TourStep;
use crate::messages::explore;
use crate::scene::difference::letter;

/// How many steps the tour of the compare screen has, and that of the train screen.
pub const STEPS: (usize, usize) = (6, 6);

/// A step of the tour of the compare screen.
pub fn compare(index: usize, state: &State) -> Option<TourStep> {
    let names = state.comparison.with.names();
    let lettered = |(at, name): (usize, &String)| format!("{} {}", letter(at), title(name));
    let models = names.iter().enumerate().map(lettered).collect::<Vec<String>>().join(", ");
    let routed = state.comparison.routed();
    let token = routed.first().filter(|one| !one.trace.is_empty()).map(|one| {
        let token = state.view.token.min(one.trace.len() - 1);
        explore::tour_beside_token(quoted(&one.trace, token))
    });
    let flows = || {
        let token = token.unwrap_or_default();
        paragraph(&[explore::tour_beside_flows(), &token, explore::tour_beside_numbers()])
    };
    let (name, target, words) = match index {
        0 => (explore::tour_models_name(), "models", explore::tour_models(models)),
        1 => (explore::tour_beside_name(), "compare-flows", flows()),
        2 => (explore::tour_difference_name(), "difference", explore::tour_difference(state.view.layer + 1)),
        3 => (explore::tour_block_name(), "figure", explore::tour_block().to_owned()),
        4 => (explore::tour_curves_name(), "curves", explore::tour_curves().to_owned()),
        5 => (explore::tour_results_name(), "results", explore::tour_results().to_owned()),
        _ => return None,
    };
    Some(TourStep { name, target, words })
}

/// A step of the tour of the train screen.
pub fn train(index: usize) -> Option<TourStep> {
    let (name, target, words) = match index {
        0 => (explore::tour_watch_name(), "lab-settings", explore::tour_watch(crate::run::presets().len())),
        1 => (explore::tour_start_name(), "lab-bar", explore::tour_start().to_owned()),
        2 => (explore::tour_streams_name(), "lab-middle", explore::tour_streams().to_owned()),
        3 => (explore::tour_now_name(), "lab-side", explore::tour_now().to_owned()),
        4 => (explore::tour_branch_name(), "lab-bar", explore::tour_branch().to_owned()),
        5 => (explore::tour_keep_name(), "lab-bar", explore::tour_keep().to_owned()),
        _ => return None,
    };
    Some(TourStep { name, target, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_steps_as_are_counted() {
        let state = State::default();
        let steps = |of: &dyn Fn(usize) -> Option<TourStep>| (0..20).map_while(of).count();
        assert_eq!((steps(&|index| compare(index, &state)), steps(&train)), STEPS);
    }

    #[test]
    fn the_tour_of_the_compare_screen_names_the_compared_models() {
        let mut state = State::default();
        state.comparison.choose(super::super::comparison::With::read("switch,base"));
        let words = compare(0, &state).unwrap().words;
        assert!(words.contains("A Switch, B BASE") && !words.contains("Mixtral"), "{words}");
    }
}
