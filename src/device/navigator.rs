//! What the browser tells of its GPU, by reflection: web-sys has these interfaces only as unstable ones.

use js_sys::Reflect;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

/// `navigator.gpu`, if there is one.
pub(super) fn webgpu() -> Option<JsValue> {
    let navigator = js_sys::global().unchecked_into::<DedicatedWorkerGlobalScope>().navigator();
    Reflect::get(&navigator, &"gpu".into()).ok().filter(JsValue::is_object)
}

/// The GPU's maker and family, as far as the browser tells.
pub(super) async fn gpu_family() -> Option<String> {
    let gpu = webgpu()?;
    let request: js_sys::Function = Reflect::get(&gpu, &"requestAdapter".into()).ok()?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).ok()?;
    let adapter: js_sys::Promise = request.call1(&gpu, &options).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(adapter).await.ok()?;
    let info = Reflect::get(&adapter, &"info".into()).ok()?;
    let field = |name: &str| Reflect::get(&info, &name.into()).ok()?.as_string().filter(|text| !text.is_empty());
    let parts: Vec<String> = ["vendor", "architecture"].into_iter().filter_map(field).collect();
    Some(parts.join(" "))
}
