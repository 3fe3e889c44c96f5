//! The rows, from runs whose numbers can be checked by hand.

use super::claims::{Unit, claims};
use super::log::Evaluated;
use super::verdict::ClaimVerdict;
use super::*;
use crate::card::Cost;

/// A run of ten steps of 100 tokens, `flops` operations a token, whose bits fall from `first` at step 5 to `last`.
fn run(preset: &str, seed: u64, flops: f64, (first, last): (f64, f64)) -> LoggedRun {
    let cost = Cost {
        parameters: 7,
        active_parameters: 5.0,
        attention: flops,
        router: 0.0,
        experts: 0.0,
        output: 0.0,
        context: 1,
    };
    let measured = LoggedEvaluation {
        bits_per_byte: last,
        loss: 1.0,
        max_over_mean: 1.5,
        max_over_mean_by_layer: vec![1.5],
        load: vec![vec![0.75, 0.25]],
        dropped: vec![0.1, 0.3],
        sharing: vec![],
        published_bits_per_byte: None,
        published_max_over_mean: None,
        domains: vec![],
    };
    let (steps, tokens, summary) = (10, 1000, String::new());
    let result = RunResult {
        preset: preset.to_owned(),
        summary,
        seed,
        steps,
        tokens,
        seconds: 20.0,
        tokens_per_second: 50.0,
        cost,
        measured,
    };
    let at = |step, seconds, bits_per_byte| Evaluated {
        step,
        seconds,
        bits_per_byte,
        published_bits_per_byte: None,
        max_over_mean: 1.0,
    };
    LoggedRun {
        result,
        trained: vec![],
        evaluated: vec![at(5, 10.0, first), at(10, 20.0, last)],
        unevenness: 1.0,
        measured: false,
    }
}

fn verdict(runs: &[LoggedRun], says: &str) -> ClaimVerdict {
    claims(&Runs(runs)).into_iter().find(|claim| claim.says.contains(says)).unwrap().verdict
}

/// The numbers that a claim rests on.
fn bits(runs: &[LoggedRun], says: &str) -> Vec<f64> {
    let claim = claims(&Runs(runs)).into_iter().find(|claim| claim.says.contains(says)).unwrap();
    claim.findings.iter().map(|found| found.value.mean).collect()
}

/// The costly run has spent the cheap one's 3 x 2 x 1000 operations after 7.5 of its steps, half-way between 4 and 2 bits.
#[test]
fn equal_flops_are_read_off_the_curve() {
    let runs = [run("cheap", 1, 2.0, (4.0, 3.0)), run("costly", 1, 8.0 / 3.0, (4.0, 2.0))];
    let methods = Bundle::of(&runs, &["cheap", "costly", "not trained"]).methods;
    assert_eq!((methods.flops, methods.rows.len()), (6000.0, 2));
    let at = |row: usize| methods.rows[row].bits_at_flops.unwrap().mean;
    assert_eq!((at(0), methods.rows[1].bits.mean), (3.0, 2.0));
    assert!((at(1) - 3.0).abs() < 1e-9);
}

/// Left to right its loss rose after step 5, so it has none to show; as published it is read half-way between 3 and 2 bits.
#[test]
fn what_looks_ahead_is_read_off_its_own_curve() {
    let mut ahead = run("soft-moe", 1, 8.0 / 3.0, (4.0, 5.0));
    let both =
        |run: &LoggedRun| Bundle::of(&[self::run("cheap", 1, 2.0, (4.0, 3.0)), run.clone()], &["cheap", "soft-moe"]);
    assert_eq!(both(&ahead).methods.rows[1].at_flops(), "–");
    ahead.evaluated.iter_mut().zip([3.0, 2.0]).for_each(|(at, bits)| at.published_bits_per_byte = Some(bits));
    assert_eq!(both(&ahead).methods.rows[1].at_flops(), "– (2.500)");
}

/// Shares of 3/4 and 1/4: deviation 1/4 of mean 1/2; entropy (3/4) log2(4/3) + (1/4) 2 bits.
#[test]
fn balance_is_that_of_the_loads() {
    let row = Bundle::of(&[run("a", 1, 1.0, (2.0, 1.0))], &["a"]).methods.rows.remove(0);
    assert!((row.cv.mean - 0.5).abs() < 1e-6 && (row.entropy.mean - 0.811_278).abs() < 1e-6);
    assert_eq!((row.dead.mean, row.dropped.mean), (0.0, 0.2));
}

/// The same loads beside a choice to pass, which is no expert: nothing of the balance changes.
#[test]
fn passing_has_no_part_in_the_balance() {
    let row = |preset: &str, load: &[f64]| {
        let mut one = run(preset, 1, 1.0, (2.0, 1.0));
        one.result.measured.load = vec![load.to_vec()];
        one.result = one.result.of_experts();
        let row = Bundle::of(&[one], &[preset]).methods.rows.remove(0);
        (row.max_over_mean.mean, row.cv.mean, row.entropy.mean, row.dead.mean)
    };
    assert_eq!(row("routing-networks", &[0.75, 0.25, 0.0]), row("a", &[0.75, 0.25]));
    assert_eq!(row("routing-networks", &[1.0, 0.0, 0.0]).3, 1.0);
}

#[test]
fn a_claim_holds_or_not_or_is_undecided() {
    const EQUAL: &str = "after equal steps";
    let dense = |seed, last| run("dense-active", seed, 1.0, (3.0, last));
    let sparse = |seed, last| run("mixtral-small", seed, 1.0, (3.0, last));
    assert_eq!(verdict(&[dense(1, 2.0)], EQUAL), ClaimVerdict::NotMeasured);
    // One seed each, and no model with several: nothing is known of how far seeds are apart.
    assert_eq!(verdict(&[dense(1, 2.0), sparse(1, 1.5)], EQUAL), ClaimVerdict::Undecided);
    // Another model's three seeds are 0.1 apart, so that two of one seed are 0.1 sqrt(2) 4.303 = 0.61 apart by chance.
    let spread = [2.0, 2.1, 2.2].map(|bits| run("small-hash-balanced", (bits * 10.0) as u64, 1.0, (3.0, bits)));
    let others = ["small-switch-8", "small-hash-random"].map(|preset| run(preset, 1, 1.0, (3.0, 2.0)));
    let with =
        |last| verdict(&[vec![dense(1, 2.0), sparse(1, last)], spread.to_vec(), others.to_vec()].concat(), EQUAL);
    assert_eq!(
        [with(1.3), with(1.5), with(2.7)],
        [ClaimVerdict::Holds, ClaimVerdict::Undecided, ClaimVerdict::DoesNotHold]
    );
    // Two seeds each, 0.01 apart: the interval is 0.03 to either side. Half a bit, nothing, and too little to tell.
    let two = |last: f64| verdict(&[dense(1, 2.0), dense(2, 2.01), sparse(1, last), sparse(2, last + 0.01)], EQUAL);
    assert_eq!(
        [two(1.5), two(2.5), two(1.98)],
        [ClaimVerdict::Holds, ClaimVerdict::DoesNotHold, ClaimVerdict::Undecided]
    );
}

/// Drops decide about drops: 20 % and 60 % are apart, however alike the losses are.
#[test]
fn drops_are_judged_by_drops() {
    let one = |factor: &str, seed: u64, dropped: f64, bits: f64| {
        let mut run = run(&format!("small-capacity-{factor}"), seed, 1.0, (3.0, bits));
        run.result.measured.dropped = vec![dropped];
        run
    };
    let factors = [("2", 0.2), ("1.25", 0.39), ("1", 0.41), ("0.5", 0.6)];
    let runs: Vec<LoggedRun> = (1..=3_u64)
        .flat_map(|seed| {
            factors.map(|(factor, share)| one(factor, seed, share + 0.01 * seed as f64, 2.0 + 0.1 * seed as f64))
        })
        .collect();
    let claims = claims(&Runs(&runs));
    let claim = claims.iter().find(|claim| claim.says.contains("drops fewer")).unwrap();
    // The line through 20, 39, 41 and 60 rises by 3 (-1.5 * 20 - 0.5 * 39 + 0.5 * 41 + 1.5 * 60) / 5 in all.
    assert_eq!(claim.verdict, ClaimVerdict::Holds);
    assert!(claim.decides.starts_with("36.6 (") && claim.decides.ends_with(" % dropped"), "{}", claim.decides);
}

/// The sparse run is twice as slow: after the dense run's 20 seconds it is where it was at step 5.
#[test]
fn equal_seconds_may_say_another_thing_than_equal_steps() {
    let dense = run("dense-active", 1, 1.0, (3.0, 2.0));
    let mut sparse = run("mixtral-small", 1, 1.0, (2.5, 1.5));
    sparse.evaluated.iter_mut().for_each(|at| at.seconds *= 2.0);
    let runs = [dense, sparse];
    assert_eq!(bits(&runs, "after equal steps"), [1.5, 2.0]);
    assert_eq!(bits(&runs, "after equal seconds"), [2.5, 2.0]);
    let mut disturbed = runs;
    disturbed[0].unevenness = 3.0;
    let verdict = verdict(&disturbed, "after equal seconds");
    assert_eq!((verdict, verdict.words()), (ClaimVerdict::Shared, "not judged: a run shared the machine"));
}

/// A step has 100 tokens: at 200 a second it takes half a second, whatever the log says.
#[test]
fn a_measured_speed_takes_the_place_of_the_logs_seconds() {
    let mut runs = [run("dense-active", 1, 1.0, (3.0, 2.0)), run("mixtral-small", 1, 1.0, (2.5, 1.5))];
    runs.iter_mut().for_each(|run| run.unevenness = 3.0);
    let mut speeds = vec![speed::Speed::of("dense-active", &[200.0]).unwrap()];
    speed::apply(&speeds, &mut runs);
    let seconds = |run: &LoggedRun| run.evaluated.iter().map(|at| at.seconds).collect::<Vec<_>>();
    assert_eq!((seconds(&runs[0]), runs[0].result.seconds), (vec![2.5, 5.0], 5.0));
    assert_eq!((seconds(&runs[1]), runs[1].shared()), (vec![10.0, 20.0], true), "not measured");
    speeds.push(speed::Speed::of("mixtral-small", &[100.0]).unwrap());
    speed::apply(&speeds, &mut runs);
    // The dense run has ended, at 2 bits, when the sparse one is half-way, at 2.5.
    assert_eq!(bits(&runs, "after equal seconds"), [2.5, 2.0]);
}

/// However even a log is: only what was measured by turns is said to be.
#[test]
fn how_speeds_came_to_be_is_what_their_source_says() {
    let mut runs = [run("dense-active", 1, 1.0, (3.0, 2.0)), run("mixtral-small", 1, 1.0, (2.5, 1.5))];
    let bundle = |runs: &[LoggedRun]| Bundle::of(runs, &["dense-active", "mixtral-small"]);
    let said = |runs: &[LoggedRun]| markdown::tables(&bundle(runs));
    assert!(said(&runs).contains("those of the runs’ logs") && !said(&runs).contains("by turns"));
    let mut speeds = vec![speed::Speed::of("dense-active", &[200.0]).unwrap()];
    speed::apply(&speeds, &mut runs);
    assert!(said(&runs).contains("by turns") && said(&runs).contains("those of mixtral-small are of their logs"));
    speeds.push(speed::Speed::of("mixtral-small", &[100.0]).unwrap());
    speed::apply(&speeds, &mut runs);
    assert!(said(&runs).contains("by turns") && !said(&runs).contains("logs"));
    assert!(bundle(&runs).shown.ways.iter().all(|way| way.measured));
}

#[test]
fn a_claim_says_how_large_its_models_are() {
    let mut runs = ["small-hash-balanced", "small-switch-8", "small-hash-random", "mixtral-small"]
        .map(|preset| run(preset, 1, 1.0, (3.0, 2.0)));
    for (run, (held, used)) in runs.iter_mut().zip([(300_000, 3e5), (1_000_000, 3e5), (310_000, 3e5), (9_000_000, 9e6)])
    {
        (run.result.cost.parameters, run.result.cost.active_parameters) = (held, used);
    }
    let claims = claims(&Runs(&runs));
    let models = |says: &str| claims.iter().find(|claim| claim.says.contains(says)).unwrap().models.as_str();
    assert_eq!(models("balanced hash of tokens"), "0.30 M active of 0.30 to 1.00 M parameters, 10 steps");
    assert_eq!(models("capacity"), "");
    runs[3].result.preset = "small-switch-8".to_owned();
    let claims = super::claims::claims(&Runs(&runs));
    let hash = claims.iter().find(|claim| claim.says.contains("balanced hash of tokens")).unwrap();
    assert_eq!((hash.seeds().as_str(), claims[0].seeds().as_str()), ("1 to 2", ""));
}

/// (4 + 2) / 2 bits on the way; of two domains, one has the whole text's load, and of the other a half would have to move
/// in the first layer, nothing in the second.
#[test]
fn learning_faster_and_following_the_domain_are_numbers() {
    let mut one = run("a", 1, 1.0, (4.0, 2.0));
    assert_eq!(one.on_the_way(), Some(3.0));
    let domain = |load: [[f64; 2]; 2]| DomainResult {
        name: String::new(),
        tokens: 1,
        bytes: 1,
        bits_per_byte: 1.0,
        loss: 1.0,
        load: load.map(|layer| layer.to_vec()).to_vec(),
    };
    assert_eq!(one.result.measured.by_domain(), 0.0);
    one.result.measured.load = vec![vec![0.5, 0.5], vec![0.5, 0.5]];
    one.result.measured.domains = vec![domain([[0.5, 0.5], [0.5, 0.5]]), domain([[1.0, 0.0], [0.5, 0.5]])];
    assert_eq!(one.result.measured.by_domain(), 0.125);
    one.evaluated.clear();
    assert_eq!(one.on_the_way(), None);
}

/// Half as much again as the best is far beyond the last shade; 3 % are one shade of 2 %.
#[test]
fn domains_are_shaded_by_what_they_need_more_than_the_best() {
    let runs = [("a", 1.0), ("b", 1.03), ("c", 1.5)].map(|(preset, bits)| {
        let mut run = run(preset, 1, 1.0, (2.0, 1.0));
        let (name, load) = ("rust".to_owned(), vec![]);
        run.result.measured.domains =
            vec![DomainResult { name, tokens: 1, bytes: 1, bits_per_byte: bits, loss: 1.0, load }];
        run
    });
    let table = Bundle::of(&runs, &["a", "b", "c"]).shown.tables.remove(1);
    assert_eq!(table.rows.iter().map(|(_, cells)| cells[1].1).collect::<Vec<_>>(), [0, 1, 6]);
}

#[test]
fn the_bundle_survives_its_file() {
    let runs = [run("dense-active", 1, 1.0, (3.0, 2.0)), run("mixtral-small", 1, 1.0, (2.5, 1.5))];
    let bundle = Bundle::of(&runs, &["dense-active", "mixtral-small"]);
    let json = serde_json::to_string(&bundle).unwrap();
    // Numbers are rounded when they are written, and only then.
    let read: Bundle = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    assert_eq!((&read.claims, read.shown.ways.len()), (&bundle.claims, 2));
    assert!(json.contains("[5,10.0,3.0]"), "points are short: {json}");
}

#[test]
fn tables_have_a_row_for_each_method_and_claim() {
    let runs = [run("dense-active", 1, 1.0, (3.0, 2.0)), run("mixtral-small", 1, 1.0, (2.5, 2.5))];
    let bundle = Bundle::of(&runs, &["dense-active", "mixtral-small"]);
    let text = markdown::tables(&bundle);
    assert!(text.contains("| dense-active | 0.00 M"));
    assert!(
        text.contains("bits per byte: mixtral-small 2.500, dense-active 2.000 | undecided: one seed, and no spread is known | tried with Mixtral’s gate, top 2 without noise, not the paper’s | 1 | 0.00 M active of 0.00 M parameters, 10 steps |"),
        "{text}"
    );
    assert_eq!(text.matches("not measured yet").count(), bundle.claims.len() - 3);
    assert_eq!(markdown::tables(&Bundle::default()), "No model of the common size has been trained yet.\n");
    assert_eq!(Unit::Dropped.words(&statistic::Statistic { mean: 0.117, sd: 0.01, seeds: 3 }), "11.7 ± 1.0 %");
}

/// The means of two seeds at the steps that both have: (2 + 4) / 2 bits after (10 + 30) / 2 seconds.
#[test]
fn ways_are_means_over_seeds() {
    let mut runs = [run("a", 1, 1e9, (2.0, 1.0)), run("a", 2, 1e9, (4.0, 1.0))];
    runs[1].evaluated[0].seconds = 30.0;
    runs[1].evaluated.truncate(1);
    runs[1].unevenness = 2.0;
    let way = Bundle::of(&runs, &["a"]).shown.ways.remove(0);
    // Three times 10^9 operations for each of a step's 100 tokens.
    assert_eq!((way.held_out, way.seeds, way.shared), (vec![(5, 20.0, 3.0)], 2, true));
    assert!((way.tera - 0.3).abs() < 1e-9);
}

#[test]
fn what_is_shown_is_what_was_judged() {
    let runs = [run("dense-active", 1, 1.0, (3.0, 2.0)), run("mixtral-small", 1, 1.0, (2.5, 1.5))];
    let bundle = Bundle::of(&runs, &["dense-active", "mixtral-small"]);
    let [methods, domains, claims] = &bundle.shown.tables[..] else { panic!("three tables") };
    for table in [methods, domains, claims] {
        assert!(table.rows.iter().all(|(_, cells)| cells.len() == table.heads.len()), "{}", table.id);
    }
    let best: Vec<&str> =
        methods.rows.iter().filter(|(_, cells)| cells[4].1 == shown::BEST).map(|(name, _)| name.as_str()).collect();
    assert_eq!(best, ["mixtral-small"]);
    assert_eq!(claims.rows.len(), bundle.claims.len());
    let first = &claims.rows[0].1;
    assert_eq!(first[2].0, "mixtral-small: 1.500 bits per byte\ndense-active: 2.000 bits per byte");
    assert_eq!(first[3], ("○ undecided\none seed, and no spread is known".to_owned(), shown::OPEN));
    assert_eq!(claims.rows[12].1[3], ("○ not measured yet".to_owned(), shown::OPEN));
}
