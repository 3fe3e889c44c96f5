//! Runs are repeatable, can be gone back to, branched, written and read, and say what is wrong with their input.

use crate::trainer::support::{start, start_with, tiny, train};
use moescope::device::OpenDevice;
use moescope::engine::session::{Checkpoint, Session};
use moescope::methods;
use moescope::protocol::{DeviceReason, Sampling};
use moescope::run::archive::{ArchiveFault, pack, unpack};
use moescope::run::fault::{LabRequestFault, RunFileFault, TextFault};
use moescope::run::protocol::{LabEvent, OwnText};
use moescope::run::{Coefficients, LabFault, Needs, Settings, SettingsError, TextChoice};
use moescope::trainer::Experiment;
use moescope::trainer::warm::warm_up;
use pollster::block_on;

#[test]
fn the_same_settings_give_the_same_curve_whatever_is_looked_at_meanwhile() {
    let settings = Settings { method: &methods::SHAZEER, top_k: 2, ..tiny() };
    let plain = train(&mut start(&settings), 0, 8);
    let mut run = start(&settings);
    let mut watched = Vec::new();
    for _ in 0..8 {
        watched.extend(train(&mut run, 0, 1));
        block_on(run.evaluate(0)).unwrap();
        block_on(run.keep(0, false)).unwrap();
        block_on(run.look(0, 0)).unwrap();
        block_on(run.sample(0, "One", Sampling::default(), 3)).unwrap();
    }
    assert_eq!(plain, watched);
    assert_ne!(plain, train(&mut start(&Settings { seed: 2, ..settings }), 0, 8));
}

/// Nothing of the run that nobody sees is left in the next one, and it ends when it is told to.
#[test]
fn a_run_after_a_warm_up_is_the_same_run() {
    let settings = Settings { method: &methods::SHAZEER, top_k: 2, ..tiny() };
    let plain = train(&mut start(&settings), 0, 4);
    let mut left = 3;
    let go_on = async || {
        left -= 1;
        left >= 0
    };
    assert_eq!(block_on(warm_up(&OpenDevice::cpu(DeviceReason::CpuChosen), go_on)), Ok(3));
    assert_eq!(plain, train(&mut start(&settings), 0, 4));
}

#[test]
fn a_branch_goes_on_exactly_as_the_run_did_changes_included() {
    for method in [&methods::SWITCH, &methods::LOSS_FREE, &methods::ROUTING_NETWORKS, &methods::HASH_BALANCED] {
        let mut run = start(&Settings { method, top_k: 2, ..tiny() }.fitted());
        train(&mut run, 0, 3);
        block_on(run.keep(0, false)).unwrap();
        train(&mut run, 0, 2);
        let faster = Coefficients { learning_rate: 0.004, bias_speed: 0.05, balance: 0.1, ..Coefficients::default() };
        run.change(0, faster).unwrap();
        let later = train(&mut run, 0, 5);
        let mut steps = Vec::new();
        let settings = run.branch(0).unwrap().settings_at(7);
        let progress = async |done, total| {
            steps.push((done, total));
            true
        };
        let branch = block_on(run.fork(0, 7, &settings, progress)).unwrap();
        assert_eq!(steps, [(0, 4), (1, 4), (2, 4), (3, 4)]);
        assert_eq!(run.branch(branch).unwrap().info().parent, Some((0, 7)));
        for (ours, theirs) in train(&mut run, branch, 3).iter().zip(&later[2..]) {
            assert_eq!((ours.step, ours.loss, &ours.layers), (theirs.step, theirs.loss, &theirs.layers));
        }
    }
}

#[test]
fn a_branch_may_have_another_method_and_must_keep_the_shape() {
    let mut run = start(&tiny());
    train(&mut run, 0, 4);
    block_on(run.keep(0, false)).unwrap();
    train(&mut run, 0, 2);
    let mut fork = |step, settings: Settings| block_on(run.fork(0, step, &settings, async |_, _| true));
    let other = fork(4, Settings { method: &methods::LOSS_FREE, top_k: 2, ..tiny() }).unwrap();
    let wrong = fork(4, Settings { experts: 8, ..tiny() }).unwrap_err();
    assert_eq!(wrong, LabFault::Settings(SettingsError::MustKeep { name: "experts".to_owned(), step: 4 }));
    assert_eq!(
        fork(40, tiny()).unwrap_err(),
        LabFault::Request(LabRequestFault::NotThatFar { branch: 0, done: 6, step: 40 })
    );
    let other_text = fork(0, Settings { text: TextChoice::Code, ..tiny() }).unwrap_err();
    assert_eq!(other_text, LabFault::Settings(SettingsError::OtherText));
    let wider = fork(0, Settings { experts: 8, width: 32, ..tiny() }).unwrap();
    for branch in [other, wider] {
        assert!(train(&mut run, branch, 2).iter().all(|record| record.loss.is_finite()));
    }
    assert!(block_on(run.fork(9, 0, &tiny(), async |_, _| true)).unwrap_err().to_string().contains("no branch 10"));
    run.drop_branch(0).unwrap();
    run.drop_branch(other).unwrap();
    assert_eq!(run.drop_branch(wider), Err(LabFault::Request(LabRequestFault::LastBranch)));
}

#[test]
fn routing_is_shown_as_it_was() {
    let mut run = start(&tiny());
    let mut traces = vec![block_on(run.evaluate(0)).unwrap().1];
    for _ in 0..3 {
        train(&mut run, 0, 5);
        traces.push(block_on(run.evaluate(0)).unwrap().1);
        block_on(run.keep(0, false)).unwrap();
    }
    for (at, trace) in traces.iter().enumerate() {
        let (step, shown) = block_on(run.look(0, 5 * at as u64 + 1)).unwrap();
        assert_eq!(step, 5 * at as u64);
        assert_eq!(shown.layers, trace.layers);
    }
    // Another sentence was not recorded: it is computed again, by the weights of then.
    run.set_probe("12 + 7 = 19").unwrap();
    let (step, shown) = block_on(run.look(0, 6)).unwrap();
    assert_eq!((step, shown.text.as_str()), (5, "12 + 7 = 19"));
    assert_ne!(shown.layers, block_on(run.look(0, 15)).unwrap().1.layers);
    // Nor is a later step shown where an earlier one can be: the beginning is made again from its seed.
    let mut fresh = start(&tiny());
    fresh.set_probe("12 + 7 = 19").unwrap();
    let (_, untrained) = block_on(fresh.evaluate(0)).unwrap();
    for early in [0, 4] {
        let (step, shown) = block_on(run.look(0, early)).unwrap();
        assert_eq!((step, &shown.layers), (0, &untrained.layers));
    }
    assert_eq!(block_on(run.look(0, 9)).unwrap().0, 5);
    for text in [String::new(), "x".repeat(401)] {
        assert!(run.set_probe(&text).unwrap_err().to_string().contains("1 to 400 characters"));
    }
    let saturation = run.saturation(0).unwrap();
    assert_eq!((saturation.against, saturation.points.len()), (15, 4));
    assert_eq!(saturation.points[3].1, [1.0, 1.0]);
    assert!(saturation.points[0].1.iter().all(|share| *share < 1.0));
    let LabEvent::Recorded { bytes, limit, snapshots, .. } = run.recorded() else { panic!("another event") };
    assert!(bytes > 0 && bytes < limit);
    assert_eq!(snapshots, [(0, vec![5, 10, 15])]);
}

#[test]
fn an_export_opens_in_the_engine_and_resumes_exactly() {
    let text = "The fox runs over the hill and back again. It never stops!\n".repeat(100);
    let own = OwnText { name: "fox.txt".into(), total: text.len() as u64, bytes: text.into_bytes() };
    let settings = Settings { text: TextChoice::Own, method: &methods::LOSS_FREE, top_k: 2, ..tiny() };
    let mut run = start_with(&settings, Some(own)).unwrap();
    train(&mut run, 0, 3);
    run.change(0, Coefficients { learning_rate: 0.003, ..Coefficients::default() }).unwrap();
    train(&mut run, 0, 2);
    let (_, trace) = block_on(run.evaluate(0)).unwrap();
    let (file, _) = block_on(run.export(0, true)).unwrap();
    let files = unpack(&file).unwrap();
    let find = |name: &str| &files.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("{name}")).1[..];
    let checkpoint = Checkpoint {
        name: "lab",
        config: find("config.json"),
        tokenizer: find("tokenizer.json"),
        weights: &[("model.safetensors", find("model.safetensors"))],
    };
    let mut session = Session::open(&checkpoint, OpenDevice::cpu(DeviceReason::CpuChosen)).unwrap();
    let (opened, _) = block_on(session.route(&trace.text)).unwrap();
    assert_eq!(opened.layers, trace.layers);
    let steps = str::from_utf8(find("metrics.csv")).unwrap();
    assert_eq!(steps.lines().count(), 1 + 5 * 2);
    assert!(find("traces/step-000005.json").starts_with(b"{"));
    assert!(!find("card.json").is_empty() && !find("evaluations.csv").is_empty());
    let mut again = block_on(Experiment::import(&file, OpenDevice::cpu(DeviceReason::CpuChosen))).unwrap();
    assert_eq!(again.infos()[0].step, 5);
    // Its curves and the coefficients that it began with come back with it.
    let exported = unpack(&block_on(again.export(0, false)).unwrap().0).unwrap();
    for name in ["metrics.csv", "evaluations.csv", "run.json"] {
        let back = &exported.iter().find(|(own, _)| own == name).unwrap().1;
        let same = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("[0,5]", "[0,0]");
        assert_eq!(same(back), same(find(name)), "{name}");
    }
    assert_eq!(train(&mut run, 0, 4), train(&mut again, 0, 4));
    // It begins at step 5 and cannot be gone back before that.
    let early = block_on(again.fork(0, 3, &again.infos()[0].settings.clone(), async |_, _| true)).unwrap_err();
    assert_eq!(early, LabFault::Request(LabRequestFault::NotKept { branch: 0, step: 3 }));
    let cut =
        block_on(Experiment::import(&file[..file.len() / 2], OpenDevice::cpu(DeviceReason::CpuChosen))).err().unwrap();
    assert_eq!(cut, LabFault::File(RunFileFault::Archive(ArchiveFault::Broken)));
}

/// Two branches of other methods and one that changed its coefficients go on exactly as they would have without the file.
#[test]
fn an_export_brings_every_branch_back_where_it_was() {
    let mut run = start(&tiny());
    train(&mut run, 0, 4);
    block_on(run.keep(0, false)).unwrap();
    let mut fork = |step, settings: Settings| block_on(run.fork(0, step, &settings, async |_, _| true)).unwrap();
    let shared = fork(4, Settings { method: &methods::DEEPSEEK, top_k: 2, ..tiny() });
    let faster = Coefficients { learning_rate: 0.003, ..Coefficients::default() };
    let fast = fork(4, Settings { coefficients: faster, ..tiny() });
    for (branch, steps) in [(0, 2), (shared, 3), (fast, 1)] {
        train(&mut run, branch, steps);
        block_on(run.evaluate(branch)).unwrap();
    }
    run.change(fast, Coefficients { balance: 0.3, ..faster }).unwrap();
    train(&mut run, fast, 2);
    let (file, left_out) = block_on(run.export(shared, false)).unwrap();
    let mut again = block_on(Experiment::import(&file, OpenDevice::cpu(DeviceReason::CpuChosen))).unwrap();
    assert_eq!(left_out, 0);
    let told = |run: &Experiment| {
        let infos = run.infos().into_iter();
        infos.map(|info| (info.id, info.step, info.first, info.changes, info.settings)).collect::<Vec<_>>()
    };
    assert_eq!(told(&again), told(&run));
    let whole = unpack(&block_on(run.export(shared, true)).unwrap().0).unwrap();
    let routed = [("traces/", 7), ("branches/0/traces/", 6), ("branches/2/traces/", 5)];
    for (folder, step) in routed {
        let name = format!("{folder}step-{step:06}.json");
        assert!(whole.iter().any(|(own, _)| *own == name), "{name}");
    }
    // The eldest begins where the file was saved; the others hang on it as before.
    let parents: Vec<_> = again.infos().iter().map(|info| info.parent).collect();
    assert_eq!(parents, [Some((0, 6)), Some((0, 4)), Some((0, 4))]);
    let curves = |run: &Experiment| {
        let files = unpack(&block_on(run.export(shared, false)).unwrap().0).unwrap();
        let of = |name: &str| files.iter().find(|(own, _)| own == name).unwrap().1.clone();
        (of("metrics.csv"), of("evaluations.csv"))
    };
    assert_eq!(curves(&again), curves(&run));
    for branch in [0, shared, fast] {
        assert_eq!(train(&mut run, branch, 3), train(&mut again, branch, 3), "branch {branch}");
    }
    // A branch that is forked anew gets a number of its own.
    let next = block_on(again.fork(fast, 10, &tiny(), async |_, _| true)).unwrap();
    assert_eq!(next, 3);
}

/// Whichever branch an export is of, and however often the run was opened and saved: its link starts the run as it began.
#[test]
fn an_exports_link_starts_the_run_as_it_began() {
    let asked = Settings { against: Some(&methods::HASH_RANDOM), ..tiny() };
    let mut run = start(&asked);
    train(&mut run, 0, 2);
    train(&mut run, 1, 2);
    run.change(1, Coefficients { z: 0.5, ..asked.coefficients }).unwrap();
    block_on(run.keep(0, false)).unwrap();
    let slow = Coefficients { learning_rate: 1e-4, ..Coefficients::default() };
    let fork = Settings { coefficients: slow, ..tiny() };
    let fork = block_on(run.fork(0, 2, &fork, async |_, _| true)).unwrap();
    let saved = |run: &Experiment, id| block_on(run.export(id, false)).unwrap().0;
    let link = |file: &[u8]| {
        let files = unpack(file).unwrap();
        let run = &files.iter().find(|(name, _)| name == "run.json").unwrap().1;
        let run: serde_json::Value = serde_json::from_slice(run).unwrap();
        Settings::from_link(run["link"].as_str().unwrap())
    };
    let began = Settings { vocabulary: run.data().info.vocabulary as usize, ..asked };
    for id in [0, 1, fork] {
        let file = saved(&run, id);
        assert_eq!(link(&file), began, "branch {id}");
        let again = block_on(Experiment::import(&file, OpenDevice::cpu(DeviceReason::CpuChosen))).unwrap();
        assert_eq!(link(&saved(&again, id)), began, "branch {id}, opened and saved again");
    }
}

#[test]
fn shared_experts_come_and_go_with_the_method_of_a_branch() {
    let mut run = start(&tiny());
    train(&mut run, 0, 2);
    let with = Settings { method: &methods::DEEPSEEK, top_k: 2, ..tiny() };
    let with = block_on(run.fork(0, 2, &with, async |_, _| true)).unwrap();
    train(&mut run, with, 2);
    let without = block_on(run.fork(with, 4, &tiny(), async |_, _| true)).unwrap();
    let shared = |run: &Experiment, branch| {
        let blocks = &run.branch(branch).unwrap().head.model.blocks;
        blocks.iter().filter(|block| block.shared.is_some()).count()
    };
    assert_eq!([0, with, without].map(|branch| shared(&run, branch)), [0, 2, 0]);
    assert!(train(&mut run, without, 2).iter().all(|record| record.loss.is_finite()));
}

/// Roller et al. 2021: similar tokens share an expert, or are spread over all; what decides is the text alone.
#[test]
fn clustered_and_dispersed_tables_are_made_from_the_text() {
    let table = |method| {
        let run = start(&Settings { method, ..tiny() }.fitted());
        let moescope::router::Gate::Hash(hash) = run.branch(0).unwrap().head.model.blocks[0].router.clone() else {
            panic!("no hash layer")
        };
        hash.table.unwrap().val().into_data().iter::<f32>().collect::<Vec<f32>>()
    };
    let (clusters, spread) = (table(&methods::HASH_CLUSTERED), table(&methods::HASH_DISPERSED));
    assert_eq!(clusters, table(&methods::HASH_CLUSTERED), "the same text gives the same table");
    for cluster in 0..4 {
        let members = || clusters.iter().zip(&spread).filter(|(own, _)| **own == cluster as f32);
        let on = |expert: usize| members().filter(|(_, own)| **own == expert as f32).count();
        let counts: Vec<usize> = (0..4).map(on).collect();
        assert!(members().count() > 0, "no cluster is empty");
        assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
    }
}

#[test]
fn what_cannot_be_is_refused_before_it_starts() {
    let message = |settings: Settings| start_with(&settings, None).err().unwrap().to_string();
    assert!(message(Settings { experts: 65, ..tiny() }).contains("from 1 to 64, not 65"));
    assert!(message(Settings { top_k: 2, ..tiny() }).contains("chooses 1"));
    assert!(message(Settings { width: 20, ..tiny() }).contains("multiple of 16"));
    assert!(message(Settings { text: TextChoice::Own, ..tiny() }).contains("choose a file"));
    let uneven = Settings { method: &methods::BASE, experts: 7, top_k: 1, batch: 2, len: 32, ..tiny() };
    assert!(message(uneven).contains("do not divide by 7 experts"));
    let rate = Coefficients { learning_rate: f64::NAN, ..Coefficients::default() };
    assert!(message(Settings { coefficients: rate, ..tiny() }).contains("Learning rate"));
    let large = Settings { experts: 64, width: 512, inner: 2048, layers: 8, ..tiny() };
    let refused = message(large);
    assert!(refused.contains("GB") || refused.contains("MB"), "{refused}");
    assert!(refused.contains("parameters") && refused.contains("are the most"), "{refused}");
    let text = |bytes: &[u8]| Some(OwnText { name: "f".into(), bytes: bytes.to_vec(), total: bytes.len() as u64 });
    let own = Settings { text: TextChoice::Own, ..tiny() };
    for (bytes, why) in [(&b""[..], "0 bytes"), (b"a", "1 bytes"), (&[0xfe; 5000], "not UTF-8")] {
        let error = start_with(&own, text(bytes)).err().unwrap();
        assert!(matches!(error, LabFault::Text(TextFault::Own(_))) && error.to_string().contains(why), "{error}");
    }
}

/// A branch is refused where all together would not fit, though each does alone; a file with too many likewise.
#[test]
fn branches_that_do_not_fit_together_are_refused_before_they_begin() {
    let large = Settings { experts: 16, width: 256, inner: 512, layers: 2, ..Settings::default() };
    let mut run = start(&large);
    let error = block_on(run.fork(0, 0, &large, async |_, _| true)).unwrap_err();
    let LabFault::Settings(SettingsError::Memory { of: Needs::Branches(2), .. }) = &error else { panic!("{error}") };
    assert_eq!(run.infos().len(), 1);
    for words in ["the run’s 2 need about", "1,074 MB are the most", "Forget a branch first"] {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(block_on(run.fork(0, 0, &tiny(), async |_, _| true)).is_ok(), "a smaller one fits");
    run.drop_branch(1).unwrap();
    let mut files = unpack(&block_on(run.export(0, false)).unwrap().0).unwrap();
    let (_, text) = files.iter_mut().find(|(name, _)| name == "run.json").unwrap();
    let mut json: serde_json::Value = serde_json::from_slice(text).unwrap();
    let mut another = json["branches"][0].clone();
    another["id"] = 1.into();
    json["branches"].as_array_mut().unwrap().push(another);
    *text = serde_json::to_vec(&json).unwrap();
    files.push(("branches/1/moments.safetensors".to_owned(), Vec::new()));
    let error = block_on(Experiment::import(&pack(&files), OpenDevice::cpu(DeviceReason::CpuChosen))).err().unwrap();
    assert!(matches!(error, LabFault::File(RunFileFault::TooLarge(_))), "{error}");
    for words in ["The 2 branches of the file need about", "Export the run again with fewer"] {
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// What the settings panel says of a single choice: its weight is 1 exactly where the method renormalises.
#[test]
fn the_weight_of_a_single_choice_is_always_the_same_where_the_method_renormalises() {
    for method in methods::trained() {
        let settings = Settings { method, top_k: 1, ..tiny() }.fitted();
        if settings.top_k != 1 || method.is_fixed() || method == &methods::ROUTING_NETWORKS {
            continue;
        }
        let mut run = start(&settings);
        train(&mut run, 0, 2);
        let (_, trace) = block_on(run.evaluate(0)).unwrap();
        let weights = trace.layers[0].weights.as_ref().unwrap().as_slice().to_vec();
        // DeepSeek-V4 multiplies what adds up to 1 by `routed_scaling_factor`.
        let one = if method == &methods::DEEPSEEK_V4 { 1.5 } else { 1.0 };
        let same = weights.iter().all(|weight| (weight - one).abs() < 1e-6);
        assert_eq!(same, method.renormalises(), "{}: {weights:?}", method.id);
    }
}
