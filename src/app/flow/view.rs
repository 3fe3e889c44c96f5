//! The picture as a component: watches its size, the pointer and the keys, and paints when something changed.

use super::drawing::Drawing;
use super::props::FlowProps;
use crate::app::download::words;
use crate::app::keymap::{self, Press};
use crate::app::shared::Shared;
use crate::app::{printing::Paper, translate::prose};
use crate::messages::{explore, scene};
use crate::{
    scene::{
        ViewState,
        flow::still,
        hit::Target,
        method::blended,
        select::{self, Extent, Move},
        shape::{Size, point},
        svg,
        theme::Theme,
        words,
    },
    trace::{Trace, metrics::LayerMetrics},
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

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
    /// Why the picture cannot be painted, or that it can again.
    Fault(Option<String>),
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
    drawing: Drawing,
    metrics: Vec<LayerMetrics>,
    hover: Option<Target>,
    fault: Option<String>,
    observer: Option<Watch>,
}

/// The size of a drawing on paper, which is then as wide as the paper.
const PAPER: Size = Size { width: 1060.0, height: 560.0 };

/// The drawing in the place of the canvas.
fn on_paper(trace: &Shared<Trace>, view: ViewState) -> Callback<(), String> {
    let trace = trace.clone();
    Callback::from(move |()| svg::inline(&still(&trace, &view, PAPER), Theme::Light))
}

impl Component for FlowView {
    type Message = Msg;
    type Properties = FlowProps;

    fn create(ctx: &Context<Self>) -> Self {
        ctx.props().clock.set(ctx.props().view.playhead);
        let (frame, canvas) = (NodeRef::default(), NodeRef::default());
        let on_fault = ctx.link().callback(Msg::Fault);
        Self {
            drawing: Drawing::new(frame.clone(), canvas.clone(), ctx.props().clone(), on_fault),
            frame,
            canvas,
            metrics: blended::metrics(&ctx.props().trace),
            hover: None,
            fault: None,
            observer: None,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &FlowProps) -> bool {
        let new = ctx.props();
        if new.view.playhead != old.view.playhead {
            new.clock.set(new.view.playhead);
        }
        let traces_differ = new.trace != old.trace;
        if traces_differ {
            self.metrics = blended::metrics(&new.trace);
            self.hover = None;
        }
        self.drawing.change(new);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resize => {
                self.drawing.resize();
                false
            }
            Msg::Fault(fault) => {
                self.fault = fault;
                true
            }
            Msg::Over(event) => self.point_at(self.target(&event)),
            Msg::Out => self.point_at(None),
            Msg::Click(event) => {
                let view = select::click(self.now(ctx), self.target(&event));
                ctx.props().on_view.emit(view);
                false
            }
            Msg::Key(event) => {
                let view = self.now(ctx);
                let wish = Press::of(&event).and_then(|press| press.deed(keymap::PICTURE)?.moves());
                // With no expert to let go, the key leads out of the picture.
                if let Some(wish) = wish.filter(|wish| *wish != Move::NoExpert || view.expert.is_some()) {
                    event.prevent_default();
                    self.point_at(None);
                    ctx.props().on_view.emit(select::apply(Extent::of(&ctx.props().trace, view.layer), view, wish));
                }
                false
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let FlowProps { trace, view, name, .. } = ctx.props();
        let caption_id = format!("{name}-caption");
        let link = ctx.link();
        let label = scene::titled(words::title(trace), words::description(trace, &self.metrics, view));
        let caption = match (&self.fault, self.hover) {
            (Some(fault), _) => explore::flow_failed(fault),
            (None, hover) => self.caption(ctx, hover),
        };
        html! {
            <figure class="flow" data-testid={name}>
                <Paper class="paper" make={on_paper(trace, *view)} />
                <div class="flow-frame" ref={&self.frame}>
                    <canvas class="flow-canvas" data-testid={format!("{name}-canvas")} ref={&self.canvas} tabindex="0" role="application"
                        aria-roledescription={explore::flow_role()} aria-label={label} aria-describedby={caption_id.clone()}
                        onpointermove={link.callback(Msg::Over)} onpointerleave={link.callback(|_| Msg::Out)}
                        onclick={link.callback(Msg::Click)} onkeydown={link.callback(Msg::Key)} />
                </div>
                <figcaption class="flow-caption" id={caption_id.clone()} data-testid={caption_id} aria-live="polite">
                    { prose(&caption) }
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
            Err(error) => self.fault = Some(words(error)),
        }
        self.drawing.ask();
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some(watch) = self.observer.take() {
            watch.observer.disconnect();
        }
    }
}

impl FlowView {
    fn observe(&self, ctx: &Context<Self>) -> Result<Watch, JsValue> {
        let link = ctx.link().clone();
        let resized = Closure::new(move || link.send_message(Msg::Resize));
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref())?;
        let frame: Element = self.frame.cast().ok_or("the picture has no frame")?;
        observer.observe(&frame);
        Ok(Watch { observer, _resized: resized })
    }

    /// The state of the page with the playhead of this moment.
    fn now(&self, ctx: &Context<Self>) -> ViewState {
        ViewState { playhead: ctx.props().clock.get(), ..ctx.props().view }
    }

    fn target(&self, event: &MouseEvent) -> Option<Target> {
        let at = point(event.offset_x() as f32, event.offset_y() as f32);
        self.drawing.hit(at)
    }

    fn point_at(&mut self, target: Option<Target>) -> bool {
        let changed = self.hover != target;
        if changed {
            self.hover = target;
            self.drawing.hover(target);
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
