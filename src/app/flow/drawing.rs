//! The picture's frames: when one is due, and what it paints.
//!
//! The browser calls for a frame right before it shows the page, and the frame must paint what the other panels show then.
//! So it does not go through Yew, which on a busy page comes to a message only frames later: what is to be painted is kept
//! here as the page last rendered it.

use super::props::FlowProps;
use super::stage::Stage;
use crate::app::download::words;
use crate::scene::{
    hit::Target,
    shape::{Point, Size},
};
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

/// Longest time that a frame moves the playhead by, in seconds: a tab that was away goes on where it was.
const LONGEST_FRAME: f64 = 0.1;

/// What frames paint. Clones share it.
#[derive(Clone)]
pub(super) struct Drawing(Rc<RefCell<Inner>>);

struct Inner {
    frame: NodeRef,
    canvas: NodeRef,
    props: FlowProps,
    hover: Option<Target>,
    stage: Option<Stage>,
    /// The picture of a text that has grown since, until there is one of it as it is.
    old: Option<Stage>,
    /// Whether the canvas has not yet its size for the stage.
    unfit: bool,
    /// Whether the frame gets another size: what waited for another frame would wait as long as it does.
    resized: bool,
    /// Whether nothing of a picture was painted that follows none: one frame lays it out, the next paints what is not
    /// rivers, and those wait for a third.
    first: bool,
    pending: Option<AnimationFrame>,
    last_frame: Option<f64>,
    fault: Option<String>,
    on_fault: Callback<Option<String>>,
}

impl Drawing {
    /// Paints into `canvas`, as large as `frame`. Why that cannot be, or that it can again, is told to `on_fault`.
    pub(super) fn new(frame: NodeRef, canvas: NodeRef, props: FlowProps, on_fault: Callback<Option<String>>) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            frame,
            canvas,
            props,
            hover: None,
            stage: None,
            old: None,
            unfit: false,
            resized: false,
            first: true,
            pending: None,
            last_frame: None,
            fault: None,
            on_fault,
        })))
    }

    /// From now on that is to be painted.
    pub(super) fn change(&self, props: &FlowProps) {
        let mut inner = self.0.borrow_mut();
        let old = std::mem::replace(&mut inner.props, props.clone());
        if props.theme != old.theme {
            (inner.stage, inner.old) = (None, None);
        } else if props.trace != old.trace {
            let grows = props.trace.len() > old.trace.len() && props.trace.text.starts_with(&old.trace.text);
            let last = inner.stage.take().or_else(|| inner.old.take());
            inner.old = last.filter(|_| grows);
            inner.hover = None;
        }
        drop(inner);
        self.ask();
    }

    /// The frame has another size.
    pub(super) fn resize(&self) {
        let mut inner = self.0.borrow_mut();
        (inner.stage, inner.old, inner.resized) = (None, None, true);
        drop(inner);
        self.ask();
    }

    /// The pointer is over something else.
    pub(super) fn hover(&self, target: Option<Target>) {
        self.0.borrow_mut().hover = target;
        self.ask();
    }

    /// What lies at a place of the canvas.
    pub(super) fn hit(&self, at: Point) -> Option<Target> {
        let inner = self.0.borrow();
        inner.stage.as_ref()?.hit(&inner.props.trace, at)
    }

    /// Asks for a frame, unless one is on its way. It ends with the drawing.
    pub(super) fn ask(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.pending.is_none() {
            let this = Rc::downgrade(&self.0);
            inner.pending = Some(request_animation_frame(move |now| {
                if let Some(inner) = this.upgrade() {
                    Self(inner).paint(now);
                }
            }));
        }
    }

    fn paint(&self, now: f64) {
        let mut inner = self.0.borrow_mut();
        inner.pending = None;
        let (again, fault) = match inner.paint(now) {
            Ok(again) => (again, None),
            Err(error) => (false, Some(words(error))),
        };
        let again = again || inner.last_frame.is_some();
        let told = (fault != inner.fault).then(|| inner.on_fault.clone());
        inner.fault.clone_from(&fault);
        drop(inner);
        if let Some(on_fault) = told {
            on_fault.emit(fault);
        }
        if again {
            self.ask();
        }
    }
}

impl Inner {
    /// Moves the playhead and paints. Whether there is more to paint than a frame has time for.
    fn paint(&mut self, now: f64) -> Result<bool, JsValue> {
        let props = &self.props;
        let runs = props.view.playing && !props.reduced_motion && !props.trace.is_empty();
        if runs && let Some(stage) = &self.stage {
            let seconds = self.last_frame.map_or(0.0, |last| (now - last) / 1000.0).clamp(0.0, LONGEST_FRAME);
            let time = stage.motion.timeline();
            props.clock.set(time.advance(props.clock.get(), seconds as f32, props.view.speed));
        }
        self.last_frame = runs.then_some(now);
        self.show()
    }

    fn show(&mut self) -> Result<bool, JsValue> {
        let props = &self.props;
        let (Some(frame), Some(canvas)) = (self.frame.cast::<Element>(), self.canvas.cast::<HtmlCanvasElement>())
        else {
            return Ok(false);
        };
        let size = Size { width: frame.client_width() as f32, height: frame.client_height() as f32 };
        if size.width < 1.0 || size.height < 1.0 {
            // Not on the screen; the observer tells when it is.
            return Ok(false);
        }
        if self.stage.is_none() {
            let late = self.old.is_none() && !self.resized;
            let stage = match self.old.take() {
                Some(old) => Stage::grown(old, &props.trace, &props.view, size)?,
                None => Stage::new(&props.trace, &props.view, size, props.theme)?,
            };
            (self.stage, self.unfit) = (Some(stage), true);
            if late {
                self.first = true;
                return Ok(true);
            }
        }
        let playhead = (!props.reduced_motion).then(|| props.clock.get());
        let Some(stage) = &mut self.stage else { return Ok(false) };
        if std::mem::take(&mut self.unfit) {
            stage.fit(&canvas)?;
        }
        self.resized = false;
        stage.select(&props.trace, &props.view)?;
        if !std::mem::take(&mut self.first) {
            stage.rivers()?;
        }
        stage.frame(&canvas, &props.trace, self.hover, playhead)?;
        canvas.set_attribute("data-painted", &format!("{}/{}", props.view.token + 1, props.trace.len()))?;
        Ok(stage.unfinished())
    }
}
