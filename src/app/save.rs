//! The save menu, which also leads to opening what was saved ([`super::opening`]).

use super::download;
use super::effects::listed;
use super::menu::Menu;
use super::notice::Tone;
use super::picture;
use crate::scene::{ViewState, theme::Theme};
use crate::trace::{SavedView, Trace, to_csv, to_json_with};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// What [`SaveMenu`] saves.
#[derive(Clone, Properties)]
pub struct SaveProps {
    /// The trace; compared by address.
    pub trace: Option<Rc<Trace>>,
    /// Selection.
    pub view: ViewState,
    /// Where the generated part begins, in bytes.
    pub generated: Option<usize>,
    /// Theme, for the picture.
    pub theme: Theme,
    /// Says what went wrong.
    pub on_say: Callback<(Tone, String)>,
    /// Called with files to open.
    pub on_files: Callback<Vec<File>>,
}

impl PartialEq for SaveProps {
    fn eq(&self, other: &Self) -> bool {
        self.trace.as_ref().map(Rc::as_ptr) == other.trace.as_ref().map(Rc::as_ptr)
            && (self.view, self.generated) == (other.view, other.generated)
            && self.theme == other.theme
    }
}

/// What can be saved.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Json,
    Csv,
    Text,
    Svg,
    Png,
}

/// The menu.
#[component]
pub fn SaveMenu(props: &SaveProps) -> Html {
    let item = |form: Form, name: &'static str, what: &'static str, testid: &'static str| {
        let props = props.clone();
        html! {
            <button type="button" class="menu-item" data-testid={testid} disabled={props.trace.is_none()} onclick={move |_| save(&props, form)}>
                { name }<small>{ what }</small></button>
        }
    };
    html! {
        <Menu testid="save" class="quiet" label={html! { "Save" }}>
            { item(Form::Json, "Trace", "JSON, opens here again", "save-json") }
            { item(Form::Csv, "Table", "CSV, one line a choice", "save-csv") }
            { item(Form::Svg, "Picture", "SVG, sharp at any size", "save-svg") }
            { item(Form::Png, "Picture", "PNG", "save-png") }
            { item(Form::Text, "Text", "plain", "save-text") }
            <label class="menu-item menu-open">{ "Open a file…" }<small>{ "a trace, a text, a saved run or a checkpoint’s files; or drop them on the page" }</small>
                <input type="file" multiple={true} data-testid="open" onchange={picked(&props.on_files)} /></label>
        </Menu>
    }
}

/// What to do when a file control got files.
pub fn picked(on_files: &Callback<Vec<File>>) -> Callback<Event> {
    let on_files = on_files.clone();
    Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        let files = listed(input.files());
        if !files.is_empty() {
            on_files.emit(files);
        }
        input.set_value("");
    })
}

fn save(props: &SaveProps, form: Form) {
    let Some(trace) = props.trace.clone() else { return };
    let (on_say, view, theme) = (props.on_say.clone(), props.view, props.theme);
    let saved = SavedView { layer: view.layer, token: view.token, expert: view.expert, generated: props.generated };
    spawn_local(async move {
        let done = match form {
            Form::Json => to_json_with(&trace, &saved)
                .map_err(|e| e.to_string())
                .and_then(|json| download::save("moescope-trace.json", "application/json", &json)),
            Form::Csv => download::save("moescope-trace.csv", "text/csv", &to_csv(&trace)),
            Form::Text => download::save("moescope-text.txt", "text/plain", &trace.text),
            Form::Svg | Form::Png => {
                let picture = picture::picture(&trace, &view, theme).await;
                if let Some(why) = &picture.without {
                    let words = format!(
                        "The picture is saved without the page’s fonts, and will look as its reader’s fonts do: {why}."
                    );
                    on_say.emit((Tone::Info, words));
                }
                match form {
                    Form::Svg => download::save("moescope-flow.svg", "image/svg+xml", &picture.svg),
                    _ => picture::save_png("moescope-flow.png", &picture).await,
                }
            }
        };
        if let Err(why) = done {
            on_say.emit((Tone::Fault, format!("The file could not be saved: {why}.")));
        }
    });
}
