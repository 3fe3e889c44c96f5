//! How a model continued the text, and which one did: what was drawn belongs to the model that wrote it, so where another one
//! is shown, neither a saved trace nor a link may claim it.

use crate::trace::Sampling;
use serde::{Deserialize, Serialize};

/// How the generated part of a text was chosen, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continuation {
    /// How its tokens were chosen.
    pub sampling: Sampling,
    /// The name of the model that wrote it.
    pub model: String,
    /// The first digits of the hash of that model's checkpoint, if known.
    pub checkpoint: Option<String>,
}

impl Continuation {
    /// How it was chosen, if the model of that name and checkpoint wrote it. A checkpoint that is not known is no other one.
    pub fn by(&self, model: &str, checkpoint: Option<&str>) -> Option<Sampling> {
        let other = self.checkpoint.as_deref().zip(checkpoint).is_some_and(|(wrote, here)| wrote != here);
        (self.model == model && !other).then_some(self.sampling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_is_of_the_model_and_checkpoint_that_wrote() {
        let sampling = Sampling { seed: 31, ..Sampling::default() };
        let wrote = |checkpoint: Option<&str>| Continuation {
            sampling,
            model: "deepseek".to_owned(),
            checkpoint: checkpoint.map(str::to_owned),
        };
        for (wrote, model, here, claimed) in [
            (wrote(Some("aaaa")), "deepseek", Some("aaaa"), true),
            (wrote(Some("aaaa")), "deepseek", Some("bbbb"), false),
            (wrote(Some("aaaa")), "base", Some("aaaa"), false),
            (wrote(Some("aaaa")), "deepseek", None, true),
            (wrote(None), "deepseek", Some("bbbb"), true),
            (wrote(None), "base", None, false),
        ] {
            assert_eq!(wrote.by(model, here).is_some(), claimed, "{wrote:?} and {model} {here:?}");
        }
    }
}
