//! The bundled recording: a real trace of the shipped model that plays while the engine is still on its way.

use super::download::fetch_text;
use crate::messages::app;
use crate::trace::{Trace, TraceError, from_json};

/// Where it lies, beside the page.
const ADDRESS: &str = "assets/traces/first.json";

/// Fetches it.
///
/// # Errors
/// What was wrong, and where, in a sentence or two.
pub async fn fetch() -> Result<Trace, String> {
    let json = fetch_text(ADDRESS).await.map_err(|fault| format!("{} {fault}", app::recording_unread()))?;
    let checked = || -> Result<Trace, TraceError> {
        let trace = from_json(&json)?;
        trace.check()?;
        Ok(trace)
    };
    checked().map_err(app::recording_no_trace)
}
