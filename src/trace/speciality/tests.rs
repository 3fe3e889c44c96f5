use super::{Card, CharClass, Verdict};
use crate::trace::{Matrix, Trace, sample};

/// A trace of one layer, two experts and one choice, with the given tokens and who takes them.
fn routed(tokens: &[(&str, u16)]) -> Trace {
    let mut trace = sample::trace(tokens.len(), 1, 2, 1);
    for (token, (text, _)) in trace.tokens.iter_mut().zip(tokens) {
        token.text = (*text).to_owned();
    }
    trace.layers[0].experts = Matrix::new(1, tokens.iter().map(|(_, expert)| *expert).collect()).unwrap();
    trace
}

#[test]
fn lift_is_a_ratio_of_shares() {
    // Expert 0 takes 4 of 8 tokens, among them 3 of the 4 "a": lift (3/4) / (4/8) = 1.5.
    let trace = routed(&[("a", 0), ("a", 0), ("a", 0), ("a", 1), ("b", 0), ("b", 1), ("b", 1), ("b", 1)]);
    let card = Card::of(&trace, 0, 0).unwrap();
    let a = &card.top[0];
    assert_eq!((a.kind.as_str(), a.taken, a.total, a.lift), ("a", 3, 4, 1.5));
    // Of the 70 ways to draw 4 of 8, 16 hold three "a" and 1 holds four; variance 4 (1/2) (1/2) (4/7) = 4/7.
    assert!((a.tail - 17.0 / 70.0).abs() < 1e-12);
    assert!((a.shuffled_sd - (4.0_f64 / 7.0).sqrt() / 2.0).abs() < 1e-12);
    assert_eq!(card.verdict, Verdict::NoClearSpeciality);
    assert!(card.sentence().contains("No clear speciality"));
}

#[test]
fn a_real_speciality_is_found() {
    let tokens: Vec<_> = (0..60).map(|i| if i % 2 == 0 { ("7", 0) } else { (" word", 1) }).collect();
    let trace = routed(&tokens);
    let card = Card::of(&trace, 0, 0).unwrap();
    assert_eq!(card.verdict, Verdict::Class(CharClass::Digits));
    assert_eq!((card.n, card.tokens, card.classes[0].lift), (30, 60, 2.0));
    assert!(card.sentence().contains("30 of 30"), "{}", card.sentence());
    assert_eq!(Card::of(&trace, 0, 1).unwrap().verdict, Verdict::Class(CharClass::WordStart));
}

#[test]
fn one_token_among_many_of_its_class_is_found() {
    let names: Vec<String> =
        (0..200).map(|i| if i < 40 { "self".to_owned() } else { "abcdefghij"[i % 10..].to_owned() }).collect();
    let tokens: Vec<_> = names.iter().enumerate().map(|(i, name)| (name.as_str(), u16::from(i >= 40))).collect();
    assert_eq!(Card::of(&routed(&tokens), 0, 0).unwrap().verdict, Verdict::Token("self".to_owned()));
}

/// Random routing must hardly ever look like a speciality: over all 8 x 4 x 50 cards at most 1 in 100 texts errs.
#[test]
fn chance_is_not_called_a_speciality() {
    let mut found = 0;
    for seed in 0..50 {
        let mut trace = sample::trace(300, 4, 8, 1);
        let mut noise = sample::Noise(seed);
        for layer in &mut trace.layers {
            layer.experts = Matrix::new(1, (0..300).map(|_| (noise.bits() % 8) as u16).collect()).unwrap();
        }
        let cards =
            (0..4).flat_map(|layer| (0..8).filter_map(|expert| Card::of(&trace, layer, expert)).collect::<Vec<_>>());
        found += cards.filter(|card| card.verdict != Verdict::NoClearSpeciality).count();
    }
    assert!(found <= 3, "{found} of 1600 cards");
}

#[test]
fn what_is_not_there_has_no_card() {
    let trace = routed(&[("a", 0), ("b", 0)]);
    assert_eq!(Card::of(&trace, 0, 1).unwrap().verdict, Verdict::Unused);
    assert!(Card::of(&trace, 1, 0).is_none() && Card::of(&trace, 0, 2).is_none());
    assert!(Card::of(&sample::trace(0, 1, 2, 1), 0, 0).is_none());
}
