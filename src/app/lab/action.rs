//! What can happen in the lab, and what may have to be done outside because of it.

use super::state::StoredRun;
use crate::app::worker::Stop;
use crate::protocol::{DeviceChoice, FileBytes};
use crate::run::protocol::{LabEvent, LabRequest, OwnText};
use crate::run::record::BranchId;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Act {
    /// The screen was opened.
    Open,
    /// A setting was changed: its name in links, and its value.
    Set(&'static str, String),
    /// Settings that are worth watching were chosen.
    Preset(&'static str),
    /// A link was opened.
    Link(String),
    /// Back to the settings that hold.
    Undo,
    /// Begin a new run, with the settings that are chosen.
    Start,
    /// Train on, or pause.
    Toggle,
    /// Train by one step.
    Step,
    /// The run from its beginning; asks first where that forgets branches.
    Reset,
    /// Whether that is really wanted.
    Sure(bool),
    /// A run of an earlier visit was found.
    Found(StoredRun),
    /// Go on with it.
    GoOn,
    /// Forget it.
    Forget,
    /// The run's link is wanted.
    Share,
    /// Most steps a second.
    Speed(Option<f32>),
    /// Train the selected branch only, or all.
    Only(bool),
    /// Look at a step; the newest if none.
    Seek(Option<u64>),
    /// So many records on or back.
    Walk(i64),
    /// Select a branch.
    Select(BranchId),
    /// A branch from the step that is looked at is wanted: what shall it do otherwise?
    Plan,
    /// A new branch from the step that is looked at or planned for, with the settings that are chosen.
    Fork,
    /// The branch that is being planned, though it does the same as its parent.
    Copy,
    /// No branch after all.
    NoBranch,
    /// Forget a branch.
    Drop(BranchId),
    /// The chosen coefficients hold from the next step on.
    Apply,
    /// Back to where a branch whose loss was no number can go on, and on from there on another branch, more slowly.
    GoBack,
    /// Another sentence to show.
    Probe(String),
    /// Let the model write.
    Write,
    /// A text of one's own was opened; with what is to be said about it.
    Own((OwnText, Option<String>)),
    /// A saved run was chosen.
    Import(FileBytes),
    /// Save the run.
    Export,
    /// Save the curves as a picture, in pixels or not.
    Picture(bool),
    /// Save the curves as a table.
    Numbers,
    /// Save the probe as it is shown.
    SaveProbe(Form),
    /// Show the model in the explorer.
    Explore,
    /// Another device.
    Device(DeviceChoice),
    /// The tab was hidden or is shown again.
    Hidden(bool),
    /// Whether training goes on while the tab is hidden.
    Background(bool),
    /// The table instead of the curves.
    Table(bool),
    /// The probe as a flow.
    Flow(bool),
    /// All tokens of the probe are wanted.
    Whole,
    /// The sheet of settings, on a phone.
    Sheet(bool),
    /// A notice was read.
    Dismiss(u32),
    /// Something went wrong in the page.
    Fault(String),
    /// The trainer's code runs.
    Event(Box<LabEvent>),
    /// The trainer's worker stopped, for that reason.
    Stopped(Stop),
    /// It is time to start another one.
    StartAgain,
    /// There is no trainer, for that reason.
    Gone(String),
}

/// How the probe is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its flow, as it is drawn now.
    Svg,
    /// The same in pixels.
    Png,
    /// Its routes, one line a choice.
    Csv,
}

/// What must be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Out {
    /// Start a trainer for a device, in the place of the one that is there.
    Spawn(DeviceChoice),
    /// Ask it.
    Ask(LabRequest),
    /// Hand a file to the browser to save.
    Save(String, Vec<u8>),
    /// Save the curves as they are drawn, in pixels or not.
    Picture(bool),
    /// Save the probe as it is shown.
    SaveProbe(Form),
    /// Save them as a table.
    Numbers,
    /// Keep this run in the browser for the next visit.
    Keep(StoredRun),
    /// Forget the one that is kept there.
    Forget(String),
    /// Copy the link.
    Share,
    /// Give the keyboard to the element of that id, once it is there.
    Focus(String),
    /// Open files of a checkpoint in the explorer.
    Explore(String, Vec<(String, Vec<u8>)>),
    /// End the trainer.
    End,
    /// Say when so many milliseconds are over, so that another one is started.
    StartAgain(u32),
}
