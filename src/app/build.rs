//! Which build of the page this is, as `cargo xtask` wrote it into the page's files and `www/start.js` found it.

use crate::trace::Trace;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What stands behind the addresses of this build's files: `?b=…`; nothing where no build is named.
pub fn query() -> String {
    let named = Reflect::get(&gloo::utils::window(), &"moescopeBuild".into()).ok();
    named.and_then(|named| named.as_string()).unwrap_or_default()
}

/// Why a worker's script cannot run, as far as the server's answer tells: in the words of `www/watch.js`, or nothing.
pub async fn why_not_loaded(script: &str) -> String {
    let why = || -> Result<Promise, JsValue> {
        let why: Function = Reflect::get(&gloo::utils::window(), &"moescopeWhy".into())?.dyn_into()?;
        why.call1(&JsValue::NULL, &script.into())?.dyn_into()
    };
    let Ok(promise) = why() else { return String::new() }; // www/start.js is of another version.
    JsFuture::from(promise).await.ok().and_then(|why| why.as_string()).unwrap_or_default()
}

/// Adds the build to what a trace says of the program that made it.
pub fn sign(trace: &mut Trace) {
    if let (Some(program), Some(build)) = (&mut trace.build, query().strip_prefix("?b=")) {
        program.push('+');
        program.push_str(build);
    }
}
