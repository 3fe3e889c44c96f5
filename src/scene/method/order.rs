//! In which order a text was routed, in words: a method that looks at later tokens cannot write, so it has a causal variant,
//! and every picture of such a method has to say which of the two it shows.

use crate::messages::pictures as say;
use crate::methods::Ahead;
use crate::trace::{ModelInfo, Trace};

/// What a method that looks ahead is called when it does: most were published so. BASE was not: its paper balances in training
/// and takes each token's best expert afterwards.
pub fn ahead(ahead: Ahead) -> &'static str {
    match ahead {
        Ahead::Training => say::ahead_training(),
        Ahead::Published => say::ahead_published(),
    }
}

/// The order of a trace in a sentence or two; `None` where the method has only one. `written` says whether the model wrote a
/// part of the text.
pub fn routed(trace: &Trace, written: bool) -> Option<String> {
    let how = trace.model.method()?.ahead?;
    Some(match (trace.model.looks_ahead, how) {
        (true, how) => {
            let routed = match how {
                Ahead::Training => say::routed_balanced(),
                Ahead::Published => say::routed_published(),
            };
            if written { format!("{routed} {}", say::routed_written()) } else { routed.to_owned() }
        }
        (false, Ahead::Training) => say::routed_greedy().to_owned(),
        (false, Ahead::Published) => say::routed_causal().to_owned(),
    })
}

/// How such a method writes, whatever the order of the trace; `None` for the others.
pub fn writing(model: &ModelInfo) -> Option<&'static str> {
    Some(match model.method()?.ahead? {
        Ahead::Training => say::writes_greedy(),
        Ahead::Published => say::writes_causal(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;

    fn words(trace: &mut Trace, looks_ahead: bool, written: bool) -> String {
        trace.model.looks_ahead = looks_ahead;
        routed(trace, written).unwrap()
    }

    #[test]
    fn both_orders_of_a_method_that_looks_ahead_are_said() {
        for mut trace in [samples::gshard(), samples::expert_choice(), samples::hash("oracle")] {
            assert_eq!(words(&mut trace, true, false), "Routed as published: later tokens took part.");
            assert!(words(&mut trace, true, true).contains("wrote came left to right"));
            for written in [false, true] {
                assert!(words(&mut trace, false, written).contains("left to right, by a causal variant"));
            }
            assert!(writing(&trace.model).unwrap().contains("left to right, by the causal variant"));
        }
    }

    /// Lewis et al. 2021, section 3: balanced in training, greedy at test time.
    #[test]
    fn what_base_published_is_not_the_balanced_form() {
        let mut trace = samples::base();
        assert_eq!(words(&mut trace, true, false), "Routed balanced, as in training: later tokens took part.");
        for said in [words(&mut trace, true, true), words(&mut trace, false, true)] {
            assert!(!said.contains("published"), "{said}");
        }
        assert!(!writing(&trace.model).unwrap().contains("published"));
    }

    #[test]
    fn a_method_with_one_order_says_nothing() {
        for trace in [samples::switch(), samples::hash("balanced"), samples::shazeer(), samples::tree()] {
            assert_eq!((routed(&trace, true), writing(&trace.model)), (None, None), "{}", trace.model.router);
        }
    }
}
