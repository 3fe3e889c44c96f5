//! What shuts people out, as axe-core finds it: WCAG 2.0 to 2.2 at levels A and AA, target sizes included, and what it calls
//! best practice.

use crate::{Page, Result};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The script; one test fetches it, the others wait.
fn script() -> Result<&'static str> {
    static SCRIPT: OnceLock<Result<String>> = OnceLock::new();
    let read = || {
        let path = xtask::axe::ensure()?;
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    SCRIPT.get_or_init(read).as_deref().map_err(Clone::clone)
}

/// Each element of the page as it is now that breaks a rule: the rule, the element, and what would mend it.
///
/// # Errors
/// If axe-core cannot be had, or does not run in the page.
pub fn violations(page: &Page) -> Result<Vec<String>> {
    if page.script("return window.axe === undefined", &[])? == Value::Bool(true) {
        page.script(script()?, &[])?;
    }
    let found = page.script(
        "return axe.run(document, {
           runOnly: { type: 'tag', values: arguments[0] }, rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'],
         }).then(({ violations }) => violations.flatMap((rule) => rule.nodes.map((node) =>
           `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`)))",
        &[json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])],
    )?;
    let found = found.as_array().ok_or("axe-core found neither something nor nothing")?;
    Ok(found.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
