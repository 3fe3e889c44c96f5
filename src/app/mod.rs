//! The page: shell, panels, controls, address bar and theme, in Yew.
//!
//! The page knows no model. It holds one [`state::State`], and every panel is drawn from it. What happens is an
//! [`action::Action`]; `update` says what it does to the state and, as `effect`s, what is to be done outside, which `perform`
//! does ([`store`]). Traces come from the engine in its worker ([`wire`]), from the bundled recording ([`recording`])
//! or from a file that somebody opens (`opening`), and all are shown by the same panels.
//!
//! # A new panel and a browser's translator
//! Students read in their own language: sentences may be translated, what the model computed may not. So a panel puts
//! `translate="no"` on what is all numbers, tokens, formulas or names (a table's body, a picture, a formula), and writes
//! sentences that hold such pieces with [`translate::prose`]. A translator takes Yew's text nodes out of the page;
//! `www/translated.js` brings them back before Yew touches them, so no panel need care. The browser tests `translator` walk
//! through every screen with a translator at work and fail where a bare number or name is in its reach, a sentence is not,
//! or an old one stays.

pub mod action;
pub mod address;

mod balance;
mod boxes;
mod browser;
mod build;
mod card;
#[cfg(feature = "studio")]
mod compare;
mod comparison;
mod context;
mod continuation;
mod deferred;
mod device;
mod digits;
mod domain_select;
mod download;
mod effect;
mod engine;
mod expert_card;
mod field;
pub mod flow;
pub mod format;
mod full_page;
mod gate_words;
mod generate;
mod header;
mod heartbeat;
mod help;
mod history;
mod hooks;
mod icon;
mod inspector;
mod kept_file;
mod kept_model;
mod keymap;
#[cfg(feature = "studio")]
mod lab;
mod menu;
#[cfg(feature = "studio")]
mod method;
#[cfg(feature = "studio")]
mod model_folder;
pub mod models;
pub mod notice;
#[cfg(feature = "studio")]
mod opening;
mod packed;
mod perform;
mod picture;
mod predictions;
mod printing;
#[cfg(feature = "studio")]
mod reader;
mod recording;
mod samples;
mod save;
mod saved_texts;
mod scene_view;
mod scores;
#[cfg(feature = "studio")]
mod seen;
mod session;
pub mod settings;
mod share;
mod shared;
mod shell;
mod signals;
pub mod spans;
mod stage;
pub mod state;
pub mod store;
mod table;
mod text_controls;
mod text_strip;
mod token_layer;
mod tour;
#[cfg(feature = "studio")]
mod tour_further;
mod tour_step;
mod tour_steps;
mod translate;
mod turning;
mod typing;
mod undo;
mod update;
mod urls;
mod visible_prefix;
mod wide;
pub mod wire;
mod worker;

/// Puts the page into the document.
pub fn run() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "studio")]
    if let Some(scope) = reader::scope() {
        return reader::serve(scope);
    }
    let document = gloo::utils::document();
    hooks::install();
    full_page::allow_leaving(match document.get_element_by_id("page") {
        Some(root) => yew::Renderer::<shell::App>::with_root(root).render(),
        None => yew::Renderer::<shell::App>::new().render(),
    });
}
