//! What one must know of settings to read their run rightly, said alike by the page and by the command line.

use super::settings::Settings;
use super::table::Words;
use crate::messages::run;
use crate::methods::{self, Method};

/// What is to be known of a run with these settings, in sentences: of each branch that it begins with, the second's with the
/// name of its method before it.
pub fn notes(settings: &Settings) -> Vec<String> {
    let branches = settings.branches();
    let of = |(at, branch): (usize, &Settings)| {
        let led = |note: &str| match at {
            0 => note.to_owned(),
            _ => run::note_of_branch(branch.method.dated(), note),
        };
        [lone(branch), of_method(branch.method)].into_iter().flatten().map(led).collect::<Vec<_>>()
    };
    branches.iter().enumerate().flat_map(of).collect()
}

/// What a gate that keeps a single choice does not learn.
fn lone(settings: &Settings) -> Option<&'static str> {
    if settings.experts < 2 {
        return None;
    }
    match settings.top_k {
        1 if settings.method.renormalises() => Some(run::note_lone()),
        2 if settings.method == &methods::SHAZEER_HIERARCHICAL => Some(run::note_lone_group()),
        _ => None,
    }
}

/// What is to be known of a method that is trained here.
const OF_METHODS: [(&Method, Words); 5] = [
    (&methods::HASH_CLUSTERED, run::note_clustered),
    (&methods::HASH_DISPERSED, run::note_dispersed),
    (&methods::HASH_ORACLE, run::note_oracle),
    (&methods::DEEPSEEK_V4, run::note_first_layer),
    (&methods::DEEPSEEK, run::note_shared),
];

fn of_method(method: &Method) -> Option<&'static str> {
    let own = OF_METHODS.into_iter().find(|(of, _)| *of == method).map(|(_, note)| note());
    own.or(method.on_host.then(run::note_on_host))
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
