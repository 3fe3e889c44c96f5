//! The middle of the screen: the curves on their canvases or as a table, or what a run would be.

use super::action::{Act, Form};
use super::paint::{self, Painting};
use super::screen::{Lab, Msg};
use super::state::Trainer;
use super::{prompts, table};
use crate::app::notice::Tone;
use crate::app::printing::Paper;
use crate::app::{download, picture, save};
use crate::messages::{files, lab};
use crate::scene::frame::Frame;
use crate::scene::lab::{RunView, words};
use crate::scene::{shape::Size, theme::Theme};
use crate::trace::to_csv;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

/// The size of the curves on paper, which are then as wide as the paper.
const PAPER: Size = Size { width: 1060.0, height: 620.0 };

impl Lab {
    /// Makes the curves for paper, as they are when it is asked.
    pub(super) fn on_paper(ctx: &Context<Self>) -> Callback<(), String> {
        let link = ctx.link().clone();
        let drawn = |look: &RunView<'_>| {
            let (inner, Size { width, height }) = paint::drawn(look, PAPER, Theme::Light);
            format!("<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">{inner}</svg>")
        };
        Callback::from(move |()| link.get_component().map_or_else(String::new, |lab| drawn(&lab.state.look())))
    }

    /// Draws the curves for the place that they have now.
    pub(super) fn draw(&mut self) {
        if let Some(size) = self.place().filter(|size| size.width >= 1.0) {
            self.painting.draw(&self.state, size);
        }
    }

    /// The size of the curves' place, if they are shown.
    pub(super) fn place(&self) -> Option<Size> {
        let frame = self.frame.cast::<Element>()?;
        Some(Size { width: frame.client_width() as f32, height: frame.client_height() as f32 })
    }

    /// Saves the curves as they are drawn.
    pub(super) fn save_picture(&self, ctx: &Context<Self>, png: bool) {
        let (Some(size), Some(run)) = (self.place(), &self.state.run) else { return };
        let theme = picture::lasting(ctx.props().theme);
        let (inner, size) = paint::drawn(&self.state.look(), size, theme);
        let subject = self.state.subject();
        let ending = if png { "png" } else { "svg" };
        let name = save::file_name(subject.iter().map(String::as_str).chain(["curves"]), ending);
        let frame = Frame {
            title: format!("{} · {}", run.curve(self.state.selected).name, lab::step(self.state.step())),
            text: String::new(),
            about: lab::picture_about(run.settings.seed, run.settings.top_k, run.settings.experts, run.settings.layers),
            made: match &self.state.trainer {
                Trainer::Ready(device) => Some(lab::picture_made(&device.name)),
                _ => None,
            },
        };
        let say = ctx.link().callback(|(_, words)| Msg::Act(Act::Fault(words)));
        spawn_local(async move {
            picture::save(&name, &picture::framed(&frame, &inner, &[], size, theme).await, &say).await;
        });
    }

    /// Saves the probe as it is shown: its flow, or its routes.
    pub(super) fn save_probe(&self, ctx: &Context<Self>, form: Form) {
        let (Some(probe), Some(run)) = (self.state.probe(), &self.state.run) else { return };
        let (trace, view, theme) = (probe.trace.clone(), self.view, ctx.props().theme);
        let title = format!("{} · {}", run.curve(probe.branch).name, lab::probe_at(probe.step));
        let named = |what: &str, ending: &str| {
            save::file_name(self.state.probe_subject().iter().map(String::as_str).chain(["probe", what]), ending)
        };
        let say = ctx.link().callback(|(_, words)| Msg::Act(Act::Fault(words)));
        let name = match form {
            Form::Csv => {
                let done = download::save(&named("routes", "csv"), "text/csv", &to_csv(&trace));
                done.err().into_iter().for_each(|why| say.emit((Tone::Fault, files::not_saved_because(why))));
                return;
            }
            Form::Svg => named("flow", "svg"),
            Form::Png => named("flow", "png"),
        };
        spawn_local(async move {
            picture::save(&name, &picture::flow(&trace, &view, &title, theme).await, &say).await;
        });
    }

    /// Paints what this frame has time for; nothing if there is nothing to paint.
    pub(super) fn curves_painted(&mut self, theme: Theme) -> Option<Result<(), JsValue>> {
        if !self.painting.unfinished() {
            return None;
        }
        let sheets = self.sheets.each_ref().map(|place| place.cast::<HtmlCanvasElement>());
        let Ok(sheets) = sheets.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default().try_into() else {
            self.painting = Painting::default();
            return None;
        };
        Some(self.painting.paint(&sheets, theme))
    }

    pub(super) fn curves(&self, ctx: &Context<Self>, on: &Callback<Act>) -> Html {
        if self.state.run.is_none() {
            return prompts::welcome(&self.state, on);
        }
        if self.state.table {
            return table::view(&self.state, on);
        }
        let link = ctx.link();
        let look = self.state.look();
        let [now, newest] = [self.state.step(), self.state.newest()].map(|step| step.to_string());
        let [ruler, strips @ ..] = &self.sheets;
        let (down, moved) = (link.callback(Msg::Down), link.callback(Msg::Move));
        let up = link.callback(|_: PointerEvent| Msg::Up);
        html! {
            <>
                <Paper class="paper" make={self.on_paper.clone()} />
                <div class="lab-frame" ref={&self.frame} data-testid="lab-frame">
                    <canvas class="lab-ruler" ref={ruler} tabindex="0" role="slider" aria-label={lab::ruler()}
                        aria-valuemin="0" aria-valuemax={newest} aria-valuenow={now}
                        aria-valuetext={lab::step(self.state.step())} data-testid="lab-ruler"
                        onpointerdown={down.clone()} onpointermove={moved.clone()} onpointerup={up.clone()}
                        onpointercancel={up.clone()} />
                    <div class="lab-plots" role="img" aria-label={words::description(&look)} data-testid="lab-plots"
                        onpointerdown={down} onpointermove={moved} onpointerup={up.clone()} onpointercancel={up}>
                        { for strips.iter().map(|strip| html! { <canvas ref={strip} width="0" height="0" /> }) }
                    </div>
                    if let Some(fault) = &self.fault { <p class="lab-error">{ lab::not_drawn(fault) }</p> }
                </div>
            </>
        }
    }
}
