//! The page end to end, as a visitor has it: `cargo xtask test --browser`.
//!
//! Nothing here knows how the page is made. It is used through its controls, read through what it shows, and checked
//! against the trace that it exports.

mod access;
mod compare;
mod drops;
mod faults;
mod files;
mod generation;
mod gpu;
mod kept;
mod lab;
mod lab_keys;
mod layout;
mod models;
mod offline;
mod screens;
mod starting;
mod texts;
mod tour;
mod translator;
mod underlines;
mod versions;
mod visit;

use moescope::trace::Trace;

/// A test fails with words.
type Done = browser_tests::Result<()>;

/// A short text of several scripts, as a fragment of the address.
const SHORT: &str = "text=The%20router%20sends%20every%20token%20to%20two%20experts%3A%20%E3%83%AB%E3%83%BC%E3%82%BF";

/// Fails unless two traces route the same tokens alike: logits as close as wanted, and choices the same away from ties.
///
/// What is left is rounding: a text that grows is computed with what is known of its beginning.
fn expect_same_routing(one: &Trace, other: &Trace, close: f32) -> Done {
    if one.tokens != other.tokens || one.layers.len() != other.layers.len() {
        return Err("tokens or layers differ".to_owned());
    }
    for (layer, (a, b)) in one.layers.iter().zip(&other.layers).enumerate() {
        let (Some(ours), Some(theirs)) = (&a.logits, &b.logits) else {
            return Err("logits are not recorded".to_owned());
        };
        let pairs = ours.as_slice().iter().zip(theirs.as_slice());
        let apart = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        if apart > close {
            return Err(format!("layer {}: logits differ by {apart}", layer + 1));
        }
        for token in 0..one.len() {
            let mut logits = a.logits(token).unwrap_or_default().to_vec();
            logits.sort_by(|a, b| b.total_cmp(a));
            // Two logits this close may change places.
            let tied = logits.windows(2).take(one.model.top_k).any(|pair| pair[0] - pair[1] <= 2.0 * close);
            if !tied && a.experts.row(token) != b.experts.row(token) {
                return Err(format!("layer {}, token {}: other experts", layer + 1, token + 1));
            }
        }
    }
    Ok(())
}

/// Fails unless the page has kept the console clean.
fn expect_clean_console(page: &browser_tests::Page, expected: &[&str]) -> Done {
    let errors = page.console_errors(expected)?;
    if errors.is_empty() { Ok(()) } else { Err(format!("the console has errors: {errors:#?}")) }
}
