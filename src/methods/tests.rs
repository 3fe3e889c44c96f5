use super::{
    Choices, Coefficient, LESSONS, Method, all, by_id, lesson, named, of_router, of_setting, of_words, trained,
    trained_named,
};
use std::collections::BTreeSet;

/// The words that files hold which were written before, with the method that they mean.
const OLD: [(&str, &str); 19] = [
    ("mixtral", "softmax over the kept logits"),
    ("olmoe", "softmax over all experts, not renormalised"),
    ("qwen3", "softmax over all experts, renormalised over the kept"),
    ("gpt-oss", "softmax over the kept logits, which have a bias"),
    ("conventions", "as the setting says"),
    ("gshard", "the two largest of softmax, renormalised"),
    ("switch", "the largest of softmax, not renormalised"),
    ("expert-choice", "softmax over all experts, each expert picks its best tokens, not renormalised"),
    ("jacobs", "softmax over all experts, all of them used"),
    ("shazeer", "softmax over the k largest noisy logits"),
    ("shazeer-hierarchical", "product of two noisy top-k gates"),
    ("hierarchical-mixture", "product of two softmax gates, all experts used"),
    ("soft-moe", "softmax over slots; shown is each expert's share"),
    ("deepseek", "sigmoid, top k with a bias, without it renormalised over the chosen"),
    ("base", "sigmoid of the chosen affinity"),
    ("hash", "1: no router"),
    ("deepseek-v4", "root of softplus, top k with a bias, without it renormalised over the chosen and scaled"),
    ("deepseek-v4-hash", "root of softplus, a table chooses, renormalised over the chosen and scaled"),
    ("routing-networks", "1: the policy picks one block; 0 for pass"),
];

/// All that a method is called by.
fn names(method: &Method) -> impl Iterator<Item = &'static str> {
    std::iter::once(method.id).chain(method.aliases.iter().copied())
}

#[test]
fn every_name_leads_to_one_method() {
    let said: Vec<&str> = all().flat_map(names).collect();
    assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len(), "a name twice in {said:?}");
    for method in all() {
        assert_eq!(by_id(method.id), Some(method));
        names(method).for_each(|name| assert_eq!(named(name), Some(method), "{name}"));
    }
    assert_eq!((by_id("mixtral-small"), named("somebody-elses")), (None, None));
}

#[test]
fn every_title_is_there_once() {
    let titles: BTreeSet<&str> = all().map(|method| method.title).collect();
    assert_eq!(titles.len(), all().count());
    assert!(all().all(|method| !method.title.is_empty() && !method.paper.is_empty()));
    assert_eq!(by_id("switch").unwrap().dated(), "Switch (2021)");
    assert_eq!(by_id("dense").unwrap().dated(), "Dense");
}

/// Lepikhin et al. 2020, algorithm 1: first choices of all tokens before any second one; Lewis et al. 2021, section 3.2; Roller
/// et al. 2021, section 3.2; Zhou et al. 2022, section 3.2; Puigcerver et al. 2023, section 2: all over a whole batch or text.
#[test]
fn five_methods_look_ahead() {
    let ahead: Vec<&str> = all().filter(|method| method.ahead.is_some()).map(|method| method.id).collect();
    assert!(ahead.starts_with(&["gshard", "base", "hash-oracle", "expert-choice", "soft-moe"]), "{ahead:?}");
}

/// A trace says the router and the convention, so methods that say the same words must have the same numbers.
#[test]
fn a_convention_has_one_set_of_rules() {
    for method in all() {
        let first = of_words(method.convention).unwrap();
        let rules = |method: &Method| (method.scores, method.weights, method.gate);
        assert_eq!(rules(method), rules(first), "{} and {}", method.id, first.id);
        assert_eq!(of_router(method.router).map(|router| router.router), Some(method.router), "{}", method.id);
    }
    assert_eq!(of_words("something new"), None);
}

#[test]
fn settings_of_a_router_are_methods() {
    let id = |router, setting| of_setting(router, setting).map(|method| method.id);
    assert_eq!(id("hash", "oracle"), Some("hash-oracle"));
    assert_eq!(id("hash", "unheard-of"), Some("hash"));
    assert_eq!(id("switch", "random"), Some("switch"));
    assert_eq!((id("olmoe", ""), id("hash-random", "")), (None, None), "no router is called so");
}

/// What files hold goes on being known, whatever new words there are.
#[test]
fn words_of_old_files_are_known() {
    for (id, words) in OLD {
        assert_eq!(of_words(words).map(|method| method.id), Some(id), "{words}");
    }
}

/// The models that are shipped, by their folder's name and by the router of their `config.json`.
#[test]
fn every_shipped_model_is_known() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let name = entry.file_name().unwrap().to_str().unwrap();
        let method = named(name).unwrap_or_else(|| panic!("{name} is no method"));
        let config: serde_json::Value =
            serde_json::from_slice(&std::fs::read(entry.join("config.json")).unwrap()).unwrap();
        let router = config["router"]["method"].as_str().unwrap_or("mixtral");
        assert_eq!(method.router, router, "{name}");
        let setting = config["router"]["kind"].as_str().unwrap_or_default();
        if method.id != "dense" {
            assert_eq!(of_setting(router, setting), Some(method), "{name}");
        }
        seen += 1;
    }
    assert!(seen > 15, "{seen} models");
}

#[test]
fn every_method_has_a_lesson_that_is_whole() {
    for method in all() {
        let Some(l) = lesson(method) else {
            assert_eq!(method.id, "conventions", "only a method that is not told which it is is not taught");
            continue;
        };
        for part in [l.what, l.formula, l.score, l.selection, l.weight, l.balance, l.look, l.cannot] {
            assert!(!part.is_empty(), "{}: {l:?}", method.id);
        }
        let looks = all().filter(|kind| kind.router == method.router).any(|kind| kind.ahead.is_some());
        assert_eq!(!l.ahead.is_empty(), looks, "{}", method.id);
    }
    for (method, _) in LESSONS {
        assert_eq!(LESSONS.iter().filter(|(other, _)| other.id == method.id).count(), 1, "{}", method.id);
    }
}

/// Lessons in other languages are those of a method.
#[test]
fn translated_lessons_are_parts_of_lessons() {
    for (method, part) in crate::messages::LESSONS {
        assert!(by_id(method).is_some(), "{method}");
        assert!(part == "rule" || super::Lesson::PARTS.contains(&part), "{method}-{part}");
    }
}

/// Saved runs and messages name methods by their ids.
#[test]
fn a_method_in_a_file_is_its_id() {
    for method in trained() {
        let saved = serde_json::to_string(method).unwrap();
        assert_eq!(saved, format!("\"{}\"", method.id));
        assert_eq!(serde_json::from_str::<&Method>(&saved).unwrap(), method);
    }
    let message = serde_json::from_str::<&Method>("\"no-such\"").unwrap_err().to_string();
    assert!(message.contains("there is no method `no-such`"), "{message}");
}

/// What routers write into traces and `config.json`.
#[cfg(feature = "engine")]
#[test]
fn every_router_is_known_by_its_name_and_by_its_words() {
    for (name, words, causal) in crate::router::all() {
        let method = of_router(name).unwrap_or_else(|| panic!("{name} is no method"));
        assert_eq!(of_words(words), Some(method), "{name}: {words}");
        assert_eq!(method.ahead.is_none(), causal, "{name}");
    }
}

/// What a run can have: not the family of hash layers, not V4's first layers alone, nothing without experts.
#[test]
fn families_and_parts_are_not_trained() {
    let not = all().filter(|method| !method.is_trained()).map(|method| method.id);
    assert_eq!(not.collect::<Vec<_>>(), ["hash", "deepseek-v4-hash", "conventions", "dense"]);
    assert!(trained_named("hash").is_none() && trained_named("no-such").is_none());
}

/// The methods whose words are in [`OLD`] of which something is so; what is so of later ones, their own tests say.
fn those(is: impl Fn(&Method) -> bool) -> Vec<&'static str> {
    let old = trained().filter(|method| OLD.iter().any(|(_, words)| *words == method.convention));
    old.filter(|method| is(method)).map(|method| method.id).collect()
}

/// What each method's router has in `src/router`: losses, noise, capacity, and a bias that steps move.
#[test]
fn coefficients_are_those_of_the_routers() {
    let all = |coefficient| those(|method| method.has(coefficient));
    let balanced = ["shazeer", "shazeer-hierarchical", "gshard", "switch", "mixtral", "olmoe", "qwen3", "gpt-oss"];
    assert_eq!(all(Coefficient::Balance), balanced);
    assert_eq!(all(Coefficient::Z), ["switch", "mixtral", "olmoe", "qwen3", "gpt-oss"]);
    assert_eq!(all(Coefficient::Noise), ["shazeer", "shazeer-hierarchical", "switch"]);
    assert_eq!(all(Coefficient::Capacity), ["gshard", "switch", "expert-choice"]);
    assert_eq!(all(Coefficient::Bias), ["deepseek", "loss-free", "deepseek-v4"]);
}

#[test]
fn choices_are_those_of_the_papers() {
    let all = |choices| those(|method| method.choices == choices);
    assert_eq!(all(Choices::All), ["jacobs", "hierarchical-mixture", "expert-choice", "soft-moe"]);
    assert_eq!(all(Choices::Exactly(2)), ["gshard"]);
    assert_eq!(all(Choices::Exactly(1)).len(), 10, "Switch, BASE, routing networks and seven hash layers");
    assert_eq!(all(Choices::Pairs), ["shazeer-hierarchical"]);
    let any = ["shazeer", "mixtral", "olmoe", "deepseek", "loss-free", "qwen3", "gpt-oss", "deepseek-v4"];
    assert_eq!(all(Choices::Any), any);
    assert_eq!(those(Method::renormalises), any.into_iter().filter(|name| *name != "olmoe").collect::<Vec<_>>());
}

#[test]
fn what_only_some_methods_are() {
    assert_eq!(those(Method::needs_pairs), ["hierarchical-mixture", "shazeer-hierarchical"]);
    assert_eq!(those(|method| method.on_host), ["routing-networks", "base"]);
    assert_eq!(those(|method| method.shared == 1), ["deepseek", "deepseek-v4"]);
    assert_eq!(those(|method| method.stacked(4) == 3), ["routing-networks"]);
    assert_eq!(those(Method::is_fixed).len(), 7);
    assert!(those(Method::is_fixed).iter().all(|name| name.starts_with("hash-")));
}
