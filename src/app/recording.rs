//! The bundled recording: a real trace of the shipped model that plays while the engine is still on its way.

use super::download::fetch_text;
use crate::trace::{Trace, from_json};

/// Where it lies, beside the page.
const ADDRESS: &str = "assets/traces/first.json";

/// Fetches it.
///
/// # Errors
/// What was wrong, and where.
pub async fn fetch() -> Result<Trace, String> {
    let not = |why: String| format!("The bundled recording could not be read ({}).", why.trim_end_matches('.'));
    let json = fetch_text(ADDRESS).await.map_err(not)?;
    let trace = from_json(&json).map_err(|error| not(error.to_string()))?;
    trace.check().map_err(|error| not(error.to_string()))?;
    Ok(trace)
}
