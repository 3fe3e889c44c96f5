//! Very short stories.

use super::TextDraw;

const HEROES: &[&str] = &["the fox", "the old bear", "a small bird", "the girl", "the boy", "a grey cat", "the king"];
const PLACES: &[&str] = &["in the forest", "by the river", "on the hill", "near the old mill", "in the garden"];
const THINGS: &[&str] = &["a red apple", "a golden key", "an empty box", "a warm coat", "a little boat", "a song"];
const DEEDS: &[&str] = &["found", "lost", "wanted", "carried", "hid", "gave away"];
const MOODS: &[&str] = &["happy", "sad", "tired", "afraid", "proud", "hungry"];
const ENDS: &[&str] = &["and went home.", "and slept until morning.", "and never came back.", "and began to sing."];

/// One story.
pub fn document(draw: &mut TextDraw) -> String {
    let (hero, friend) = (draw.pick(HEROES), draw.pick(HEROES));
    let mut out = format!("One day {hero} lived {}. ", draw.pick(PLACES));
    for _ in 0..2 + draw.below(3) {
        out += &match draw.below(4) {
            0 => sentence(&format!("{hero} {} {} {}.", draw.pick(DEEDS), draw.pick(THINGS), draw.pick(PLACES))),
            1 => sentence(&format!("{friend} was {} and {hero} was {}.", draw.pick(MOODS), draw.pick(MOODS))),
            2 => format!("\"Where is {}?\" said {hero}. ", draw.pick(THINGS)),
            _ => sentence(&format!("then {friend} came and {} {}.", draw.pick(DEEDS), draw.pick(THINGS))),
        };
    }
    out + sentence(&format!("{hero} was {} {}", draw.pick(MOODS), draw.pick(ENDS))).trim_end() + "\n"
}

/// With a large first letter and a space behind it.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain([' ']).collect())
}
