//! Sharing: a link to what is on the screen, as far as a link can hold it.

use super::address::Address;
use super::effect::Effect;
use super::models::{self, catalog};
use super::packed;
use super::settings::{PageSettings, Screen};
use super::state::{State, TraceSource};
use crate::messages::files;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The link to what is on the screen, to be copied, with what is said then.
pub fn link(state: &State) -> Effect {
    let address = linked(state);
    let fragment = address.write();
    let whole = address.text.as_ref().is_some_and(|text| text.is_empty()) || Address::holds_text(&fragment);
    let lack = Lack::of(state);
    let done = match &lack {
        Some(lack) => lack.words(whole),
        None if state.settings.screen == Screen::Train => {
            format!("{} {}", files::copied(), files::link_run())
        }
        None if whole => format!("{} {}", files::copied(), files::link_whole()),
        None => files::copied_without_text(packed::MAX),
    };
    Effect::Copy { fragment, done, failed: not_copied(lack.as_ref()) }
}

/// What the link to the screen says.
fn linked(state: &State) -> Address {
    let mut address = state.address();
    if state.settings.screen == Screen::Train {
        // A run hangs on nothing else.
        let settings = PageSettings { screen: Screen::Train, device: state.settings.device, ..PageSettings::default() };
        return Address { run: address.run, settings, ..Address::default() };
    }
    address.text = Some((*state.text).clone());
    (address.checkpoint, address.compared) = (state.checkpoint().map(str::to_owned), Vec::new());
    if state.settings.screen == Screen::Compare {
        // The explorer's model is not on the screen, and need not be there for whoever opens the link.
        (address.checkpoint, address.compared) = (None, state.comparison.checkpoints());
        address.model = address.model.filter(|name| models::lies_somewhere(name));
    }
    address.drawn = state.sampled(models::name(&address.model), address.checkpoint.as_deref());
    address
}

/// What is on the screen and in no link.
struct Lack<'a> {
    /// That it is in no link, in a sentence.
    what: String,
    /// Who routes the text for whoever opens the link.
    other: &'a str,
    /// What to do.
    mend: &'static str,
}

impl<'a> Lack<'a> {
    fn of(state: &'a State) -> Option<Self> {
        if state.settings.screen != Screen::Explore {
            return None;
        }
        let name = models::name(&state.model);
        let other = if models::lies_somewhere(name) { name } else { models::FIRST };
        let (what, mend) = match &state.source {
            TraceSource::File(file) if state.held => (files::link_lacks_file(file), files::send_file()),
            _ if models::opened_here(name) => (files::link_lacks_opened(name), files::send_files()),
            _ if models::trained_here(name) => (files::link_lacks_trained(name), files::send_run()),
            _ => return None,
        };
        Some(Self { what, other, mend })
    }

    /// That the link was copied without it; `whole` says whether the link holds the text.
    fn words(&self, whole: bool) -> String {
        let Self { what, other, mend } = self;
        let other = catalog::title(other);
        let holds = if whole { files::link_holds_text(other) } else { files::link_holds_selection(other) };
        format!("{} {what} {holds} {mend}", files::copied())
    }
}

/// What to do where the browser does not let a page copy.
fn not_copied(lack: Option<&Lack>) -> String {
    let said = files::not_copied();
    lack.map_or_else(|| said.to_owned(), |Lack { what, mend, .. }| format!("{said} {what} {mend}"))
}

/// Puts a link to a fragment of this page on the clipboard.
///
/// # Errors
/// Why the browser does not let it.
pub async fn copy(fragment: &str) -> Result<(), JsValue> {
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

/// Puts a link into the address bar in the place of what stands there, until something else is on the screen.
pub fn show(fragment: &str) {
    let Ok(history) = gloo::utils::window().history() else { return };
    let entry = history.state().unwrap_or(JsValue::NULL);
    // A browser that refuses leaves what is on the screen there.
    drop(history.replace_state_with_url(&entry, "", Some(&format!("#{fragment}"))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::comparison::{Comparison, With};
    use crate::app::continuation::Continuation;
    use crate::app::shared::Shared;
    use crate::error::{EngineFault, FetchFault};
    use crate::trace::{Trace, sample};
    use std::rc::Rc;

    fn trace(name: &str, hash: char) -> Trace {
        let mut trace = sample::trace(6, 2, 4, 2);
        trace.model.name = name.to_owned();
        trace.model.checkpoint = Some(format!("sha256:{}", hash.to_string().repeat(64)));
        trace
    }

    fn live(name: &str) -> State {
        let trace = Some(Shared::new(trace(name, 'a')));
        State { model: models::named(name), trace, source: TraceSource::Live, ..State::default() }
    }

    #[test]
    fn a_link_without_what_is_shown_says_so_and_names_who_routes_in_its_place() {
        let file = State { source: TraceSource::File("run.json".into()), held: true, ..live("switch") };
        let words = Lack::of(&file).map(|lack| lack.words(true)).unwrap();
        for part in ["cannot hold run.json", "only the text and the selection", "what Switch makes", "Send the file"] {
            assert!(words.contains(part), "{words}");
        }
        assert!(Lack::of(&file).unwrap().words(false).contains("not the text"));
        for (name, parts) in [
            ("opened-checkpoint", ["cannot hold opened-checkpoint", "opened from files", "Send those files"]),
            ("loss-free-seed-7-step-439", ["cannot hold loss-free-seed-7-step-439", "trained in this page", "Export"]),
        ] {
            let state = live(name);
            let lack = Lack::of(&state).unwrap();
            for part in parts.into_iter().chain(["what Mixtral makes"]) {
                assert!(lack.words(true).contains(part), "{}", lack.words(true));
            }
            assert!(not_copied(Some(&lack)).contains(parts[0]));
        }
        assert!(Lack::of(&live("switch")).is_none() && Lack::of(&live("mixtral")).is_none());
    }

    #[test]
    fn a_link_claims_nothing_that_another_model_or_checkpoint_wrote() {
        let wrote = |name: &str, hash: char| {
            let sampling = crate::trace::Sampling::default();
            let (model, checkpoint) = (name.to_owned(), Some(hash.to_string().repeat(12)));
            let drawn = Some(Continuation { sampling, model, checkpoint });
            State { text: Rc::new("some text".into()), generated: Some(4), drawn, ..live("opened-mine") }
        };
        let claims = |state: &State| linked(state).drawn.is_some();
        assert!(claims(&wrote("opened-mine", 'a')));
        assert!(!claims(&wrote("opened-mine", 'b')) && !claims(&wrote("mixtral", 'a')));
        let mut compared = wrote("opened-mine", 'a');
        compared.settings.screen = Screen::Compare;
        assert!(!claims(&compared), "its link names no such model");
    }

    #[test]
    fn a_link_names_the_checkpoints_of_the_models_that_are_seen() {
        let mut state = live("opened-mine");
        assert_eq!(linked(&state).checkpoint.as_deref(), Some("aaaaaaaaaaaa"));
        state.settings.screen = Screen::Compare;
        state.comparison = Comparison::with(With::read("switch,gone,base"));
        for (name, hash) in [("base", 'c'), ("switch", 'b')] {
            state.comparison.take(name, trace(name, hash), "{}", None);
        }
        let nowhere = FetchFault::Nowhere { address: "gone/config.json".to_owned() };
        state.comparison.refuse("gone", &EngineFault::Fetch(nowhere));
        let address = linked(&state);
        assert_eq!((address.checkpoint, address.model), (None, None));
        assert_eq!(address.compared, [Some("b".repeat(12)), None, Some("c".repeat(12))]);
    }
}
