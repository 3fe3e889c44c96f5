use super::{CharClass, Comparisons, Kind, Lift, Speciality, Standing, Verdict};
use crate::trace::{Matrix, Trace, from_json, sample};

/// A trace of one layer, two experts and one choice, with the given tokens and who takes them.
fn routed(tokens: &[(&str, u16)]) -> Trace {
    let mut trace = sample::trace(tokens.len(), 1, 2, 1);
    for (token, (text, _)) in trace.tokens.iter_mut().zip(tokens) {
        token.text = (*text).to_owned();
    }
    trace.layers[0].experts = Matrix::new(1, tokens.iter().map(|(_, expert)| *expert).collect()).unwrap();
    trace
}

fn card(trace: &Trace, layer: usize, expert: usize) -> Speciality {
    Speciality::of(trace, &Comparisons::of(trace), layer, expert).unwrap()
}

fn class(card: &Speciality, class: CharClass) -> &Lift {
    card.classes.iter().find(|lift| lift.kind == Kind::Class(class)).unwrap()
}

#[test]
fn lift_is_a_ratio_of_shares() {
    // Expert 0 takes 4 of 8 tokens, among them 3 of the 4 "a": lift (3/4) / (4/8) = 1.5.
    let trace = routed(&[("a", 0), ("a", 0), ("a", 0), ("a", 1), ("b", 0), ("b", 1), ("b", 1), ("b", 1)]);
    let card = card(&trace, 0, 0);
    let a = &card.top[0];
    assert_eq!((&a.kind, a.taken, a.total, a.lift), (&Kind::Token("a".to_owned()), 3, 4, 1.5));
    // Of the 70 ways to draw 4 of 8, 16 hold three "a" and 1 holds four.
    assert!((a.p - 34.0 / 70.0).abs() < 1e-12);
    assert_eq!((card.verdict, a.standing), (Verdict::Kinds(Standing::Chance), Standing::Chance));
}

/// The bundled recording, 61 tokens through 4 layers of 8 experts, against scipy 1.17: `hypergeom` for the tails, doubled;
/// `false_discovery_control` over the 15 kinds of the 29 experts that took some tokens and not all; the intervals from
/// `contingency.odds_ratio(kind="conditional")` and `nchypergeom_fisher.mean`.
#[test]
fn a_recorded_expert_has_scipys_numbers() {
    let trace = from_json(include_str!("../../../assets/traces/first.json")).unwrap();
    let all = Comparisons::of(&trace);
    assert_eq!(all.count, 15 * 29);
    let card = Speciality::of(&trace, &all, 0, 1).unwrap();
    let starts = class(&card, CharClass::WordStart);
    let parts = class(&card, CharClass::WordPart);
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6 * b;
    assert_eq!((starts.taken, starts.total, parts.taken, parts.total), (18, 24, 2, 28));
    assert!(close(starts.p, 9.293_289_118_7e-5) && close(parts.p, 2.458_324_302_07e-7), "{starts:?} {parts:?}");
    let ends = |lift: &Lift| [lift.lift, lift.interval.0, lift.interval.1];
    for (lift, wanted) in
        [(starts, [1.759_615_4, 1.364_454_2, 2.067_575_0]), (parts, [0.167_582_4, 0.021_827_5, 0.474_439_9])]
    {
        assert!(ends(lift).iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-5), "{lift:?}");
        assert_eq!(lift.standing, Standing::Clear);
    }
    // Six comparisons are discoveries at a rate of 5 %, the last with p = 0.00055; the next has 0.00115.
    let cards = (0..4).flat_map(|layer| (0..8).map(move |expert| (layer, expert)));
    let clear: Vec<_> = cards
        .filter_map(|(layer, expert)| Speciality::of(&trace, &all, layer, expert).map(|card| (layer, expert, card)))
        .flat_map(|(layer, expert, card)| {
            let lifts = card.classes.into_iter().chain(card.top);
            lifts.filter(|lift| lift.standing == Standing::Clear).map(move |_| (layer, expert)).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(clear, [(0, 1), (0, 1), (1, 2), (1, 4), (1, 7), (1, 7)]);
}

#[test]
fn what_an_expert_takes_and_what_it_leaves_are_both_found() {
    let tokens: Vec<_> = (0..60).map(|i| if i % 2 == 0 { ("7", 0) } else { (" word", 1) }).collect();
    let trace = routed(&tokens);
    let first = card(&trace, 0, 0);
    assert_eq!(first.verdict, Verdict::Kinds(Standing::Clear));
    let of = |card: &Speciality, more| card.surest(Standing::Clear, more).unwrap().kind.clone();
    assert_eq!(
        (of(&first, true), of(&first, false)),
        (Kind::Class(CharClass::Digits), Kind::Class(CharClass::WordStart))
    );
    assert_eq!((first.n, first.tokens, class(&first, CharClass::Digits).lift), (30, 60, 2.0));
    assert_eq!(of(&card(&trace, 0, 1), true), Kind::Class(CharClass::WordStart));
}

#[test]
fn one_token_among_many_of_its_class_is_found() {
    let names: Vec<String> =
        (0..200).map(|i| if i < 40 { "self".to_owned() } else { "abcdefghij"[i % 10..].to_owned() }).collect();
    let tokens: Vec<_> = names.iter().enumerate().map(|(i, name)| (name.as_str(), u16::from(i >= 40))).collect();
    let card = card(&routed(&tokens), 0, 0);
    assert_eq!(card.surest(Standing::Clear, true).unwrap().kind, Kind::Token("self".to_owned()));
}

/// 900 of 1,500 tokens, and 396 of the 600 digits where a shuffle deals 360: far beyond luck, and too little to matter.
#[test]
fn a_sure_but_small_difference_is_no_speciality() {
    let digit = |i: usize| i < 600;
    let tokens: Vec<_> = (0..1500)
        .map(|i| if digit(i) { ("7", u16::from(i >= 396)) } else { (" word", u16::from(i >= 600 + 504)) })
        .collect();
    let card = card(&routed(&tokens), 0, 0);
    let digits = class(&card, CharClass::Digits);
    assert_eq!((card.n, digits.taken, digits.lift), (900, 396, 1.1));
    // scipy 1.17: 2 * hypergeom.sf(395, 1500, 600, 900).
    assert!((digits.p / 1.265_908_421e-4 - 1.0).abs() < 1e-8, "{}", digits.p);
    assert_eq!(card.verdict, Verdict::Kinds(Standing::Chance));
}

/// Random routing must hardly ever look like a speciality: a false discovery rate of 5 % is, where all is luck, that share of
/// the texts in which anything is named.
#[test]
fn chance_is_not_called_a_speciality() {
    let (mut clear, mut leaning, mut cards) = (0, 0, 0);
    for seed in 0..50 {
        let mut trace = sample::trace(300, 4, 8, 1);
        let mut noise = sample::Noise(seed);
        for layer in &mut trace.layers {
            layer.experts = Matrix::new(1, (0..300).map(|_| (noise.bits() % 8) as u16).collect()).unwrap();
        }
        let all = Comparisons::of(&trace);
        let verdicts: Vec<_> = (0..4)
            .flat_map(|layer| {
                (0..8).filter_map(|expert| Speciality::of(&trace, &all, layer, expert)).collect::<Vec<_>>()
            })
            .map(|card| card.verdict)
            .collect();
        clear += usize::from(verdicts.contains(&Verdict::Kinds(Standing::Clear)));
        leaning += verdicts.iter().filter(|verdict| **verdict == Verdict::Kinds(Standing::Leaning)).count();
        cards += verdicts.len();
    }
    assert!(clear <= 5, "{clear} of 50 texts");
    assert!(leaning > 0 && leaning < cards, "leanings come by luck: {leaning} of {cards}");
}

#[test]
fn nothing_is_compared_where_nothing_chooses() {
    let mut trace = sample::trace(60, 2, 4, 1);
    assert!(Comparisons::of(&trace).count > 0);
    for (convention, verdict) in
        [("1: no router", Verdict::Table), ("1: the policy picks one block; 0 for pass", Verdict::Policy)]
    {
        trace.model.convention = convention.to_owned();
        assert_eq!((Comparisons::of(&trace).count, card(&trace, 0, 0).verdict), (0, verdict));
    }
    assert_eq!(card(&sample::trace(60, 1, 1, 1), 0, 0).verdict, Verdict::OneNetwork);
    let all = card(&sample::trace(60, 1, 2, 2), 0, 0);
    assert_eq!((all.verdict, all.comparisons), (Verdict::EveryToken, 0));
}

/// A table is no finding: its card lists what it sends here, single tokens too, the most frequent first.
#[test]
fn a_tables_card_lists_what_it_sends() {
    let mut trace = routed(&[("a", 0), ("b", 0), ("b", 0), ("c", 1), ("c", 1)]);
    trace.model.convention = "1: no router".to_owned();
    let card = card(&trace, 0, 0);
    let listed: Vec<_> = card.top.iter().map(|lift| (lift.kind.clone(), lift.taken)).collect();
    assert_eq!(listed, [(Kind::Token("b".to_owned()), 2), (Kind::Token("a".to_owned()), 1)]);
}

#[test]
fn what_is_not_there_has_no_card() {
    let trace = routed(&[("a", 0), ("b", 0)]);
    let all = Comparisons::of(&trace);
    assert_eq!(card(&trace, 0, 1).verdict, Verdict::Unused);
    assert!(Speciality::of(&trace, &all, 1, 0).is_none() && Speciality::of(&trace, &all, 0, 2).is_none());
    let empty = sample::trace(0, 1, 2, 1);
    assert!(Speciality::of(&empty, &Comparisons::of(&empty), 0, 0).is_none());
}
