//! Training as a whole: a run that was stopped and resumed equals one that was not, and the loss falls.

use moescope::train::corpus::Domain;
use moescope::train::optimizer::OptimizerSettings;
use moescope::train::preset::ModelPreset;
use moescope::train::run::{News, Plan, TrainingRun};
use std::cell::Cell;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Two "languages" that count upwards, in steps of one and of three.
fn domains() -> Vec<Domain> {
    let domain = |name: &str, step: u16| {
        let ids = (0..600_u16).map(|n| (n * step) % 50).collect();
        Domain { name: name.to_owned(), ids, bytes: 600 }
    };
    vec![domain("ones", 1), domain("threes", 3)]
}

fn plan(preset: &str, folder: PathBuf, steps: usize) -> Plan {
    Plan {
        preset: ModelPreset::named(preset).unwrap(),
        seed: 3,
        steps,
        batch: 2,
        len: 24,
        optimizer: OptimizerSettings { muon_lr: 0.02, adam_lr: 0.004, weight_decay: 0.05 },
        warmup: 2,
        decay: 0.5,
        coefficients: ModelPreset::named(preset).unwrap().coefficients,
        every: 1000,
        eval_tokens: 48,
        final_tokens: usize::MAX,
        embeddings: None,
        folder,
    }
}

/// Trains for at most `most` steps and gives the losses.
fn train(plan: &Plan, most: usize) -> Vec<f32> {
    let data = domains();
    let mut run = TrainingRun::open(plan, 50, 0, &data).unwrap();
    let (mut losses, done) = (Vec::new(), Cell::new(0));
    let mut news = |news: News<'_>| {
        if let News::Step { loss, .. } = news {
            losses.push(loss);
            done.set(done.get() + 1);
        }
        Ok(())
    };
    run.train(plan, &data, &data, &|| done.get() >= most, &mut news).unwrap();
    losses
}

#[test]
fn a_resumed_run_equals_one_that_was_not_stopped() {
    let (whole, parts) = (plan("mixtral", folder("whole"), 6), plan("mixtral", folder("parts"), 6));
    let losses = train(&whole, 6);
    let resumed = [train(&parts, 2), train(&parts, 1), train(&parts, 9)].concat();
    assert_eq!(losses, resumed);
    for file in ["model.safetensors", "moments.safetensors"] {
        let read = |plan: &Plan| std::fs::read(plan.folder.join(file)).unwrap();
        assert!(read(&whole) == read(&parts), "{file} differs");
    }
}

#[test]
fn the_loss_falls_with_and_without_experts() {
    for preset in ["mixtral", "mixtral-dense"] {
        let losses = train(&plan(preset, folder(&format!("falls-{preset}")), 30), 30);
        let (first, last) = (losses[0], losses[losses.len() - 1]);
        // Untrained, every one of the 50 tokens is about equally likely.
        assert!((first - 50_f32.ln()).abs() < 0.2, "{preset}: {first}");
        assert!(last < first - 0.5, "{preset}: {first} to {last}");
    }
}

#[test]
fn a_folder_with_another_run_is_refused() {
    let plan = plan("mixtral", folder("other"), 2);
    train(&plan, 1);
    let other = Plan { seed: 4, ..plan.clone() };
    let message = TrainingRun::open(&other, 50, 0, &domains()).err().unwrap().to_string();
    assert!(message.ends_with("holds another run: its seed is 3, not 4. Name another folder with --run."), "{message}");
    std::fs::write(plan.folder.join("moments.safetensors"), b"cut").unwrap();
    let message = TrainingRun::open(&plan, 50, 0, &domains()).err().unwrap().to_string();
    assert!(message.contains("moments.safetensors"), "{message}");
}

/// 65,504 is the largest number of 16 bits (IEEE 754); 65,519 is rounded to it, and 65,520 is not.
#[test]
fn what_16_bits_cannot_hold_is_refused_before_anything_is_written() {
    let run = folder("too-large");
    train(&plan("mixtral-small", run.clone(), 1), 1);
    let weights = std::fs::read(run.join("model.safetensors")).unwrap();
    let place = |name: &str| {
        let file = safetensors::SafeTensors::deserialize(&weights).unwrap();
        file.tensor(name).unwrap().data().as_ptr() as usize - weights.as_ptr() as usize
    };
    let at = place("model.norm.weight") + 4 * 5;
    std::fs::copy("assets/models/mixtral/tokenizer.json", run.join("tokenizer.json")).unwrap();
    let out = folder("too-large-out");
    let cases = [(70_000_f32, "70,000", true), (-65_520.0, "-65,520", true), (65_519.0, "65,519", false)];
    for (value, written, refused) in cases {
        let mut changed = weights.clone();
        changed[at..at + 4].copy_from_slice(&value.to_le_bytes());
        std::fs::write(run.join("model.safetensors"), &changed).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_moescope"));
        command.arg("export").arg("--run").arg(&run).arg("--corpus").arg(folder("no-corpus")).arg("--out").arg(&out);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && !out.exists(), "{said}");
        let names = ["model.norm.weight".to_owned(), "place 5".to_owned(), written.to_owned()];
        assert_eq!(names.iter().all(|part| said.contains(part)), refused, "{said}");
    }
}

/// The tokenizer of the folder above is found although the folder of the export is not there yet.
#[test]
fn a_new_folder_shares_the_tokenizer_above_it() {
    let (run, above) = (folder("shared-run"), folder("shared-above"));
    train(&plan("mixtral-small", run.clone(), 1), 1);
    std::fs::copy("assets/models/mixtral/tokenizer.json", run.join("tokenizer.json")).unwrap();
    std::fs::create_dir_all(&above).unwrap();
    std::fs::write(above.join("tokenizer.json"), "another").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_moescope"));
    command.arg("export").arg("--run").arg(&run).arg("--corpus").arg(folder("no-corpus-shared"));
    let output = command.arg("--out").arg(above.join("new")).arg("--shared-tokenizer").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is not the run's tokenizer") && !above.join("new").exists(), "{said}");
}
