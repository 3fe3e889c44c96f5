//! What one must know of settings to read their run rightly, said alike by the page and by the command line.

use super::settings::Settings;
use crate::methods::{self, Method};

/// What is to be known of a run with these settings, in sentences: of each branch that it begins with, the second's with the
/// name of its method before it.
pub fn notes(settings: &Settings) -> Vec<String> {
    let branches = settings.branches();
    let of = |(at, branch): (usize, &Settings)| {
        let lead = if at > 0 { format!("{}: ", branch.method.dated()) } else { String::new() };
        let notes = [lone(branch), of_method(branch.method)];
        notes.into_iter().flatten().map(|note| format!("{lead}{note}")).collect::<Vec<_>>()
    };
    branches.iter().enumerate().flat_map(of).collect()
}

/// What a gate that keeps a single choice does not learn.
fn lone(settings: &Settings) -> Option<&'static str> {
    if settings.experts < 2 {
        return None;
    }
    match settings.top_k {
        1 if settings.method.renormalises() => Some(
            "With one choice a token its weight is always the same, whatever its score: the model’s loss teaches the gate nothing. From two on it does.",
        ),
        2 if settings.method == &methods::SHAZEER_HIERARCHICAL => Some(
            "Groups have two experts here. With two choices a token has one group, whose weight is always 1, whatever its score: the model’s loss teaches the first gate nothing. From four on it does.",
        ),
        _ => None,
    }
}

/// What is to be known of a method that is trained here.
const OF_METHODS: [(&Method, &str); 5] = [
    (
        &methods::HASH_CLUSTERED,
        "Tokens with similar neighbours in this text share an expert. The paper takes a trained model’s embeddings; a run that begins here has none.",
    ),
    (
        &methods::HASH_DISPERSED,
        "Tokens with similar neighbours in this text go to different experts. The paper takes a trained model’s embeddings; a run that begins here has none.",
    ),
    (
        &methods::HASH_ORACLE,
        "It cheats: the token that is to be predicted chooses the expert, in training and on held-out text. When the model writes, it cannot know it, and the token itself chooses.",
    ),
    (
        &methods::DEEPSEEK_V4,
        "In the first layer a random table chooses by the token alone, and the gate only weighs whom it names; in the later ones the gate chooses. Beside the experts in the picture every layer has one more, which sees every token.",
    ),
    (&methods::DEEPSEEK, "Beside the experts in the picture every layer has one more, which sees every token."),
];

fn of_method(method: &Method) -> Option<&'static str> {
    let own = OF_METHODS.into_iter().find(|(of, _)| *of == method).map(|(_, note)| note);
    own.or(method
        .on_host
        .then_some("It decides on the processor in every step, so a GPU cannot train it in a browser."))
}

#[cfg(test)]
mod tests {
    use super::notes;
    use crate::methods;
    use crate::run::Settings;

    #[test]
    fn a_gate_that_cannot_learn_is_told_of_in_every_branch() {
        let with = |method, top_k, against| Settings { method, top_k, against, ..Settings::default() };
        let said = |settings: &Settings| notes(settings).join(" ");
        let warned = |settings: &Settings| said(settings).contains("the model’s loss teaches the gate nothing");
        // The weight of a single choice is its score where nothing divides by the sum.
        for method in methods::trained() {
            assert_eq!(warned(&with(method, 1, None).fitted()), method.renormalises(), "{}", method.id);
            assert!(!warned(&with(method, 2, None).fitted()), "{}", method.id);
        }
        assert!(said(&with(&methods::SHAZEER_HIERARCHICAL, 2, None)).contains("teaches the first gate nothing"));
        let second = said(&with(&methods::SWITCH, 1, Some(&methods::MIXTRAL)));
        assert!(second.starts_with("Mixtral (2024): With one choice"), "{second}");
        let one = Settings { experts: 1, ..with(&methods::MIXTRAL, 1, None) };
        assert_eq!(notes(&one), Vec::<String>::new(), "one expert leaves nothing to learn");
    }
}
