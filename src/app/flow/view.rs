//! The picture as a component: watches its size, the pointer and the keys, and paints when something changed.

use super::{Clock, stage::Stage};
use crate::{
    scene::{
        ViewState,
        hit::Target,
        method::blended,
        select,
        shape::{Size, point},
        theme::Theme,
        words,
    },
    trace::{Trace, metrics::LayerMetrics},
};
use gloo::render::{AnimationFrame, request_animation_frame};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Element, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

/// Longest time that a frame moves the playhead by, in seconds: a tab that was away goes on where it was.
const LONGEST_FRAME: f64 = 0.1;

/// What [`FlowView`] shows.
#[derive(Clone, Properties)]
pub struct FlowProps {
    /// The trace; compared by address, so hand the same `Rc` while it is the same trace.
    pub trace: Rc<Trace>,
    /// Selection and playback.
    pub view: ViewState,
    /// Light or dark.
    #[prop_or_default]
    pub theme: Theme,
    /// Keep ribbons, stop dots.
    #[prop_or_default]
    pub reduced_motion: bool,
    /// The playhead, shared with [`super::Playback`].
    pub clock: Clock,
    /// Its name for tests and for its caption; more than one picture on a screen need names of their own.
    #[prop_or(AttrValue::Static("flow"))]
    pub name: AttrValue,
    /// Called with the whole new state when somebody selects, steps or pauses.
    pub on_view: Callback<ViewState>,
}

impl PartialEq for FlowProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
            && self.view == other.view
            && self.theme == other.theme
            && self.reduced_motion == other.reduced_motion
            && self.clock == other.clock
            && self.on_view == other.on_view
    }
}

/// Tells when the frame's size changes, for as long as it is kept.
struct Watch {
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

/// What happens to the picture.
#[derive(Debug)]
pub enum Msg {
    /// The frame's size is known or has changed.
    Resize,
    /// The browser paints; milliseconds since some beginning.
    Frame(f64),
    /// The pointer moved.
    Over(PointerEvent),
    /// The pointer left.
    Out,
    /// A click or tap.
    Click(MouseEvent),
    /// A key.
    Key(KeyboardEvent),
}

/// The flow picture with its caption line. It fills the width and height of its parent (give the parent a height).
pub struct FlowView {
    frame: NodeRef,
    canvas: NodeRef,
    stage: Option<Stage>,
    /// The picture of a text that has grown since, until there is one of it as it is.
    old: Option<Stage>,
    metrics: Vec<LayerMetrics>,
    hover: Option<Target>,
    fault: Option<String>,
    pending: Option<AnimationFrame>,
    last_frame: Option<f64>,
    observer: Option<Watch>,
}

impl Component for FlowView {
    type Message = Msg;
    type Properties = FlowProps;

    fn create(ctx: &Context<Self>) -> Self {
        ctx.props().clock.set(ctx.props().view.playhead);
        Self {
            frame: NodeRef::default(),
            canvas: NodeRef::default(),
            stage: None,
            old: None,
            metrics: blended::metrics(&ctx.props().trace),
            hover: None,
            fault: None,
            pending: None,
            last_frame: None,
            observer: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &FlowProps) -> bool {
        let new = ctx.props();
        if new.view.playhead != old.view.playhead {
            new.clock.set(new.view.playhead);
        }
        let traces_differ = !Rc::ptr_eq(&new.trace, &old.trace);
        if traces_differ {
            self.metrics = blended::metrics(&new.trace);
            self.hover = None;
        }
        if new.theme != old.theme {
            (self.stage, self.old) = (None, None);
        } else if traces_differ {
            let grows = new.trace.len() > old.trace.len() && new.trace.text.starts_with(&old.trace.text);
            let last = self.stage.take().or_else(|| self.old.take());
            self.old = last.filter(|_| grows);
        }
        self.ask(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resize => {
                (self.stage, self.old) = (None, None);
                self.ask(ctx);
                false
            }
            Msg::Frame(now) => self.paint(ctx, now),
            Msg::Over(event) => self.point_at(ctx, self.target(ctx, &event)),
            Msg::Out => self.point_at(ctx, None),
            Msg::Click(event) => {
                let view = select::click(self.now(ctx), self.target(ctx, &event));
                ctx.props().on_view.emit(view);
                false
            }
            Msg::Key(event) => {
                let for_browser = event.ctrl_key() || event.meta_key() || event.alt_key();
                if let Some(wish) = select::of_key(&event.key()).filter(|_| !for_browser) {
                    event.prevent_default();
                    self.hover = None;
                    ctx.props().on_view.emit(select::apply(&ctx.props().trace, self.now(ctx), wish));
                }
                false
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let FlowProps { trace, view, name, .. } = ctx.props();
        let caption_id = format!("{name}-caption");
        let link = ctx.link();
        let label = format!("{}. {}", words::title(trace), words::description(trace, &self.metrics, view));
        let caption = match (&self.fault, self.hover) {
            (Some(fault), _) => format!("The picture could not be drawn: {fault}. The tables have the same numbers."),
            (None, hover) => self.caption(ctx, hover),
        };
        html! {
            <figure class="flow" data-testid={name}>
                <div class="flow-frame" ref={&self.frame}>
                    <canvas class="flow-canvas" data-testid={format!("{name}-canvas")} ref={&self.canvas} tabindex="0" role="application"
                        aria-roledescription="routing picture" aria-label={label} aria-describedby={caption_id.clone()}
                        onpointermove={link.callback(Msg::Over)} onpointerleave={link.callback(|_| Msg::Out)}
                        onclick={link.callback(Msg::Click)} onkeydown={link.callback(Msg::Key)} />
                </div>
                <figcaption class="flow-caption" id={caption_id.clone()} data-testid={caption_id} aria-live="polite">
                    { caption }
                </figcaption>
            </figure>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        match self.observe(ctx) {
            Ok(observer) => self.observer = Some(observer),
            Err(error) => self.fault = Some(said(&error)),
        }
        self.ask(ctx);
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some(watch) = self.observer.take() {
            watch.observer.disconnect();
        }
    }
}

impl FlowView {
    /// Asks for a frame, unless one is on its way.
    fn ask(&mut self, ctx: &Context<Self>) {
        if self.pending.is_none() {
            let link = ctx.link().clone();
            self.pending = Some(request_animation_frame(move |now| link.send_message(Msg::Frame(now))));
        }
    }

    fn observe(&self, ctx: &Context<Self>) -> Result<Watch, JsValue> {
        let link = ctx.link().clone();
        let resized = Closure::new(move || link.send_message(Msg::Resize));
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref())?;
        let frame: Element = self.frame.cast().ok_or("the picture has no frame")?;
        observer.observe(&frame);
        Ok(Watch { observer, _resized: resized })
    }

    /// Paints. `true` if the words around the picture must change too.
    fn paint(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.pending = None;
        let props = ctx.props();
        let runs = props.view.playing && !props.reduced_motion && !props.trace.is_empty();
        if runs {
            let seconds = self.last_frame.map_or(0.0, |last| (now - last) / 1000.0).clamp(0.0, LONGEST_FRAME);
            if let Some(stage) = &self.stage {
                let time = stage.motion.timeline();
                props.clock.set(time.advance(props.clock.get(), seconds as f32, props.view.speed));
            }
            self.ask(ctx);
        }
        self.last_frame = runs.then_some(now);
        let fault = self.show(ctx).err().map(|error| said(&error));
        let changed = fault != self.fault;
        self.fault = fault;
        changed
    }

    fn show(&mut self, ctx: &Context<Self>) -> Result<(), JsValue> {
        let props = ctx.props();
        let (Some(frame), Some(canvas)) = (self.frame.cast::<Element>(), self.canvas.cast::<HtmlCanvasElement>())
        else {
            return Ok(());
        };
        let size = Size { width: frame.client_width() as f32, height: frame.client_height() as f32 };
        if size.width < 1.0 || size.height < 1.0 {
            // Not on the screen; the observer tells when it is.
            return Ok(());
        }
        if self.stage.is_none() {
            let stage = match self.old.take() {
                Some(old) => Stage::grown(old, &props.trace, &props.view, size)?,
                None => Stage::new(&props.trace, &props.view, size, props.theme)?,
            };
            stage.fit(&canvas)?;
            self.stage = Some(stage);
        }
        let playhead = (!props.reduced_motion).then(|| props.clock.get());
        if let Some(stage) = &mut self.stage {
            stage.select(&props.trace, &props.view)?;
            stage.frame(&canvas, &props.trace, self.hover, playhead)?;
            canvas.set_attribute("data-painted", &format!("{}/{}", props.view.token + 1, props.trace.len()))?;
            if stage.unfinished() {
                self.ask(ctx);
            }
        }
        Ok(())
    }

    /// The state of the page with the playhead of this moment.
    fn now(&self, ctx: &Context<Self>) -> ViewState {
        ViewState { playhead: ctx.props().clock.get(), ..ctx.props().view }
    }

    fn target(&self, ctx: &Context<Self>, event: &MouseEvent) -> Option<Target> {
        let at = point(event.offset_x() as f32, event.offset_y() as f32);
        self.stage.as_ref()?.hit(&ctx.props().trace, at)
    }

    fn point_at(&mut self, ctx: &Context<Self>, target: Option<Target>) -> bool {
        let changed = self.hover != target;
        if changed {
            self.hover = target;
            self.ask(ctx);
        }
        changed
    }

    /// The numbers of what is under the pointer, or else of what is selected.
    fn caption(&self, ctx: &Context<Self>, hover: Option<Target>) -> String {
        let FlowProps { trace, view, .. } = ctx.props();
        let selected = match view.expert {
            Some(expert) => Target::Expert { layer: view.layer, expert },
            None => Target::Token { layer: view.layer, token: view.token },
        };
        match hover.unwrap_or(selected) {
            Target::Layer(layer) => words::of_layer(trace, &self.metrics, layer),
            Target::Expert { layer, expert } => words::of_expert(trace, &self.metrics, layer, expert),
            Target::Token { layer, token } => words::of_token(trace, layer, token),
        }
    }
}

/// An error of the browser in words.
fn said(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| "unknown".to_owned()),
    }
}
