//! What lies below the text field: the same text, invisible, whose tokens carry underlines.
//!
//! The text field draws the letters, so that typing, input methods and selection are the browser's own; this layer has the
//! same font and wrapping and draws everything else. It is cut into blocks, so that a selection changes two of them
//! and not four thousand spans, and only the blocks near what the strip shows have a span for each token: the others are
//! plain text, which wraps alike and costs a browser a fraction.

use super::format::{expert, hue};
use super::spans;
use crate::trace::Trace;
use gloo::events::EventListener;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Tokens in a block.
const BLOCK: usize = 100;
/// Blocks with a span for each token before it is known what the strip shows.
const FIRST: Range<usize> = 0..6;
/// Pixels above and below the strip within which tokens have their spans.
const MARGIN: f64 = 160.0;

/// What [`Underlay`] shows.
#[derive(Clone, Properties)]
pub struct UnderlayProps {
    /// The text.
    pub text: Rc<String>,
    /// Up to which byte of it the field shows it.
    pub shown: usize,
    /// What scrolls.
    pub scroller: NodeRef,
    /// The trace; compared by address.
    pub trace: Option<Rc<Trace>>,
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
}

impl PartialEq for UnderlayProps {
    fn eq(&self, other: &Self) -> bool {
        self.trace.as_ref().map(Rc::as_ptr) == other.trace.as_ref().map(Rc::as_ptr)
            && (self.layer, self.token, self.expert, self.generated, self.spaces)
                == (other.layer, other.token, other.expert, other.generated, other.spaces)
            && self.shown == other.shown
            && self.text == other.text
    }
}

/// The layer below the text field.
#[component]
pub fn Underlay(props: &UnderlayProps) -> Html {
    let near = use_near(props);
    let text = props.text.get(..props.shown).unwrap_or_default();
    let Some(trace) = &props.trace else { return html! { <>{ text }{ "\u{200b}" }</> } };
    let same = spans::common_prefix(text, &trace.text);
    let known = trace.tokens.partition_point(|token| token.end <= same);
    let covered =
        known.checked_sub(1).and_then(|last| trace.tokens.get(last)).map_or(0, |t| spans::shown(&trace.text, t).end);
    let rest = text.get(covered.min(same)..).unwrap_or_default();
    let selected = spans::owner(trace, props.token);
    let blocks = (0..known).step_by(BLOCK).map(|start| {
        let end = (start + BLOCK).min(known);
        let selected = (start..end).contains(&selected).then_some(selected);
        let plain = selected.is_none() && !near.contains(&(start / BLOCK));
        html! {
            <Block key={start} trace={trace.clone()} {start} {end} {plain} layer={props.layer} {selected}
                expert={props.expert} generated={props.generated} spaces={props.spaces} />
        }
    });
    html! { <>{ for blocks }<span key="rest" class="rest">{ rest }</span>{ "\u{200b}" }</> }
}

/// The blocks near what the strip shows, followed as it scrolls.
#[hook]
fn use_near(props: &UnderlayProps) -> Range<usize> {
    let near = use_state_eq(|| FIRST);
    let look = {
        let (near, scroller) = (near.setter(), props.scroller.clone());
        move || {
            if let Some(seen) = scroller.cast::<Element>().and_then(|pane| seen(&pane)) {
                near.set(seen);
            }
        }
    };
    {
        let look = look.clone();
        let what = (props.trace.as_ref().map(Rc::as_ptr), props.text.len(), props.shown);
        use_effect_with(what, move |_| look());
    }
    let scroller = props.scroller.clone();
    use_effect_with((), move |()| {
        let pane = scroller.cast::<Element>();
        let listener = pane.map(|pane| EventListener::new(&pane, "scroll", move |_| look()));
        move || drop(listener)
    });
    (*near).clone()
}

/// Which blocks lie in a pane or just outside of it.
fn seen(pane: &Element) -> Option<Range<usize>> {
    let outer = pane.get_bounding_client_rect();
    let (top, bottom) = (outer.top() - MARGIN, outer.bottom() + MARGIN);
    let blocks = pane.query_selector_all("[data-block]").ok()?;
    let inside = (0..blocks.length()).filter(|&i| {
        let block = blocks.item(i).and_then(|node| node.dyn_into::<Element>().ok());
        block.map(|block| block.get_bounding_client_rect()).is_some_and(|at| at.bottom() >= top && at.top() <= bottom)
    });
    let inside: Vec<u32> = inside.collect();
    Some(*inside.first()? as usize..*inside.last()? as usize + 1)
}

#[derive(Clone, Properties)]
struct BlockProps {
    trace: Rc<Trace>,
    start: usize,
    end: usize,
    plain: bool,
    layer: usize,
    selected: Option<usize>,
    expert: Option<usize>,
    generated: Option<usize>,
    spaces: bool,
}

impl PartialEq for BlockProps {
    fn eq(&self, other: &Self) -> bool {
        if self.plain && other.plain && (self.start, self.end, self.spaces) == (other.start, other.end, other.spaces) {
            return Rc::ptr_eq(&self.trace, &other.trace) || words(self) == words(other);
        }
        let full = self.end - self.start == BLOCK;
        let same_trace = Rc::ptr_eq(&self.trace, &other.trace) || (full && same_block(self, other));
        same_trace
            && (self.start, self.end, self.plain, self.layer, self.selected)
                == (other.start, other.end, other.plain, other.layer, other.selected)
            && (self.expert, self.generated, self.spaces) == (other.expert, other.generated, other.spaces)
    }
}

/// The text of a block.
fn words(block: &BlockProps) -> &str {
    let text = &block.trace.text;
    let place = |t: usize| block.trace.tokens.get(t).map(|token| spans::shown(text, token));
    let (first, last) = (place(block.start), place(block.end.saturating_sub(1)));
    first.zip(last).and_then(|(first, last)| text.get(first.start..last.end)).unwrap_or_default()
}

/// Whether two traces are alike in a block: what is typed at the end changes nothing before it.
fn same_block(a: &BlockProps, b: &BlockProps) -> bool {
    let rows = |p: &BlockProps| {
        let layer = p.trace.layers.get(p.layer)?;
        let cols = layer.experts.cols();
        Some(layer.experts.as_slice().get(p.start * cols..p.end * cols)?.to_vec())
    };
    a.trace.tokens.get(a.start..a.end) == b.trace.tokens.get(b.start..b.end) && rows(a).is_some() && rows(a) == rows(b)
}

#[component]
fn Block(props: &BlockProps) -> Html {
    let trace = &props.trace;
    if props.plain {
        let text = words(props);
        return html! { <span data-block="">{ if props.spaces { spaced(text) } else { html! { text } } }</span> };
    }
    let Some(layer) = trace.layers.get(props.layer) else { return html! {} };
    let experts = trace.model.experts;
    let tokens = trace.tokens.iter().enumerate().take(props.end).skip(props.start);
    html! {
        <span data-block="">
        { for tokens.filter_map(|(t, token)| {
            let range = spans::shown(&trace.text, token);
            let text = trace.text.get(range.clone()).filter(|text| !text.is_empty())?;
            let chosen = layer.chosen(t);
            let first = chosen.first().map(|&e| usize::from(e));
            let picked = props.expert.filter(|&e| chosen.iter().any(|&c| usize::from(c) == e));
            let quiet = props.expert.is_some() && picked.is_none();
            let class = classes!(
                "tk",
                picked.or(first).map(|e| hue(e, experts)),
                (props.selected == Some(t)).then_some("tk-on"),
                quiet.then_some("tk-quiet"),
                props.generated.is_some_and(|at| range.start >= at).then_some("tk-made"),
            );
            let label = first.map(expert);
            Some(html! { <span key={t} {class} data-t={t.to_string()} data-e={label}>{ if props.spaces { spaced(text) } else { html! { text } } }</span> })
        }) }
        </span>
    }
}

/// The text with marks where white space is.
fn spaced(text: &str) -> Html {
    text.split_inclusive([' ', '\n', '\t'])
        .flat_map(|piece| {
            let (word, space) = match piece.char_indices().next_back() {
                Some((at, ' ')) => (&piece[..at], html! { <span class="ws-space">{ " " }</span> }),
                Some((at, '\n')) => (&piece[..at], html! { <span class="ws-line">{ "\n" }</span> }),
                Some((at, '\t')) => (&piece[..at], html! { <span class="ws-tab">{ "\t" }</span> }),
                _ => (piece, html! {}),
            };
            [html! { word }, space]
        })
        .collect()
}
