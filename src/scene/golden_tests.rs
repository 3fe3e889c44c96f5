//! Pictures as they were last looked at: `tests/golden/*.svg`, to be seen as pictures in a diff.
//!
//! Where a picture changes on purpose, `MOESCOPE_GOLDEN=write cargo test golden` writes them anew; look at each before it is
//! committed. The traces are made up, so that every machine draws the same.

use super::difference::difference;
use super::shape::{Scene, Size};
use super::svg::svg;
use super::theme::Theme;
use super::{ViewState, flow, method};
use crate::trace::{Trace, sample};
use std::fs;
use std::path::{Path, PathBuf};

/// Set to `write` to take the pictures of now.
const WRITE: &str = "MOESCOPE_GOLDEN";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// One element a line, so that a diff says what moved.
fn lines(svg: &str) -> String {
    svg.replace("><", ">\n<") + "\n"
}

/// What is wrong with pictures, each under its name.
fn compare(pictures: Vec<(String, Scene, Theme)>) -> Vec<String> {
    let write = std::env::var(WRITE).is_ok_and(|value| value == "write");
    let mut wrong = Vec::new();
    for (name, scene, theme) in pictures {
        let path = folder().join(format!("{name}.svg"));
        let now = lines(&svg(&scene, theme));
        if write {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&path, &now).unwrap();
        }
        let before = fs::read_to_string(&path).unwrap_or_default();
        if now != before {
            let at = now.lines().zip(before.lines()).position(|(now, before)| now != before);
            let line = at.and_then(|at| now.lines().nth(at)).unwrap_or("the number of elements");
            wrong.push(format!("{name}: {line}"));
        }
    }
    wrong
}

fn size(width: f32, height: f32) -> Size {
    Size { width, height }
}

#[test]
fn golden_flows_are_as_they_were_last_looked_at() {
    let of = |name: &str, trace: Trace, view: ViewState, (width, height), theme| {
        (format!("flow-{name}"), flow::still(&trace, &view, size(width, height)), theme)
    };
    let (wide, phone) = ((1076.0, 620.0), (358.0, 420.0));
    let token = |token| ViewState { token, ..ViewState::default() };
    let mut dropped = sample::trace(12, 2, 8, 1);
    for layer in &mut dropped.layers {
        layer.dropped = crate::trace::Matrix::new(1, (0..12).map(|t| t % 6 == 5).collect());
    }
    let expert = ViewState { token: 7, layer: 1, expert: Some(3), ..ViewState::default() };
    let wrong = compare(vec![
        of("light", sample::trace(10, 3, 8, 2), token(6), wide, Theme::Light),
        of("dark", sample::trace(10, 3, 8, 2), token(6), wide, Theme::Dark),
        of("phone", sample::trace(10, 3, 8, 2), token(6), phone, Theme::Light),
        of("one-expert-selected", sample::trace(10, 2, 8, 2), expert, wide, Theme::Light),
        of("long", sample::trace(200, 2, 4, 1), token(100), wide, Theme::Light),
        of("16-layers-64-experts", sample::trace(3, 16, 64, 2), token(1), wide, Theme::Light),
        of("dropped", dropped, token(5), wide, Theme::Light),
        of("one-token", sample::trace(1, 2, 4, 2), token(0), wide, Theme::Light),
    ]);
    assert_eq!(wrong, Vec::<String>::new(), "write them anew with {WRITE}=write, and look at them");
}

#[test]
fn golden_methods_are_as_they_were_last_looked_at() {
    use method::samples::{base, deepseek_v4, expert_choice, gshard, hash, shazeer, switch};
    let named = |router: &str, top_k| {
        let mut trace = sample::trace(12, 1, 8, top_k);
        trace.model.router = router.to_owned();
        trace
    };
    let of = |(name, trace): (&str, Trace)| {
        let view = ViewState { token: 1, ..ViewState::default() };
        let picture = method::picture(&trace, &view, 760.0, &[]).unwrap_or_else(|| panic!("{name} has no picture"));
        (format!("method-{name}"), picture.scene, Theme::Light)
    };
    let traces = [
        ("mixtral", named("mixtral", 2)),
        ("jacobs", named("jacobs", 8)),
        ("shazeer", shazeer()),
        ("gshard", gshard()),
        ("switch", switch()),
        ("base", base()),
        ("hash", hash("random")),
        ("expert-choice", expert_choice()),
        ("deepseek-v4-hash", deepseek_v4(true)),
        ("deepseek-v4", deepseek_v4(false)),
    ];
    let wrong = compare(traces.into_iter().map(of).collect());
    assert_eq!(wrong, Vec::<String>::new(), "write them anew with {WRITE}=write, and look at them");
}

#[test]
fn golden_differences_are_as_they_were_last_looked_at() {
    let (one, two) = (sample::trace(18, 2, 8, 2), sample::trace(18, 2, 4, 1));
    let models: [(&str, &Trace); 2] = [("A Mixtral", &one), ("C Switch", &two)];
    let of = |width| (format!("difference-{width}"), difference(&models, 0, 5, width as f32).scene, Theme::Light);
    let wrong = compare(vec![of(900), of(358)]);
    assert_eq!(wrong, Vec::<String>::new(), "write them anew with {WRITE}=write, and look at them");
}
