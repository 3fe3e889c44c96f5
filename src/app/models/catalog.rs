//! What shipped models are called, who belongs together, and since when: the order of the picker.
//!
//! A model with the name of a method has its title; only what is not called like one has a title here.

use crate::messages::explore;
use crate::methods::{self, Family};

/// What people call a model of a method that goes by another name.
fn other(name: &str) -> Option<&'static str> {
    Some(match name {
        "mixtral-small" => explore::model_mixtral_small(),
        "dense-active" => explore::model_dense_active(),
        "dense-total" => explore::model_dense_total(),
        _ => return None,
    })
}

/// The models of a family, oldest first, by their folders' names.
pub fn names(family: Family) -> impl Iterator<Item = &'static str> {
    let own = methods::all().filter(move |method| method.family == family);
    own.flat_map(|method| std::iter::once(method.id).chain(method.aliases.iter().copied()))
}

/// What people call a model; its folder's name where it is not known.
pub fn title(name: &str) -> &str {
    other(name).or_else(|| methods::by_id(name).map(|method| method.title)).unwrap_or(name)
}

/// The year of the paper of a model's method, where it has one.
pub fn year(name: &str) -> Option<u16> {
    methods::named(name)?.year
}

/// What people call a model, with the year of its paper, where it has one.
pub fn dated(name: &str) -> String {
    year(name).map_or_else(|| title(name).to_owned(), |year| format!("{} ({year})", title(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_in_one_family_and_has_a_title_of_its_own() {
        let all = || Family::ALL.into_iter().flat_map(names);
        for name in all() {
            assert_eq!(all().filter(|other| *other == name).count(), 1, "{name}");
            assert_eq!(all().filter(|other| title(other) == title(name)).count(), 1, "{name}");
        }
        let mixtures: Vec<&str> = names(Family::Blend).collect();
        assert_eq!(mixtures, ["jacobs", "hierarchical-mixture"]);
        assert_eq!(
            (dated("base"), dated("dense-total")),
            ("BASE (2021)".into(), "Dense, equal total parameters".into())
        );
        assert_eq!(dated("mixtral-small"), "Mixtral, common size (2024)");
        assert_eq!((title("base"), title("somebody-elses")), ("BASE", "somebody-elses"));
    }
}
