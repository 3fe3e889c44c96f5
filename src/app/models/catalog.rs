//! Who belongs together, and since when: the order of the picker.

/// A model that the picker knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its folder's name.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The year of its paper.
    pub year: u16,
}

/// Models that belong together, and what they have in common.
pub type Family = (&'static str, &'static [Known]);

const fn known(name: &'static str, title: &'static str, year: u16) -> Known {
    Known { name, title, year }
}

/// The families, oldest first; the dense models for comparison at the end, without a year.
pub const FAMILIES: [Family; 7] = [
    (
        "Every expert has a share",
        &[known("jacobs", "Adaptive mixture", 1991), known("hierarchical-mixture", "Hierarchical mixture", 1994)],
    ),
    (
        "The gate picks the best k",
        &[
            known("shazeer", "Sparsely gated", 2017),
            known("shazeer-hierarchical", "Sparsely gated, two levels", 2017),
            known("mixtral", "Mixtral", 2024),
            known("mixtral-small", "Mixtral, common size", 2024),
            known("deepseek", "DeepSeek", 2024),
        ],
    ),
    ("Experts take only so many", &[known("gshard", "GShard", 2020), known("switch", "Switch", 2021)]),
    ("Tokens are assigned", &[known("routing-networks", "Routing networks", 2017), known("base", "BASE", 2021)]),
    (
        "A hash decides",
        &[
            known("hash-random", "Hash, random", 2021),
            known("hash-balanced", "Hash, balanced", 2021),
            known("hash-clustered", "Hash, clustered", 2021),
            known("hash-dispersed", "Hash, dispersed", 2021),
            known("hash-previous", "Hash of the token before", 2021),
            known("hash-position", "Hash of the place", 2021),
            known("hash-oracle", "Hash of the next token", 2021),
        ],
    ),
    (
        "Experts choose, or nobody does",
        &[known("expert-choice", "Expert choice", 2022), known("soft-moe", "Soft MoE", 2023)],
    ),
    (
        "Dense, to compare with",
        &[known("dense-active", "Dense, as much used", 0), known("dense-total", "Dense, as much held", 0)],
    ),
];

/// What people call a model; its folder's name where it is not known.
pub fn title(name: &str) -> &str {
    let all = FAMILIES.iter().flat_map(|(_, models)| models.iter());
    all.into_iter().find(|known| known.name == name).map_or(name, |known| known.title)
}

/// The same with the year of its paper, where it has one.
pub fn dated(name: &str) -> String {
    let all = FAMILIES.iter().flat_map(|(_, models)| models.iter());
    match all.into_iter().find(|known| known.name == name) {
        Some(known) if known.year > 0 => format!("{} ({})", known.title, known.year),
        _ => title(name).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_listed_twice() {
        let mut names: Vec<&str> = FAMILIES.iter().flat_map(|(_, models)| models.iter()).map(|m| m.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), all), (22, 22));
        assert_eq!((dated("base"), dated("dense-total")), ("BASE (2021)".into(), "Dense, as much held".into()));
        assert_eq!((title("base"), title("somebody-elses")), ("BASE", "somebody-elses"));
    }
}
