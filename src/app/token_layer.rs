//! What lies below the text field: the same text once more, not to be seen, and a picture of where its tokens stand.
//!
//! The text field draws the letters, so that typing, input methods and selection are the browser's own. The text below it,
//! the mirror, is there to be measured ([`super::boxes`]), so that what is drawn for a token stands below that token's
//! letters. Only the lines near what the strip shows are measured and drawn.

use super::boxes::{self, Mirror, TextPlace};
use super::format::{expert, hue};
use super::printing::Paper;
use super::shared::Shared;
use super::spans;
use crate::scene::svg::escape;
use crate::trace::{Token, Trace};
use gloo::events::EventListener;
use js_sys::Reflect;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{EventTarget, ResizeObserver};
use yew::prelude::*;

/// Pixels above and below the strip within which tokens are drawn.
const MARGIN: f64 = 160.0;
/// How far the ground of a token reaches beyond its letters, above and below, in pixels.
const ROOM: (f64, f64) = (2.0, 5.0);
/// Height of an underline, in pixels.
const LINE: f64 = 3.0;

/// Tokens that hang over the end of a line one after the other before the rest of the line is passed over.
const HANGING: usize = 8;

/// What [`TokenLayer`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TokenLayerProps {
    /// The text.
    pub text: Rc<String>,
    /// Up to which byte of it the field shows it.
    pub shown: usize,
    /// What scrolls.
    pub scroller: NodeRef,
    /// The trace.
    pub trace: Option<Shared<Trace>>,
    /// The layer whose experts underline.
    pub layer: usize,
    /// The selected token.
    pub token: usize,
    /// Tokens that chose this expert are underlined in its colour, all others are quiet.
    pub expert: Option<usize>,
    /// Where the generated part begins, in bytes.
    pub generated: Option<usize>,
    /// Whether white space is drawn.
    pub spaces: bool,
    /// Called after the pane was scrolled to the selected token.
    pub on_scrolled: Callback<()>,
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawn {
    /// Tokens, one entry for each line that one stands on.
    tokens: Vec<(usize, TextPlace)>,
    /// White space.
    spaces: Vec<(char, TextPlace)>,
    /// What is not routed yet.
    rest: Vec<TextPlace>,
}

/// What happens to the layer.
pub enum Msg {
    /// Something may stand elsewhere.
    Look,
    /// Something does.
    Draw,
}

/// Tells when something may stand elsewhere, for as long as it is kept.
struct Watch {
    observer: Option<ResizeObserver>,
    _resized: Closure<dyn FnMut()>,
    _listeners: Vec<EventListener>,
}

/// The layer below the text field.
pub struct TokenLayer {
    mirror: NodeRef,
    drawn: Drawn,
    /// The selected token that was scrolled to.
    seen: Option<usize>,
    watch: Option<Watch>,
}

impl Component for TokenLayer {
    type Message = Msg;
    type Properties = TokenLayerProps;

    fn create(_: &Context<Self>) -> Self {
        Self { mirror: NodeRef::default(), drawn: Drawn::default(), seen: None, watch: None }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Look => self.look(ctx.props()),
            Msg::Draw => true,
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let text = head(props);
        let parts = boxes::parts(text);
        let last = parts.len() - 1;
        let part = |(i, range): (usize, Range<usize>)| {
            let words = boxes::of_part(text.get(range).unwrap_or_default(), i == last);
            html! { <div key={i} class="mirror-part">{ words }</div> }
        };
        html! {
            <>
                <div class="mirror" ref={&self.mirror}>{ for parts.into_iter().enumerate().map(part) }</div>
                <svg class="underlines" data-testid="underlines">
                    { for self.drawn.rest.iter().map(|at| html! { <line class="rest" x1={px(at.x)} x2={px(at.x + at.width)}
                        y1={px(at.y + at.height)} y2={px(at.y + at.height)} /> }) }
                    { for self.drawn.tokens.iter().filter_map(|(t, at)| token(props, *t, at)) }
                    { for self.drawn.spaces.iter().map(|(c, at)| space(*c, at)) }
                </svg>
                <Paper class="printed" make={on_paper(props)} />
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.watch = self.watched(ctx);
        }
        self.follow(ctx.props());
        // Compared with what is drawn, so that it comes to rest.
        if self.look(ctx.props()) {
            ctx.link().send_message(Msg::Draw);
        }
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some(observer) = self.watch.take().and_then(|watch| watch.observer) {
            observer.disconnect();
        }
    }
}

impl TokenLayer {
    /// Measures what is near; whether it stands elsewhere than what is drawn.
    fn look(&mut self, props: &TokenLayerProps) -> bool {
        let drawn = self.measured(props).unwrap_or_default();
        let differs = drawn != self.drawn;
        self.drawn = drawn;
        differs
    }

    fn measured(&self, props: &TokenLayerProps) -> Option<Drawn> {
        let (element, pane) = (boxes::element(&self.mirror)?, boxes::element(&props.scroller)?);
        let text = head(props);
        let mirror = Mirror::new(&element, text)?;
        let outer = pane.get_bounding_client_rect();
        let near = mirror.between(outer.top() - MARGIN, outer.bottom() + MARGIN);
        let Some(trace) = &props.trace else { return Some(Drawn::default()) };
        let (known, covered) = known(text, trace);
        let part = |t: usize| trace.tokens.get(t).map(|token| spans::shown(&trace.text, token));
        let begin = trace.tokens.partition_point(|token| token.end < near.start);
        let end = trace.tokens.partition_point(|token| token.start < near.end).min(known);
        let mut drawn = Drawn::default();
        let (mut t, mut hanging) = (begin, 0);
        while t < end {
            let Some(range) = part(t).filter(|range| !range.is_empty()) else {
                t += 1;
                continue;
            };
            // Browsers differ in the place that they give to a part of a letter.
            let places = mirror.places(spans::whole_letters(text, range.clone()));
            hanging = if places.iter().all(|place| place.hangs) { hanging + 1 } else { 0 };
            if let Some(last) = places.last().filter(|_| hanging > HANGING) {
                // A line of tabs never ends: what is asked of each costs as much as there are.
                let next = mirror.after_line(last);
                t = trace.tokens.partition_point(|token| token.end <= next).max(t + 1);
                hanging = 0;
                continue;
            }
            if props.spaces {
                let white = text.get(range.clone()).unwrap_or_default().char_indices();
                for (at, c) in white.filter(|(_, c)| matches!(c, ' ' | '\n' | '\t')) {
                    let places = mirror.places(range.start + at..range.start + at + c.len_utf8());
                    drawn.spaces.extend(places.into_iter().map(|place| (c, place)));
                }
            }
            drawn.tokens.extend(places.into_iter().map(|place| (t, place)));
            t += 1;
        }
        let rest = covered.max(near.start)..text.len().min(near.end);
        drawn.rest = if rest.is_empty() { Vec::new() } else { mirror.places(rest) };
        Some(drawn)
    }

    /// Scrolls the strip to the selected token when another panel selected it.
    fn follow(&mut self, props: &TokenLayerProps) {
        let Some(trace) = &props.trace else { return };
        let selected = Some(spans::owner(trace, props.token));
        if std::mem::replace(&mut self.seen, selected) == selected {
            return;
        }
        let text = head(props);
        let part = selected.and_then(|t| trace.tokens.get(t)).map(|token| spans::shown(&trace.text, token));
        let Some(part) = part.filter(|part| part.end <= known(text, trace).1) else { return };
        let Some((element, pane)) = boxes::element(&self.mirror).zip(boxes::element(&props.scroller)) else { return };
        if Mirror::new(&element, text).is_some_and(|mirror| boxes::reveal(&pane, &mirror, part)) {
            props.on_scrolled.emit(());
        }
    }

    fn watched(&self, ctx: &Context<Self>) -> Option<Watch> {
        let look = ctx.link().callback(|()| Msg::Look);
        let resized = {
            let look = look.clone();
            Closure::<dyn FnMut()>::new(move || look.emit(()))
        };
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        let mirror = boxes::element(&self.mirror)?;
        if let Some(observer) = &observer {
            observer.observe(&mirror);
        }
        let on = |target: &EventTarget, name: &'static str| {
            let look = look.clone();
            EventListener::new(target, name, move |_| look.emit(()))
        };
        // Letters of a font that comes late have other widths, and a text may keep its size with them.
        let fonts = Reflect::get(&gloo::utils::document(), &JsValue::from_str("fonts")).ok();
        let fonts = fonts.and_then(|fonts| fonts.dyn_into::<EventTarget>().ok());
        let pane = boxes::element(&ctx.props().scroller);
        let listeners =
            fonts.iter().map(|fonts| on(fonts, "loadingdone")).chain(pane.iter().map(|pane| on(pane, "scroll")));
        Some(Watch { observer, _listeners: listeners.collect(), _resized: resized })
    }
}

/// What the field shows of the text.
fn head(props: &TokenLayerProps) -> &str {
    props.text.get(..props.shown).unwrap_or_default()
}

/// How many of the trace's tokens the text still has, and the byte up to which they show it.
fn known(text: &str, trace: &Trace) -> (usize, usize) {
    let same = spans::common_prefix(text, &trace.text);
    let known = trace.tokens.partition_point(|token| token.end <= same);
    let last = known.checked_sub(1).and_then(|last| trace.tokens.get(last));
    (known, last.map_or(0, |token| spans::shown(&trace.text, token).end).min(same))
}

/// The text for paper, which is of another width than the window and cannot be measured: there the letters are this
/// layer's own, so that nothing can stand elsewhere.
fn on_paper(props: &TokenLayerProps) -> Callback<(), String> {
    let props = props.clone();
    Callback::from(move |()| {
        let text = head(&props);
        let Some(trace) = &props.trace else { return escape(text) };
        let (known, covered) = known(text, trace);
        let token = |(t, token): (usize, &Token)| {
            let words = text.get(spans::shown(&trace.text, token)).filter(|words| !words.is_empty())?;
            let first = trace.layers.get(props.layer)?.chosen(t).first().map(|&e| usize::from(e));
            let class = first.map(|e| hue(e, trace.experts(props.layer))).unwrap_or_default();
            Some(format!("<span class=\"tk-printed {class}\">{}</span>", escape(words)))
        };
        let tokens: String = trace.tokens.iter().take(known).enumerate().filter_map(token).collect();
        tokens + &escape(text.get(covered..).unwrap_or_default())
    })
}

/// A token's ground and its underline. A gap parts neighbours that went to the same expert.
fn token(props: &TokenLayerProps, t: usize, at: &TextPlace) -> Option<Html> {
    let trace = props.trace.as_ref()?;
    let layer = trace.layers.get(props.layer)?;
    let start = trace.tokens.get(t)?.start;
    let chosen = layer.chosen(t);
    let first = chosen.first().map(|&e| usize::from(e));
    let picked = props.expert.filter(|&e| chosen.iter().any(|&c| usize::from(c) == e));
    let quiet = props.expert.is_some() && picked.is_none();
    let class = classes!(
        "tk",
        picked.or(first).map(|e| hue(e, layer.info.experts)),
        (spans::owner(trace, props.token) == t).then_some("tk-on"),
        quiet.then_some("tk-quiet"),
        props.generated.is_some_and(|made| start >= made).then_some("tk-made"),
    );
    let (top, height) = (at.y - ROOM.0, at.height + ROOM.0 + ROOM.1);
    let gap = if at.width > 2.0 { 1.0 } else { 0.0 };
    Some(html! {
        <g {class}>
            <rect class="tk-ground" data-t={t.to_string()} data-e={first.map(expert)}
                x={px(at.x)} y={px(top)} width={px(at.width)} height={px(height)} />
            <rect class="tk-line" x={px(at.x + gap)} y={px(top + height - LINE)} width={px(at.width - gap)} height={px(LINE)} />
        </g>
    })
}

/// A mark where white space is.
fn space(c: char, at: &TextPlace) -> Html {
    let middle = at.y + 0.58 * at.height;
    match c {
        '\n' => html! { <text class="ws-line" x={px(at.x)} y={px(at.y + 0.78 * at.height)}>{ "↵" }</text> },
        '\t' => {
            html! { <line class="ws-tab" x1={px(at.x + 2.0)} x2={px((at.x + at.width - 4.0).max(at.x + 2.0))}
            y1={px(middle)} y2={px(middle)} /> }
        }
        _ => html! { <circle class="ws-space" cx={px(at.x + at.width / 2.0)} cy={px(middle)} r="1.5" /> },
    }
}

/// A length as an attribute: a sixty-fourth of a pixel is the browsers' own measure.
fn px(length: f64) -> String {
    ((length.max(0.0) * 64.0).round() / 64.0).to_string()
}
