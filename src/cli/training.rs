//! `moescope train`: one model on a corpus, many by a plan, or a run of the page in the terminal.

use super::train::{self, Arguments};
use super::{lab, queue};

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if let Some(threads) = arguments.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build_global()
            .map_err(|error| format!("--threads {threads}: {error}"))?;
    }
    if let Some(path) = &arguments.plan {
        return queue::run(arguments, path);
    }
    let Some(folder) = &arguments.corpus else {
        return match crate::run::Preset::named(&arguments.preset) {
            Some(preset) => lab::run(arguments, &preset),
            None => Err(format!(
                "`{}` is trained on a corpus: name its folder with --corpus, or choose a preset of the training lab",
                arguments.preset
            )),
        };
    };
    train::run(arguments, folder)
}
