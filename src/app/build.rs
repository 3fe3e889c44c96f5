//! Which build of the page this is, as `cargo xtask` wrote it into the page's files and `www/start.js` found it.

use crate::trace::Trace;
use js_sys::Reflect;

/// What stands behind the addresses of this build's files: `?b=…`; nothing where no build is named.
pub fn query() -> String {
    let named = Reflect::get(&gloo::utils::window(), &"moescopeBuild".into()).ok();
    named.and_then(|named| named.as_string()).unwrap_or_default()
}

/// Adds the build to what a trace says of the program that made it.
pub fn sign(trace: &mut Trace) {
    if let (Some(program), Some(build)) = (&mut trace.build, query().strip_prefix("?b=")) {
        program.push('+');
        program.push_str(build);
    }
}
