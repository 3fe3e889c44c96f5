//! What the engine was asked, and what it has: the page's one record of it.

use super::models::{GivenModel, Model};
use crate::protocol::DeviceChoice;
use std::rc::Rc;

/// What the engine can have open: a model on a device.
pub type Opened = (Model, DeviceChoice);

/// Where the conversation with the engine stands.
#[derive(Clone, Debug, Default)]
pub struct EngineSession {
    /// Whether the engine was ever wanted.
    pub started: bool,
    /// Whether there is a worker, dead or alive, that nobody has heard the end of.
    pub alive: bool,
    /// The device that the worker of now was started for, which decides the build of the engine.
    pub built_for: DeviceChoice,
    /// The device that was in use before another build of the engine took the worker's place, until that one has answered.
    pub before: Option<DeviceChoice>,
    /// What the engine has.
    pub opened: Option<Opened>,
    /// What it was asked to open and has not answered yet. It is asked for one thing at a time: what is chosen meanwhile is
    /// asked for when the answer is here, so that every answer is known to be about what was asked.
    pub asked: Option<Opened>,
    /// A model that lies at no address, because it was trained in this page or came as files.
    pub given: Option<Rc<GivenModel>>,
    /// The ticket of the newest question about the text; answers to older ones are not shown.
    pub ticket: u64,
    /// The ticket of the newest comparison, which goes on beside the routing of the text.
    pub comparison: u64,
    /// How often the engine ended without a trace between.
    pub crashes: u32,
}

impl EngineSession {
    /// The files of that model, if it is the one that lies at no address.
    pub fn given(&self, model: &Model) -> Option<Rc<GivenModel>> {
        self.given.clone().filter(|given| model.as_ref() == Some(&given.name))
    }

    /// The next ticket: what was asked before is out of date.
    pub fn next_ticket(&mut self) -> u64 {
        self.ticket += 1;
        self.ticket
    }
}
