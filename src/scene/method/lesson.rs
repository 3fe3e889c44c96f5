//! What a method is, in the words that the page teaches it with.

use super::Kind;
use super::lessons::LESSONS;

/// A method, taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The method.
    pub kind: Kind,
    /// Its name.
    pub title: &'static str,
    /// Who published it, when, and where.
    pub source: &'static str,
    /// What it does, in two or three sentences.
    pub what: &'static str,
    /// Its formula.
    pub formula: &'static str,
    /// What is scored.
    pub score: &'static str,
    /// How experts are chosen.
    pub selection: &'static str,
    /// What outputs are multiplied by.
    pub weight: &'static str,
    /// What keeps the load even.
    pub balance: &'static str,
    /// What to look at in the picture.
    pub look: &'static str,
    /// What it cannot do.
    pub cannot: &'static str,
    /// Where it looks at later tokens: how, and what is done instead in generation. Otherwise empty.
    pub ahead: &'static str,
}

/// The lesson of a method; `None` where the page has none.
pub fn lesson(kind: Kind) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::conventions::Convention;

    #[test]
    fn every_method_has_one_lesson_that_is_whole() {
        let kinds = [
            Kind::Dense,
            Kind::Jacobs,
            Kind::Tree,
            Kind::Shazeer,
            Kind::NoisyTree,
            Kind::Gshard,
            Kind::Switch,
            Kind::Base,
            Kind::Hash,
            Kind::Policy,
            Kind::ExpertChoice,
            Kind::SoftMoe,
            Kind::Mixtral,
            Kind::Today(Convention::Olmoe),
            Kind::Today(Convention::Qwen3Moe),
            Kind::Today(Convention::GptOss),
            Kind::Deepseek,
        ];
        assert_eq!(LESSONS.len(), kinds.len());
        for kind in kinds {
            let l = lesson(kind).unwrap_or_else(|| panic!("{kind:?} has no lesson"));
            for part in
                [l.title, l.source, l.what, l.formula, l.score, l.selection, l.weight, l.balance, l.look, l.cannot]
            {
                assert!(!part.is_empty(), "{kind:?}: {l:?}");
            }
            let ahead = matches!(kind, Kind::Base | Kind::Gshard | Kind::ExpertChoice | Kind::SoftMoe | Kind::Hash);
            assert_eq!(!l.ahead.is_empty(), ahead, "{kind:?}");
        }
        assert_eq!(lesson(Kind::Other), None);
    }
}
