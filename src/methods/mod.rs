//! Routing methods: all that is known of one without a tensor, in a file of its own, and the list of them.
//!
//! Whatever has to know a method from a name or from a sentence in a file asks here, and so does every screen that calls one by
//! its title. The mathematics are in `router`, under the same names.

mod base;
mod convention;
mod conventions;
mod cost;
mod deepseek;
mod deepseek_v4;
mod dense;
mod diagram;
mod expert_choice;
mod family;
mod gpt_oss;
mod gshard;
mod hash;
mod hierarchical_mixture;
mod jacobs;
mod lesson;
mod loss_free;
mod method;
mod mixtral;
mod numbers;
mod olmoe;
mod qwen3;
mod routing_networks;
mod shazeer;
mod shazeer_hierarchical;
mod soft_moe;
mod steps;
mod switch;

pub use base::BASE;
pub use convention::Convention;
pub use conventions::CONVENTIONS;
pub use cost::{GateCost, GateShape};
pub use deepseek::DEEPSEEK;
pub use deepseek_v4::{DEEPSEEK_V4, DEEPSEEK_V4_HASH};
pub use dense::DENSE;
pub use diagram::Diagram;
pub use expert_choice::EXPERT_CHOICE;
pub use family::Family;
pub use gpt_oss::GPT_OSS;
pub use gshard::GSHARD;
pub use hash::{
    HASH, HASH_BALANCED, HASH_CLUSTERED, HASH_DISPERSED, HASH_ORACLE, HASH_POSITION, HASH_PREVIOUS, HASH_RANDOM,
};
pub use hierarchical_mixture::HIERARCHICAL_MIXTURE;
pub use jacobs::JACOBS;
pub use lesson::Lesson;
pub use loss_free::LOSS_FREE;
pub use method::{Ahead, Coefficient, Method};
pub use mixtral::MIXTRAL;
pub use numbers::{Choices, Function, GateKind, HashKey, LooksAt, ROOT_SOFTPLUS, SIGMOID, Scores, Weights};
pub use olmoe::OLMOE;
pub use qwen3::QWEN3;
pub use routing_networks::ROUTING_NETWORKS;
pub use shazeer::SHAZEER;
pub use shazeer_hierarchical::SHAZEER_HIERARCHICAL;
pub use soft_moe::SOFT_MOE;
pub use steps::{Around, Decision, TreeBranch, plain};
pub use switch::SWITCH;

/// The methods, oldest first; the kinds of one stand behind it, and what the others are compared with is last.
const ALL: &[&Method] = &[
    &JACOBS,
    &HIERARCHICAL_MIXTURE,
    &SHAZEER,
    &SHAZEER_HIERARCHICAL,
    &ROUTING_NETWORKS,
    &GSHARD,
    &SWITCH,
    &BASE,
    &HASH,
    &HASH_RANDOM,
    &HASH_BALANCED,
    &HASH_CLUSTERED,
    &HASH_DISPERSED,
    &HASH_PREVIOUS,
    &HASH_POSITION,
    &HASH_ORACLE,
    &EXPERT_CHOICE,
    &SOFT_MOE,
    &MIXTRAL,
    &OLMOE,
    &DEEPSEEK,
    &LOSS_FREE,
    &QWEN3,
    &GPT_OSS,
    &DEEPSEEK_V4,
    &DEEPSEEK_V4_HASH,
    &CONVENTIONS,
    &DENSE,
];

/// The lessons. They are not fields of the methods, because the light page knows methods and teaches none.
const LESSONS: &[(&Method, &Lesson)] = &[
    (&JACOBS, &jacobs::LESSON),
    (&HIERARCHICAL_MIXTURE, &hierarchical_mixture::LESSON),
    (&SHAZEER, &shazeer::LESSON),
    (&SHAZEER_HIERARCHICAL, &shazeer_hierarchical::LESSON),
    (&ROUTING_NETWORKS, &routing_networks::LESSON),
    (&GSHARD, &gshard::LESSON),
    (&SWITCH, &switch::LESSON),
    (&BASE, &base::LESSON),
    (&HASH, &hash::LESSON),
    (&EXPERT_CHOICE, &expert_choice::LESSON),
    (&SOFT_MOE, &soft_moe::LESSON),
    (&MIXTRAL, &mixtral::LESSON),
    (&OLMOE, &olmoe::LESSON),
    (&DEEPSEEK, &deepseek::LESSON),
    (&QWEN3, &qwen3::LESSON),
    (&GPT_OSS, &gpt_oss::LESSON),
    (&DEEPSEEK_V4, &deepseek_v4::LESSON),
    (&DENSE, &dense::LESSON),
];

/// The methods, oldest first; the kinds of one stand behind it, and what the others are compared with is last.
pub fn all() -> impl Iterator<Item = &'static Method> + Clone {
    ALL.iter().copied()
}

/// The method with this id.
pub fn by_id(id: &str) -> Option<&'static Method> {
    all().find(|method| method.id == id)
}

/// The methods that a run can have, oldest first.
pub fn trained() -> impl Iterator<Item = &'static Method> + Clone {
    all().filter(|method| method.is_trained())
}

/// The method with this id that a run can have.
pub fn trained_named(id: &str) -> Option<&'static Method> {
    by_id(id).filter(|method| method.is_trained())
}

/// The method with this name: its id or another one.
pub fn named(name: &str) -> Option<&'static Method> {
    by_id(name).or_else(|| all().find(|method| method.aliases.contains(&name)))
}

/// The method whose router has this name in `config.json` and in traces.
pub fn of_router(router: &str) -> Option<&'static Method> {
    by_id(router).filter(|method| method.router == router)
}

/// The setting of a router that has settings which are methods of their own, for example `random` of `hash`; the router's own
/// method where that setting is not one.
pub fn of_setting(router: &str, setting: &str) -> Option<&'static Method> {
    let is = |method: &&Method| {
        method.router == router && method.id.strip_prefix(router).and_then(|id| id.strip_prefix('-')) == Some(setting)
    };
    all().find(is).or_else(|| of_router(router))
}

/// The method whose convention is said in these words in traces; the first of those that share it.
pub fn of_words(convention: &str) -> Option<&'static Method> {
    all().find(|method| method.convention == convention)
}

/// The lesson of a method, or of the one whose router computes it; `None` where there is none.
pub fn lesson(method: &Method) -> Option<Lesson> {
    let of = |id: &str| LESSONS.iter().find(|(taught, _)| taught.id == id).map(|(taught, lesson)| lesson.shown(taught));
    of(method.id).or_else(|| of(method.router))
}

#[cfg(test)]
mod tests;
