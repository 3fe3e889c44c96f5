//! The text strip: the text as one reads it, to be edited in place, each token underlined by its first expert.

use super::action::Action;
use super::context::use_dispatch;
use super::field::{self, Held, is_marked, put_on_clipboard, selection, use_field, use_marked, whole_text};
use super::format::{expert, token as token_name};
use super::models::catalog;
use super::settings::{PageSettings, Screen};
use super::shared::Shared;
use super::spans;
use super::token_layer::TokenLayer;
use super::translate::prose;
use super::turning::{self, Turning, use_turns};
use super::undo::Turn;
use super::visible_prefix;
use crate::messages::explore;
use crate::protocol::{Cut, MAX_CHARS, MAX_TOKENS};
use crate::scene::words;
use crate::trace::Trace;
use gloo::events::EventListener;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What [`TextStrip`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct StripProps {
    /// The text.
    pub text: Rc<String>,
    /// The trace.
    pub trace: Option<Shared<Trace>>,
    /// The selected layer.
    pub layer: usize,
    /// The selected token.
    pub token: usize,
    /// The selected expert.
    pub expert: Option<usize>,
    /// Where the generated part begins, in bytes.
    pub generated: Option<usize>,
    /// What is set.
    pub settings: PageSettings,
    /// What was cut off the text.
    pub cut: Option<Cut>,
    /// Whether a generation is under way. Whoever types ends it.
    pub running: bool,
    /// What the field holds, and the texts before; it outlives the strip.
    pub held: Shared<Held>,
    /// The controls beside the text.
    pub children: Html,
}

/// The strip.
#[component]
pub fn TextStrip(props: &StripProps) -> Html {
    let dispatch = use_dispatch();
    let field = use_node_ref();
    let scroller = use_node_ref();
    let hovered = use_state(|| None::<usize>);
    let all = use_state(|| false);
    let tail = use_mut_ref(|| 0_usize);
    let typed = use_mut_ref(|| 0_usize);
    let shown = if *all { props.text.len() } else { visible_prefix::end(&props.text, *tail.borrow(), *typed.borrow()) };
    *tail.borrow_mut() = props.text.len() - shown;
    let leftward = spans::turns_left(props.text.get(..shown).unwrap_or_default());
    let folded = props.text.get(shown..).unwrap_or_default();
    let held = props.held.clone();
    {
        let held = held.clone();
        use_memo((), move |()| held.journal.borrow_mut().new_field());
    }
    if props.running {
        held.caret.set(field.cast::<HtmlTextAreaElement>().and_then(|area| selection(&area)));
    }
    use_field(&field, &held, &props.text, shown, props.running);
    use_whole_lines(&scroller);
    let marked = use_marked(&field, &held);
    let replaced_text = use_mut_ref(|| None::<(Rc<String>, usize)>);
    let oninput = {
        let (dispatch, held, typed) = (dispatch.clone(), held.clone(), typed.clone());
        let marked = marked.clone();
        move |event: InputEvent| {
            let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() else { return };
            let (mut text, replaced) = whole_text(&area);
            let step = field::turn(&event);
            step.into_iter().for_each(|step| held.journal.borrow_mut().stepped(step));
            let end = area.selection_end().ok().flatten().unwrap_or(0);
            let at = spans::byte_of_utf16(&text, end as usize);
            typed.replace(at);
            let ((whole, from), gone) = (held.rest(), visible_prefix::replaced(&held.head.borrow(), &text));
            let tail = whole.get(from..).unwrap_or_default();
            let stroke = field::stroke(&event);
            let goes_on =
                stroke.is_some_and(|stroke| held.groups.borrow_mut().edited(stroke, &held.head.borrow(), (&text, at)));
            // What an input method has not finished is no step, nor is one of the browser's own.
            if !goes_on && step.is_none() && !event.is_composing() {
                held.journal.borrow_mut().begins();
            }
            held.edited(&text, end);
            let before = replaced_text.borrow().clone().filter(|_| step == Some(Turn::Back));
            if let Some((old, shown)) = before.filter(|(old, shown)| old.get(..*shown) == Some(&text)) {
                text = (*old).clone();
                held.fold(old, shown);
            } else if marked.take() || gone {
                if !tail.is_empty() {
                    replaced_text.replace(Some((whole.clone(), from))); // for whoever undoes it
                    held.fold(Rc::default(), 0);
                }
            } else {
                text.push_str(tail);
            }
            dispatch.emit(Action::Edit(text, at, replaced));
        }
    };
    let on_copy = |cuts: bool| {
        let (text, dispatch) = (props.text.clone(), dispatch.clone());
        move |event: Event| {
            let area = event.target_dyn_into::<HtmlTextAreaElement>();
            if shown < text.len() && area.is_some_and(|area| is_marked(&area)) && put_on_clipboard(&event, &text) {
                event.prevent_default();
                if cuts {
                    dispatch.emit(Action::Edit(String::new(), 0, false));
                }
            }
        }
    };
    let (oncopy, oncut) = (on_copy(false), on_copy(true));
    let unfold = {
        let all = all.clone();
        move |_: MouseEvent| all.set(true)
    };
    let turning =
        Turning { held: held.clone(), typed: typed.clone(), running: props.running, dispatch: dispatch.clone() };
    use_turns(&field, &turning);
    let onkeydown = {
        let (dispatch, running) = (dispatch.clone(), props.running);
        move |event: KeyboardEvent| {
            let area = event.target_dyn_into::<HtmlTextAreaElement>();
            let turn = turning::turn(&event).zip(area);
            if turn.is_some_and(|(turn, area)| turning.take(turn, &area)) {
                event.prevent_default();
            }
            if running && writes(&event) {
                dispatch.emit(Action::Halt);
            }
        }
    };
    let onclick = {
        let dispatch = dispatch.clone();
        move |event: MouseEvent| {
            let marking = event
                .target_dyn_into::<HtmlTextAreaElement>()
                .is_some_and(|area| area.selection_start().ok().flatten() != area.selection_end().ok().flatten());
            if let Some(token) = token_below(&event).filter(|_| !marking) {
                dispatch.emit(Action::Token(token));
            }
        }
    };
    let onkeyup = {
        let (dispatch, trace) = (dispatch.clone(), props.trace.clone());
        move |event: KeyboardEvent| {
            let moved = matches!(
                event.key().as_str(),
                "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End" | "PageUp" | "PageDown"
            );
            let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>().filter(|_| moved) else { return };
            let Some(trace) = trace.as_ref().filter(|trace| area.value().starts_with(&trace.text)) else { return };
            let caret = spans::byte_of_utf16(&trace.text, area.selection_end().ok().flatten().unwrap_or(0) as usize);
            if let Some(token) = spans::token_at(trace, caret.min(trace.text.len().saturating_sub(1))) {
                dispatch.emit(Action::Token(token));
            }
        }
    };
    let onpointermove = {
        let hovered = hovered.clone();
        move |event: PointerEvent| {
            let token = token_below(&event);
            if *hovered != token {
                hovered.set(token);
            }
        }
    };
    let onpointerleave = {
        let hovered = hovered.clone();
        move |_: PointerEvent| hovered.set(None)
    };
    let on_scrolled = use_callback(scroller.clone(), |(), scroller| {
        if let Some(pane) = scroller.cast::<HtmlElement>() {
            to_whole_lines(&pane);
        }
    });
    let describe = |t: usize| props.trace.as_ref().and_then(|trace| choice(trace, props.layer, t));
    let hint = match (*hovered).and_then(describe) {
        Some(words) => html! { <span translate="no">{ words }</span> },
        None if props.text.is_empty() => {
            html! { { explore::text_hint_empty() } }
        }
        None if props.trace.as_ref().is_none_or(|trace| !props.text.starts_with(&trace.text)) => {
            html! { { explore::text_hint_unrouted() } }
        }
        None => {
            let comparing = props.settings.screen == Screen::Compare;
            let compared = props.trace.as_ref().filter(|_| comparing).map(|trace| catalog::title(&trace.model.name));
            let layer = props.layer + 1;
            prose(&match (props.expert, compared) {
                (Some(e), None) => explore::text_hint_expert(expert(e), layer),
                (Some(e), Some(model)) => explore::text_hint_expert_model(expert(e), layer, model),
                (None, None) => explore::text_hint_first(layer),
                (None, Some(model)) => explore::text_hint_first_model(layer, model),
            })
        }
    };
    let room = room(props.text.chars().count(), props.trace.as_ref().map_or(0, |trace| trace.len()), props.cut);
    let filtered = props.expert.is_some().then_some("strip-filtered");
    let class = classes!("strip-text", filtered, leftward.then_some("strip-turns"));
    let left = explore::text_folded(folded.chars().count());
    html! {
        <section class="strip" data-testid="text-panel" data-tour="text" aria-label={explore::text()}>
            <div class="strip-scroll" ref={&scroller}>
                <div {class}>
                    <div class="underlay" translate="no" aria-hidden="true" data-testid="underlay">
                        <TokenLayer text={props.text.clone()} {shown} scroller={scroller.clone()} trace={props.trace.clone()}
                            layer={props.layer} token={props.token} expert={props.expert}
                            generated={props.generated} spaces={props.settings.spaces} on_scrolled={on_scrolled} />
                    </div>
                    <textarea ref={field} class="field" rows="1" data-testid="text"
                        spellcheck="false" autocapitalize="off" autocomplete="off"
                        aria-label={explore::text_to_route()} placeholder={explore::text_placeholder()}
                        {onkeydown} {oninput} {oncopy} {oncut} {onclick} {onkeyup} {onpointermove} {onpointerleave} />
                </div>
                if !folded.is_empty() {
                    <p class="soft small folded" data-testid="folded">
                        { prose(&left) }{ " " }
                        <button type="button" class="link" data-testid="unfold" onclick={unfold}>{ explore::text_unfold() }</button>
                        { " " }{ explore::text_unfold_slower() }</p>
                }
            </div>
            <div class="strip-foot">
                <p class="hint" data-testid="text-hint">{ hint }</p>
                if let Some(room) = room { <p class="hint" data-testid="room">{ prose(&room) }</p> }
                <div class="strip-controls">{ props.children.clone() }</div>
            </div>
        </section>
    }
}

/// How near a long text is to the limit that it reaches first, or what is left of one that went beyond.
fn room(chars: usize, tokens: usize, cut: Option<Cut>) -> Option<String> {
    if let Some(cut) = cut {
        return Some(match cut.by_chars() {
            true => explore::text_cut_characters(cut.kept, cut.chars),
            false => explore::text_cut_tokens(cut.kept, cut.chars, tokens),
        });
    }
    let (of_chars, of_tokens) = (chars * MAX_TOKENS, tokens * MAX_CHARS);
    let near = of_chars.max(of_tokens) * 2 > MAX_CHARS * MAX_TOKENS;
    near.then(|| match of_tokens > of_chars {
        true => explore::text_room_tokens(tokens, MAX_TOKENS),
        false => explore::text_room_characters(chars, MAX_CHARS),
    })
}

/// What a token chose in a layer, in words.
fn choice(trace: &Trace, layer: usize, t: usize) -> Option<String> {
    let row = trace.layers.get(layer)?;
    let words: Vec<String> = row
        .choices(t)
        .map(|choice| words::weighed(&words::choice_in(trace, layer, choice.expert), choice.weight))
        .collect();
    Some(format!("{}  →  {}", token_name(trace, t), words.join(" + ")))
}

/// The token below the pointer: the layer with the tokens lies beneath the text field.
fn token_below(event: &MouseEvent) -> Option<usize> {
    let below = gloo::utils::document().elements_from_point(event.client_x() as f32, event.client_y() as f32);
    below.iter().filter_map(|e| e.dyn_into::<Element>().ok()).find_map(|e| {
        let span = e.closest("[data-t]").ok().flatten()?;
        span.get_attribute("data-t")?.parse().ok()
    })
}

/// Whether a key writes into the text.
fn writes(event: &KeyboardEvent) -> bool {
    let key = event.key();
    let named = matches!(key.as_str(), "Backspace" | "Delete" | "Enter" | "Process" | "Dead" | "Unidentified");
    named || (key.chars().count() == 1 && !event.ctrl_key() && !event.meta_key())
}

/// Scrolls to the nearest line, so that none is cut through its letters.
fn to_whole_lines(pane: &HtmlElement) {
    let style = pane
        .query_selector(".underlay")
        .ok()
        .flatten()
        .and_then(|text| gloo::utils::window().get_computed_style(&text).ok()?);
    let line =
        style.and_then(|style| style.get_property_value("line-height").ok()?.strip_suffix("px")?.parse::<f64>().ok());
    let Some(line) = line.filter(|line| *line >= 1.0) else { return };
    let whole = ((f64::from(pane.scroll_top()) / line).round() * line).round() as i32;
    if whole != pane.scroll_top() {
        pane.set_scroll_top(whole);
    }
}

/// Comes to rest at a whole line wherever somebody scrolls to.
#[hook]
fn use_whole_lines(scroller: &NodeRef) {
    let scroller = scroller.clone();
    use_effect_with((), move |()| {
        let pane = scroller.cast::<HtmlElement>();
        let listener = pane.map(|pane| EventListener::new(&pane.clone(), "scrollend", move |_| to_whole_lines(&pane)));
        move || drop(listener)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_told_by_the_limit_that_is_reached_first() {
        assert_eq!(room(300, 80, None), None);
        assert_eq!(room(15_000, 1_000, None).as_deref(), Some("15,000 of 20,000 characters"));
        assert_eq!(room(9_000, 3_500, None).as_deref(), Some("3,500 of 4,096 tokens"));
        let cut = Some(Cut { chars: 200_200, kept: 10_013 });
        let words = "The first 10,013 of 200,200 characters (4,096 tokens) are routed";
        assert_eq!(room(200_200, 4_096, cut).as_deref(), Some(words));
        let cut = Some(Cut { chars: 200_200, kept: MAX_CHARS });
        assert_eq!(room(200_200, 900, cut).as_deref(), Some("The first 20,000 of 200,200 characters are routed"));
    }
}
