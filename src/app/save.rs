//! The save menu: what is seen is what it saves, under a name that says what that is. It also leads to opening what was
//! saved (`opening`).

use super::action::Action;
use super::browser::listed;
use super::context::{Dispatch, use_dispatch, use_page};
use super::download;
use super::menu::Menu;
use super::notice::Tone;
use super::picture;
use super::settings::{Look, Screen};
use super::shared::Shared;
use super::state::State;
use crate::messages::files;
use crate::scene::theme::Theme;
use crate::trace::{SavedView, Trace, to_csv, to_json_with};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// Longest part of a file's name.
const MAX_PART: usize = 60;

/// What [`SaveMenu`] needs besides the state, of which it saves what is seen.
#[derive(Clone, PartialEq, Properties)]
pub struct SaveProps {
    /// Theme, for pictures.
    pub theme: Theme,
}

/// What can be saved.
#[derive(Clone)]
enum What {
    /// A trace as JSON.
    Trace(Shared<Trace>),
    /// Its choices as a table.
    Choices(Shared<Trace>),
    /// Its flow, as pixels or not.
    Flow(Shared<Trace>, bool),
    /// The text.
    Text,
    /// The compared models' flows.
    #[cfg(feature = "studio")]
    Flows(bool),
    /// The pictures in a part of the page.
    #[cfg(feature = "studio")]
    Pictures(Part, bool),
    /// The tables in a part of the page.
    #[cfg(feature = "studio")]
    Tables(Part),
}

/// A part of the page that shows pictures or tables.
#[cfg(feature = "studio")]
#[derive(Clone, Copy)]
struct Part {
    name: fn() -> &'static str,
    file: &'static str,
    selector: &'static str,
}

#[cfg(feature = "studio")]
const fn part(name: fn() -> &'static str, file: &'static str, selector: &'static str) -> Part {
    Part { name, file, selector }
}

#[cfg(feature = "studio")]
const METHOD: Part = part(files::part_method, "method", "[data-testid=method] .method-picture");
/// What the compare screen draws, or shows as tables.
#[cfg(feature = "studio")]
const DRAWN: [Part; 3] = [
    part(files::part_differences, "differences", "[data-testid=difference]"),
    part(files::part_blocks, "blocks", "[data-testid=figure]"),
    part(files::part_curves, CURVES, "[data-testid=curves] .part-body"),
];
#[cfg(feature = "studio")]
const TABLES: [Part; 2] = [
    part(files::part_numbers, "numbers", "[data-testid=numbers]"),
    part(files::part_results, "results", "[data-testid=results]"),
];
/// The compared models' flows.
#[cfg(feature = "studio")]
const FLOWS: Part = part(files::part_flows, "flows", "[data-testid=compare-flows]");
/// The file of the curves, which are of the training and not of a text.
#[cfg(feature = "studio")]
const CURVES: &str = "curves";

/// An entry of the menu: its name, its form, its name for tests, what it saves.
type Item = (String, &'static str, String, What);

fn items(state: &State) -> Vec<Item> {
    let item = |name: &str, form, testid: &str, what| (name.to_owned(), form, testid.to_owned(), what);
    #[cfg(feature = "studio")]
    if state.settings.screen == Screen::Compare {
        return compared(state);
    }
    let mut items = Vec::new();
    if let Some(trace) = &state.trace {
        let of = || trace.clone();
        items.push(item(files::save_trace(), files::save_json(), "save-json", What::Trace(of())));
        items.push(item(files::save_choices(), files::save_choices_form(), "save-csv", What::Choices(of())));
        match state.settings.look {
            Look::Flow => {
                items.push(item(files::save_picture(), files::save_sharp(), "save-svg", What::Flow(of(), false)));
                items.push(item(files::save_picture(), "PNG", "save-png", What::Flow(of(), true)));
            }
            Look::Table => {}
            #[cfg(feature = "studio")]
            Look::Method => {
                let picture = |png| What::Pictures(METHOD, png);
                items.push(item(files::save_picture(), files::save_sharp(), "save-svg", picture(false)));
                items.push(item(files::save_picture(), "PNG", "save-png", picture(true)));
                items.push(item(files::save_numbers(), "CSV", "save-table", What::Tables(METHOD)));
            }
            #[cfg(not(feature = "studio"))]
            Look::Method => {}
        }
    }
    items.push(item(files::save_text(), files::save_plain(), "save-text", What::Text));
    items
}

/// What the compare screen shows.
#[cfg(feature = "studio")]
fn compared(state: &State) -> Vec<Item> {
    let drawn = state.settings.look != Look::Table;
    let mut items: Vec<Item> = Vec::new();
    if drawn {
        items.push(((FLOWS.name)().into(), "SVG", "save-flows-svg".into(), What::Flows(false)));
        items.push(((FLOWS.name)().into(), "PNG", "save-flows-png".into(), What::Flows(true)));
    }
    for part in DRAWN {
        let testid = |form: &str| format!("save-{}-{form}", part.file);
        let name = (part.name)().to_owned();
        if drawn {
            items.push((name.clone(), "SVG", testid("svg"), What::Pictures(part, false)));
            items.push((name, "PNG", testid("png"), What::Pictures(part, true)));
        } else {
            items.push((name, "CSV", testid("csv"), What::Tables(part)));
        }
    }
    let table = |part: Part| ((part.name)().into(), "CSV", format!("save-{}-csv", part.file), What::Tables(part));
    items.extend(TABLES.into_iter().map(table));
    for one in state.comparison.routed() {
        let (name, testid) = (super::models::catalog::title(&one.name), format!("save-trace-{}", one.name));
        items.push((files::save_trace_of(name), files::save_json(), testid, What::Trace(one.trace.clone())));
    }
    items.push((files::save_text().into(), files::save_plain(), "save-text".into(), What::Text));
    items
}

/// The menu.
#[component]
pub fn SaveMenu(props: &SaveProps) -> Html {
    let (state, dispatch, theme) = (use_page(), use_dispatch(), props.theme);
    let item = |(name, form, testid, what): Item| {
        let (state, dispatch) = (state.clone(), dispatch.clone());
        html! {
            <button type="button" class="menu-item" data-testid={testid}
                onclick={move |_| save(&state, &dispatch, theme, &what)}>{ name }<small>{ form }</small></button>
        }
    };
    html! {
        <Menu testid="save" class="quiet" label={html! { files::save() }}>
            { for items(&state).into_iter().map(item) }
            <label class="menu-item menu-open">{ files::open_file() }<small>{ files::open_what() }</small>
                <input type="file" multiple={true} data-testid="open" onchange={picked(&dispatch.reform(Action::Files))} /></label>
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

/// The name of a file with something of that kind, in letters that every system takes.
pub fn file_name<'a>(parts: impl IntoIterator<Item = &'a str>, ending: &str) -> String {
    let mut name = "moescope".to_owned();
    for part in parts {
        let letter = |c: char| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { '-' };
        let part: String = part.chars().take(MAX_PART).map(letter).collect();
        for word in part.split('-').filter(|word| !word.is_empty()) {
            name.push('-');
            name.push_str(word);
        }
    }
    format!("{name}.{ending}")
}

/// The name of a file of what the state shows.
#[cfg_attr(not(feature = "studio"), allow(unused_variables, reason = "the light page saves only what is the model’s"))]
fn named(state: &State, what: &What) -> String {
    let pixels = |png: bool| if png { "png" } else { "svg" };
    match what {
        What::Trace(trace) => file_name([trace.model.name.as_str(), "trace"], "json"),
        What::Choices(trace) => file_name([trace.model.name.as_str(), "choices"], "csv"),
        What::Flow(trace, png) => file_name([trace.model.name.as_str(), "flow"], pixels(*png)),
        What::Text => file_name(["text"], "txt"),
        #[cfg(feature = "studio")]
        What::Flows(png) => file_name(subject(state).iter().map(String::as_str).chain(["flows"]), pixels(*png)),
        #[cfg(feature = "studio")]
        What::Pictures(part, png) => {
            file_name(subject(state).iter().map(String::as_str).chain([part.file]), pixels(*png))
        }
        #[cfg(feature = "studio")]
        What::Tables(part) => file_name(subject(state).iter().map(String::as_str).chain([part.file]), "csv"),
    }
}

/// What the pictures of the screen are of: the compared models, or the model and the layer whose method is shown.
#[cfg(feature = "studio")]
fn subject(state: &State) -> Vec<String> {
    match (state.settings.screen, &state.trace) {
        (Screen::Compare, _) => state.comparison.with.names().to_vec(),
        (_, Some(trace)) => vec![trace.model.name.clone(), format!("layer-{}", state.view.layer + 1)],
        _ => Vec::new(),
    }
}

fn save(state: &Shared<State>, dispatch: &Dispatch, theme: Theme, what: &What) {
    let (state, what) = (state.clone(), what.clone());
    let on_say = dispatch.reform(|(tone, text): (Tone, String)| Action::Say(tone, text));
    spawn_local(async move {
        let (state, on_say) = (&state, &on_say);
        let name = named(state, &what);
        let done = match &what {
            What::Trace(trace) => {
                let (view, generated) = (state.view, state.generated.filter(|&at| trace.text.is_char_boundary(at)));
                let saved = SavedView { layer: view.layer, token: view.token, expert: view.expert, generated };
                let json = to_json_with(trace, &saved).map_err(files::not_saved_because);
                json.and_then(|json| saved_as(&name, "application/json", &json))
            }
            What::Choices(trace) => saved_as(&name, "text/csv", &to_csv(trace)),
            What::Text => saved_as(&name, "text/plain", &state.text),
            What::Flow(trace, _) => {
                picture::save(&name, &picture::flow(trace, &state.view, &picture::model(trace), theme).await, on_say)
                    .await;
                Ok(())
            }
            #[cfg(feature = "studio")]
            What::Tables(part) => match super::seen::tables(part.selector) {
                Some(table) => saved_as(&name, "text/csv", &table),
                None => Err(files::no_table((part.name)())),
            },
            #[cfg(feature = "studio")]
            What::Pictures(part, _) => match super::seen::pictures(part.selector) {
                Some(seen) => {
                    let frame = frame(state, *part);
                    let framed = picture::framed(&frame, &seen.inner, &seen.captions, seen.size, theme).await;
                    picture::save(&name, &framed, on_say).await;
                    Ok(())
                }
                None => Err(files::no_picture((part.name)())),
            },
            #[cfg(feature = "studio")]
            What::Flows(_) if state.comparison.routed().is_empty() => Err(files::nothing_routed().to_owned()),
            #[cfg(feature = "studio")]
            What::Flows(_) => {
                picture::save(&name, &flows(state, theme).await, on_say).await;
                Ok(())
            }
        };
        if let Err(why) = done {
            on_say.emit((Tone::Fault, why));
        }
    });
}

/// Hands a file to the browser to save, or says that it refuses.
fn saved_as(name: &str, mime: &str, content: &str) -> Result<(), String> {
    download::save(name, mime, content).map_err(files::not_saved_because)
}

/// What stands around pictures of a part of the page.
#[cfg(feature = "studio")]
fn frame(state: &State, part: Part) -> crate::scene::frame::Frame {
    use super::models::catalog::title;
    let (layer, token) = (state.view.layer, state.view.token);
    let compares = state.settings.screen == Screen::Compare;
    let routed = state.comparison.routed();
    let trace = if compares { routed.first().map(|one| &one.trace) } else { state.trace.as_ref() };
    let (text, about) = match part.file {
        CURVES => (String::new(), String::new()),
        _ => (
            trace.map_or_else(|| (*state.text).clone(), |trace| trace.text.clone()),
            trace.map(|trace| crate::scene::words::of_token(trace, layer, token)).unwrap_or_default(),
        ),
    };
    let models = match state.settings.screen {
        Screen::Compare => {
            let names: Vec<&str> = state.comparison.with.names().iter().map(|name| title(name)).collect();
            names.join(", ")
        }
        _ => trace.map(|trace| picture::model(trace)).unwrap_or_default(),
    };
    let name = (part.name)();
    let title = match part.file == CURVES || part.file == FLOWS.file {
        true => format!("{models} · {name}"),
        false => format!("{models} · {}", files::part_in_layer(name, layer + 1)),
    };
    crate::scene::frame::Frame {
        title,
        text,
        about,
        made: trace
            .and_then(|trace| Some(files::routed_on(&trace.device.as_ref()?.device)))
            .filter(|_| part.file != CURVES),
    }
}

/// The compared models' flows below one another, as on the screen.
#[cfg(feature = "studio")]
async fn flows(state: &State, theme: Theme) -> picture::SavedPicture {
    use crate::scene::{flow::still, frame::Caption, shape::Size, shape::point, svg};
    const EACH: Size = Size { width: 1384.0, height: 420.0 };
    /// Room for a flow's caption, and between two flows.
    const BETWEEN: (f32, f32) = (24.0, 22.0);
    let (mut inner, mut captions, mut y) = (String::new(), Vec::new(), 0.0);
    let view = crate::scene::ViewState { expert: None, ..state.view };
    for one in state.comparison.routed() {
        captions.push(Caption { at: point(0.0, y), width: EACH.width, words: picture::model(&one.trace) });
        let scene = still(&one.trace, &view, EACH);
        inner.push_str(&svg::placed(&scene, point(0.0, y + BETWEEN.0), 0.0, picture::lasting(theme)));
        y += BETWEEN.0 + scene.size.height + BETWEEN.1;
    }
    let size = Size { width: EACH.width, height: (y - BETWEEN.1).max(0.0) };
    picture::framed(&frame(state, FLOWS), &inner, &captions, size, theme).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::comparison::With;
    use crate::trace::sample;

    #[test]
    fn a_files_name_says_what_is_in_it_and_every_system_takes_it() {
        assert_eq!(file_name(["mixtral", "flow"], "svg"), "moescope-mixtral-flow.svg");
        assert_eq!(file_name(["../../etc/passwd", "trace"], "json"), "moescope-etc-passwd-trace.json");
        assert_eq!(file_name(["a\u{0}b\n:*?\"<>|", "日本 Ä"], "csv"), "moescope-a-b-日本-ä.csv");
        assert_eq!(file_name(["", "--", "text"], "txt"), "moescope-text.txt");
        assert!(file_name(["x".repeat(9_999).as_str(), "flow"], "svg").len() < 100);
    }

    /// Names of the files that a screen offers.
    fn offered(state: &State) -> Vec<String> {
        items(state).iter().map(|(.., what)| named(state, what)).collect()
    }

    #[test]
    fn what_is_seen_is_what_can_be_saved() {
        let mut state = State { trace: Some(Shared::new(sample::trace(6, 2, 4, 2))), ..State::default() };
        let model = state.trace.as_ref().unwrap().model.name.clone();
        let flow = format!("moescope-{model}-flow.svg");
        assert!(offered(&state).contains(&flow));
        state.settings.look = Look::Table;
        assert!(!offered(&state).iter().any(|name| name.ends_with("svg") || name.ends_with("png")), "none is seen");
        assert!(offered(&state).contains(&format!("moescope-{model}-choices.csv")));
        (state.settings.look, state.view.layer) = (Look::Method, 1);
        let names = offered(&state);
        assert!(names.contains(&format!("moescope-{model}-layer-2-method.svg")) && !names.contains(&flow), "{names:?}");
        state.settings.screen = Screen::Compare;
        state.comparison.choose(With::read("switch,base"));
        for (look, ending, not) in [(Look::Flow, "svg", "curves.csv"), (Look::Table, "csv", "curves.svg")] {
            state.settings.look = look;
            let names = offered(&state);
            assert!(names.contains(&format!("moescope-switch-base-curves.{ending}")), "{names:?}");
            assert!(names.iter().all(|name| !name.contains(&model) && !name.ends_with(not)), "{names:?}");
        }
        for name in ["switch", "base"] {
            let mut trace = sample::trace(5, 2, 4, 2);
            trace.model.name = name.to_owned();
            state.comparison.take(&format!("https://x/{name}/"), trace, "{}", None);
        }
        assert!(offered(&state).contains(&"moescope-base-trace.json".to_owned()), "each model’s own trace");
    }
}
