//! Where the models lie.

/// The shipped checkpoint's address, as the page's head names it.
pub fn first_model() -> String {
    let document = gloo::utils::document();
    let named = document
        .query_selector("meta[name=\"moescope-model\"]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    let relative = named.unwrap_or_default();
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(&relative, &base).map(|url| url.href()).unwrap_or(relative)
}

/// The address of a checkpoint beside the shipped one.
pub fn sibling(name: &str) -> String {
    let first = first_model();
    web_sys::Url::new_with_base(&format!("../{name}/"), &first).map(|url| url.href()).unwrap_or(first)
}
