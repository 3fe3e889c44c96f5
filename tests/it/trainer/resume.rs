//! `moescope train --preset NAME --run FOLDER`: a run that was stopped goes on as if it had not been.

use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A small run, told of every four steps.
const SMALL: [&str; 19] = [
    "train",
    "--preset",
    "hash",
    "--every",
    "4",
    "--json",
    "--set",
    "width=16",
    "--set",
    "inner=16",
    "--set",
    "batch=2",
    "--set",
    "len=32",
    "--set",
    "experts=4",
    "--set",
    "capacity=4",
    "--seed",
];

fn command(seed: &str, steps: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moescope"));
    command.args(SMALL).args([seed, "--steps", steps, "--run"]).arg(folder);
    command
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lab-resume").join(name);
    let _ = std::fs::remove_dir_all(&folder); // There is none the first time.
    folder
}

/// What was told, without times.
fn lines(bytes: &[u8]) -> Vec<Value> {
    let read = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        for name in ["seconds", "steps_per_second"] {
            line.as_object_mut().unwrap().remove(name).unwrap();
        }
        line
    };
    String::from_utf8_lossy(bytes).lines().map(read).collect()
}

/// `metrics.csv` without the column of times.
fn curve(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("metrics.csv")).unwrap();
    let timeless = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        [&cells[..3], &cells[4..]].concat().join(",")
    };
    text.lines().map(timeless).collect()
}

fn done(output: Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    lines(&output.stdout)
}

#[test]
fn a_preset_goes_on_exactly_where_its_folder_ends() {
    let (whole, parts) = (folder("whole"), folder("parts"));
    let uninterrupted = done(command("3", "14", &whole).output().unwrap());
    let mut told = done(command("3", "6", &parts).output().unwrap());
    // An end that is no multiple of `--every` is told of too.
    assert_eq!(told.split_off(2).len(), 2);
    told.extend(done(command("3", "14", &parts).output().unwrap()));
    assert_eq!(told, uninterrupted);
    assert_eq!(curve(&parts), curve(&whole));
    let weights = |folder: &Path, name: &str| std::fs::read(folder.join(name)).unwrap();
    for name in ["model.safetensors", "moments.safetensors", "branches/1/model.safetensors"] {
        assert!(weights(&parts, name) == weights(&whole, name), "{name}");
    }
    assert_eq!(done(command("3", "14", &parts).output().unwrap()), Vec::<Value>::new(), "all is done");

    let refused = command("4", "20", &parts).args(["--set", "lr=0.01"]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    for words in ["seed: 3 there, 4 here", "lr: 0.0015 there, 0.01 here", "another folder with --run"] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(curve(&parts), curve(&whole), "and nothing was touched");
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_the_run_goes_on_as_if_nothing_had_happened() {
    let (whole, parts) = (folder("not-stopped"), folder("stopped"));
    let mut running = command("1", "100000", &parts).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(running.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..6 {
        out.read_line(&mut line).unwrap();
    }
    Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    std::io::copy(&mut out, &mut std::io::sink()).unwrap();
    let output = running.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("Stopped and saved after step"), "{said}");
    let stopped: u64 = curve(&parts).last().unwrap().split(',').nth(1).unwrap().parse().unwrap();
    assert!((12..100_000).contains(&stopped), "{stopped}");
    let to = (stopped + 9).to_string();
    done(command("1", &to, &parts).output().unwrap());
    done(command("1", &to, &whole).output().unwrap());
    assert_eq!(curve(&parts), curve(&whole));
}
