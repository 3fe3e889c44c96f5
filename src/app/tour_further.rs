//! The tours of the screens “Compare” and “Train”.

use super::format::{count, quoted};
use super::models::catalog::title;
use super::state::State;
use super::tour_step::Step;
use crate::scene::difference::letter;

/// How many steps the tour of the compare screen has, and that of the train screen.
pub const STEPS: (usize, usize) = (6, 6);

/// A step of the tour of the compare screen.
pub fn compare(index: usize, state: &State) -> Option<Step> {
    let names = state.comparison.with.names();
    let lettered = |(at, name): (usize, &String)| format!("{} {}", letter(at), title(name));
    let models = names.iter().enumerate().map(lettered).collect::<Vec<String>>().join(", ");
    let routed = state.comparison.routed();
    let token = routed.first().filter(|one| !one.trace.is_empty()).map(|one| {
        let token = state.view.token.min(one.trace.len() - 1);
        format!(" Selected in all of them is {}.", quoted(&one.trace, token))
    });
    let token = token.unwrap_or_default();
    let layer = state.view.layer + 1;
    let (name, target, words) = match index {
        0 => ("Models", "models", format!("The same text goes through {models}. Choose others here, three at most; what you type above goes through all.")),
        1 => ("Side by side", "compare-flows", format!("Each picture is the text’s way through one model, layer by layer.{token} Numbers of experts mean nothing from model to model.")),
        2 => ("Token by token", "difference", format!("Where the models part, in layer {layer}: a token is outlined where a model sends it elsewhere than most tokens that share its expert in the first. The bars are losses.")),
        3 => ("One block", "figure", "What a model holds and what a token uses of it, all on one scale: a sparse block holds much and uses little.".to_owned()),
        4 => ("Curves", "curves", "How the losses fell in training, by steps, by operations and by seconds: what wins by one need not win by another.".to_owned()),
        5 => ("Results", "results", "What all trained methods reach, with the spread over their seeds, and which of the papers’ claims hold here.".to_owned()),
        _ => return None,
    };
    Some(Step { name, target, words })
}

/// A step of the tour of the train screen.
pub fn train(index: usize) -> Option<Step> {
    let presets = count(crate::run::presets().len());
    let (name, target, words) = match index {
        0 => ("What to watch", "lab-settings", format!("A small model learns to route here, in this page, from nothing. {presets} beginnings are worth watching: choose one, or set everything yourself.")),
        1 => ("Start", "lab-bar", "Start trains, Step does a single step. Slower speeds let you follow; arrows go back to any recorded step.".to_owned()),
        2 => ("Curves", "lab-middle", "Above, the loss. Below, for each layer, every expert’s share of the tokens as a stream: where one stream eats the others, routing collapses.".to_owned()),
        3 => ("At this step", "lab-side", "What the model does at the step you look at: where it sends a sentence of yours, what it writes, and its loads in numbers.".to_owned()),
        4 => ("Branch", "lab-bar", "“Branch here” goes on from the step you look at with another method or other coefficients; both ways stay, on one time axis.".to_owned()),
        5 => ("Keep it", "lab-bar", "“Run” saves curves, numbers and the run itself as a file that opens here again; “Explore” shows the model as it is now with a text of yours.".to_owned()),
        _ => return None,
    };
    Some(Step { name, target, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_steps_as_are_counted() {
        let state = State::default();
        let steps = |of: &dyn Fn(usize) -> Option<Step>| (0..20).map_while(of).count();
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
