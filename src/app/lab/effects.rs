//! What the state wants done outside: the trainer is asked, files are read and saved, the browser keeps the run.

use super::action::{Act, Out};
use super::file::Chosen;
use super::run_store;
use super::screen::{Lab, Msg};
use super::table;
use crate::app::action::Action;
use crate::app::{download, models::GivenModel, save};
use crate::messages::lab;
use crate::protocol::FileBytes;
use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

impl Lab {
    pub(super) fn out(&mut self, ctx: &Context<Self>, out: Out) {
        match out {
            Out::Spawn(device) => {
                self.wire.start(device);
                if !std::mem::replace(&mut self.looked, true) {
                    let (link, page) = (ctx.link().clone(), self.page);
                    spawn_local(async move {
                        run_store::get(page)
                            .await
                            .into_iter()
                            .for_each(|kept| link.send_message(Msg::Act(Act::Found(kept))))
                    });
                }
            }
            Out::Keep(kept) if !self.refused => {
                let (link, page) = (ctx.link().clone(), self.page);
                spawn_local(async move {
                    run_store::put(page, kept)
                        .await
                        .err()
                        .into_iter()
                        .for_each(|why| link.send_message(Msg::Refused(why)))
                });
            }
            Out::Keep(_) => {}
            Out::Forget(place) => {
                let (link, page) = (ctx.link().clone(), self.page);
                spawn_local(async move {
                    run_store::forget(&place).await;
                    // Another page may have left one too.
                    run_store::get(page)
                        .await
                        .into_iter()
                        .for_each(|kept| link.send_message(Msg::Act(Act::Found(kept))))
                });
            }
            Out::Share => ctx.props().dispatch.emit(Action::Share),
            Out::Ask(request) => self.wire.send(&request),
            Out::Focus(id) => self.focus = Some(id),
            Out::End => self.wire.end(),
            Out::StartAgain(after) => {
                let link = ctx.link().clone();
                Timeout::new(after, move || link.send_message(Msg::Act(Act::StartAgain))).forget();
            }
            Out::Explore(name, files) => {
                ctx.props().dispatch.emit(Action::Explore(GivenModel::of_bytes(name, files)));
            }
            Out::Picture(png) => self.save_picture(ctx, png),
            Out::SaveProbe(form) => self.save_probe(ctx, form),
            Out::Numbers => {
                let name = save::file_name(self.state.subject().iter().map(String::as_str).chain(["curves"]), "csv");
                if let Some(Err(why)) =
                    table::numbers(&self.state).map(|numbers| download::save(&name, "text/csv", &numbers))
                {
                    self.act(ctx, Act::Fault(lab::numbers_not_saved(why)));
                }
            }
            Out::Save(name, file) => {
                if let Err(why) = download::save_bytes(&name, "application/zip", &file) {
                    self.act(ctx, Act::Fault(lab::run_not_saved(why)));
                }
            }
        }
    }

    /// Takes what was opened for this screen.
    pub(super) fn given(&self, ctx: &Context<Self>) {
        let Some(opened) = &ctx.props().given else { return };
        let act = match &**opened {
            Chosen::Run(file) => Act::Import(FileBytes::At(file.url().to_owned())),
            Chosen::Text(text, note) => Act::Own((text.clone(), note.clone())),
        };
        ctx.link().send_message(Msg::Act(act));
    }
}
