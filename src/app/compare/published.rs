//! What is published of the compared models: what their folders say of them, and the results of training.

use crate::app::comparison::{With, is_name};
use crate::app::download::fetch_text;
use crate::app::model_folder::{self, Files};
use crate::app::models::Entry;
use crate::messages::{compare, files};
use crate::results::shown::Report;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where the results lie, beside the page.
const RESULTS: &str = "assets/results.json";

/// What was fetched, and how it is looked at.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The files of the chosen models, or why they cannot be had.
    pub files: BTreeMap<String, Result<Rc<Files>, String>>,
    /// The results, or why they cannot be had.
    pub results: Option<Result<Rc<Report>, String>>,
    /// Whether curves are of the training loss instead of held-out text.
    pub training: bool,
    /// The step that the curves' readout is of; the last if none was chosen.
    pub step: Option<usize>,
    /// The models that were asked for last.
    asked: Option<With>,
}

/// What happens to it.
#[derive(Debug)]
pub enum Publish {
    /// A model's files are here, or not to be had.
    Files(String, Result<Rc<Files>, String>),
    /// The results are here, or not to be had.
    Results(Result<Rc<Report>, String>),
    /// The other curves are wanted.
    Training(bool),
    /// Another step is wanted.
    Step(usize),
}

/// What has to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// A model's files.
    Files(String),
    /// The results.
    Results,
}

impl Published {
    /// Takes what was fetched or chosen.
    pub fn take(&mut self, what: Publish) {
        match what {
            Publish::Files(name, files) => drop(self.files.insert(name, files)),
            Publish::Results(results) => self.results = Some(results),
            Publish::Training(training) => self.training = training,
            Publish::Step(step) => self.step = Some(step),
        }
    }

    /// What has to be fetched so that these models can be shown, once for every choice of models: what could not be had is
    /// asked for again with the next. `listed` are the models that there are, where that is known; an address may name
    /// anything.
    pub fn wants(&mut self, with: &With, listed: Option<&[Entry]>) -> Vec<Fetch> {
        if self.asked.as_ref() == Some(with) {
            return Vec::new();
        }
        self.asked = Some(with.clone());
        let mut wants = Vec::new();
        for name in with.names() {
            if matches!(self.files.get(name), Some(Ok(_))) {
                continue;
            }
            match listed.is_none_or(|entries| entries.iter().any(|entry| entry.name == *name)) && is_name(name) {
                true => wants.push(Fetch::Files(name.clone())),
                false => drop(self.files.insert(name.clone(), Err(compare::not_listed(name)))),
            }
        }
        if !matches!(self.results, Some(Ok(_))) {
            wants.push(Fetch::Results);
        }
        wants
    }
}

impl Fetch {
    /// Fetches it.
    pub async fn done(self) -> Publish {
        match self {
            Self::Files(name) => {
                let files = model_folder::files(&name).await.map(Rc::new);
                Publish::Files(name, files)
            }
            Self::Results => Publish::Results(results().await.map(Rc::new)),
        }
    }
}

async fn results() -> Result<Report, String> {
    let json = fetch_text(RESULTS).await.map_err(|fault| fault.to_string())?;
    serde_json::from_str(&json).map_err(|error| files::misread(RESULTS, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry {
        Entry { name: name.to_owned(), summary: String::new(), parameters: 1, bits_per_byte: None, bytes: 1 }
    }

    #[test]
    fn each_choice_of_models_is_asked_for_once() {
        let mut published = Published::default();
        let listed = [entry("switch"), entry("gshard")];
        let with = With::read("switch,gshard,unheard-of");
        let files = |name: &str| Fetch::Files(name.to_owned());
        assert_eq!(published.wants(&with, Some(&listed)), [files("switch"), files("gshard"), Fetch::Results]);
        assert!(published.files["unheard-of"].is_err());
        assert!(published.wants(&with, Some(&listed)).is_empty());
        published.take(Publish::Files("switch".to_owned(), Err("gone".to_owned())));
        published.take(Publish::Results(Err("gone".to_owned())));
        let with = With::read("switch");
        assert_eq!(published.wants(&with, None), [files("switch"), Fetch::Results], "what could not be had");
    }
}
