//! Sharing: a link to what is on the screen, as far as a link can hold it.

use super::action::Action;
use super::address::Address;
use super::format::count;
use super::models::{self, catalog};
use super::notice::Tone;
use super::packed;
use super::settings::{Screen, Settings};
use super::state::{Source, State};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

/// Copies the link and says so.
pub fn on_share(state: &UseReducerHandle<State>) -> Callback<()> {
    let state = state.clone();
    Callback::from(move |()| {
        let mut address = state.address();
        let train = state.settings.screen == Screen::Train;
        if train {
            // A run hangs on nothing else.
            let settings = Settings { screen: Screen::Train, device: state.settings.device, ..Settings::default() };
            address = Address { run: address.run, settings, ..Address::default() };
        } else {
            address.text = Some((*state.text).clone());
            let live = state.trace.as_ref().filter(|_| state.source == Source::Live);
            address.checkpoint = live.and_then(|trace| trace.model.short_checkpoint()).map(str::to_owned);
        }
        let fragment = address.write();
        let whole = address.text.as_ref().is_some_and(|text| text.is_empty()) || Address::holds_text(&fragment);
        let state = state.clone();
        spawn_local(async move {
            let file = match &state.source {
                Source::File(name) if state.held && !train => Some(name.clone()),
                _ => None,
            };
            let (tone, words) = match copy(&fragment).await {
                Ok(()) if file.is_some() => {
                    (Tone::Info, without_file(&file.unwrap_or_default(), models::name(&state.model), whole))
                }
                Ok(()) if train => (
                    Tone::Info,
                    "The link is on the clipboard. It starts the same run; a text of your own is not in it.".into(),
                ),
                Ok(()) if whole => (
                    Tone::Info,
                    "The link is on the clipboard. It holds the text and the selection; nothing was sent.".into(),
                ),
                Ok(()) => (
                    Tone::Info,
                    format!(
                        "The link is on the clipboard, without the text, which is too long for a link (at most {} letters when it is compressed). Save the trace to share it.",
                        count(packed::MAX)
                    ),
                ),
                Err(_) => (Tone::Fault, not_copied(file.as_deref())),
            };
            state.dispatch(Action::Say(tone, words));
        });
    })
}

/// What a link cannot hold while an opened file is shown.
fn without_file(file: &str, model: &str, whole: bool) -> String {
    let holds = if whole { "the text and the selection" } else { "the selection, but not the text, which is too long" };
    format!(
        "The link is on the clipboard. It cannot hold {file}, only {holds}: whoever opens it sees what {} makes of that, not these numbers. Send the file along, to be opened with Save → Open a file.",
        catalog::title(model)
    )
}

/// What to do where the browser does not let a page copy.
fn not_copied(file: Option<&str>) -> String {
    let lacks = file.map_or_else(String::new, |file| {
        format!(" It cannot hold {file}: send the file along, to be opened with Save → Open a file.")
    });
    format!("The browser did not allow copying. The address bar holds the link: copy it there.{lacks}")
}

async fn copy(fragment: &str) -> Result<(), JsValue> {
    let window = gloo::utils::window();
    let url = web_sys::Url::new(&window.location().href()?)?;
    url.set_hash(fragment);
    let navigator = window.navigator();
    if js_sys::Reflect::get(&navigator, &"clipboard".into())?.is_undefined() {
        return Err("no clipboard".into());
    }
    JsFuture::from(navigator.clipboard().write_text(&url.href())).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_file;

    #[test]
    fn a_link_without_the_opened_file_says_so_and_names_who_routes_in_its_place() {
        let words = without_file("run.json", "switch", true);
        for part in ["cannot hold run.json", "only the text and the selection", "what Switch makes", "Send the file"] {
            assert!(words.contains(part), "{words}");
        }
        assert!(without_file("a.json", "mixtral", false).contains("not the text"));
    }
}
