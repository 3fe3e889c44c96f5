//! `moescope trace`: route a text and print what happened.

use crate::engine::native::trace_text;
use crate::model::ModelConfig;
use crate::protocol::DeviceChoice;
use crate::scene::{
    method::order,
    words::{choice_in, weighed},
};
use crate::trace::{Choice, Trace, to_json};
use crate::utf16;
use std::path::{Path, PathBuf};

/// See `moescope trace --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Checkpoint folder with config.json, model.safetensors and tokenizer.json (or that in the folder above).
    #[arg(long, default_value = "assets/models/mixtral")]
    model: PathBuf,
    /// The text to route.
    #[arg(long, conflicts_with = "file", required_unless_present = "file")]
    text: Option<String>,
    /// A file with the text to route.
    #[arg(long)]
    file: Option<PathBuf>,
    /// The domain that the text belongs to, for routing-networks, which is told: as its card.json names it, for example
    /// english or rust. [default: nobody says, and the mean of all policies decides]
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// Run on a GPU (needs a build with the feature `gpu`).
    #[arg(long)]
    gpu: bool,
    /// Print the whole trace as JSON (moescope.trace/2).
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let text = match (&arguments.text, &arguments.file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => prose(file)?,
        (None, None) => return Err("name a text with --text or a file with --file".to_owned()),
    };
    if text.is_empty() {
        return Err("the text is empty: there is nothing to route".to_owned());
    }
    let device = if arguments.gpu { DeviceChoice::Gpu } else { DeviceChoice::Cpu };
    let task = arguments.domain.as_deref().map(|name| task(&arguments.model, name)).transpose()?;
    let (trace, cut, passed_over) =
        trace_text(&arguments.model, &text, task, device).map_err(|error| error.to_string())?;
    if let Some(words) = passed_over.said() {
        eprintln!("moescope: {words}");
    }
    if let Some(cut) = cut {
        eprintln!("moescope: the text has {} characters; the first {} were routed", cut.chars, cut.kept);
    }
    if let Some(words) = order::routed(&trace, false) {
        eprintln!("moescope: {words}");
    }
    if arguments.json {
        super::print_lines(std::iter::once(to_json(&trace).map_err(|error| error.to_string())?))
    } else {
        super::print_lines((0..trace.len()).map(|row| line(&trace, row)))
    }
}

/// A file's text; UTF-16 is read, and said so.
fn prose(file: &Path) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    match utf16::decode(&bytes, false) {
        Some(Ok(decoded)) => {
            eprintln!("moescope: {} is UTF-16 ({}) and is read as that", file.display(), decoded.order);
            Ok(decoded.text)
        }
        Some(Err(error)) => Err(format!("{} is UTF-16, but {error}", file.display())),
        None => super::read_text(file),
    }
}

/// The number of a domain among the tasks of the model in a folder.
fn task(folder: &Path, name: &str) -> Result<usize, String> {
    let config = ModelConfig::from_json(&super::read_text(&folder.join("config.json"))?).map_err(|e| e.to_string())?;
    if config.router.tasks() == 0 {
        return Err("--domain: this model is not told the domain of a text; routing-networks is".to_owned());
    }
    let card = super::read_text(&folder.join("card.json"))?;
    let names = crate::card::Card::read(&card).domains();
    names.iter().position(|domain| domain == name).ok_or_else(|| {
        let known = if names.is_empty() { "none, for its card.json names none".to_owned() } else { names.join(", ") };
        format!("--domain: the model knows no domain `{name}`; it knows {known}")
    })
}

/// A token's line: the chosen experts with their weights, layer by layer.
fn line(trace: &Trace, row: usize) -> String {
    let text = trace.tokens.get(row).map(|token| token.text.as_str()).unwrap_or_default();
    let layers: Vec<String> = (0..trace.layers.len()).map(|layer| choices(trace, layer, row)).collect();
    format!("{:<16} {}", format!("{text:?}"), layers.join(" | "))
}

/// What became of each choice of a token in a layer.
fn choices(trace: &Trace, layer: usize, row: usize) -> String {
    let fate = |Choice { expert, weight, dropped }: Choice| {
        let name = choice_in(trace, layer, expert);
        if dropped { format!("{name} dropped") } else { weighed(&name, weight) }
    };
    let all: Vec<String> = trace.layers.get(layer).into_iter().flat_map(|of| of.choices(row)).map(fate).collect();
    if all.is_empty() { "no expert".to_owned() } else { all.join(" + ") }
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::trace::{Matrix, sample};

    #[test]
    fn drops_are_said_and_what_nobody_chose_is_not() {
        let mut trace = sample::trace(3, 1, 4, 2);
        for (token, text) in trace.tokens.iter_mut().zip(["a", " b", "\n"]) {
            token.text = text.to_owned();
        }
        let layer = &mut trace.layers[0];
        layer.experts = Matrix::new(2, vec![3, 0, 1, 2, 0, 1]).unwrap();
        layer.weights = Matrix::new(2, vec![0.75, 0.0, 0.5, 0.0, 0.0, 0.0]);
        layer.dropped = Matrix::new(2, vec![false, false, false, true, false, false]);
        assert_eq!(line(&trace, 0), "\"a\"              1·E4 0.75");
        assert_eq!(line(&trace, 1), "\" b\"             1·E2 0.50 + 1·E3 dropped");
        assert_eq!(line(&trace, 2), "\"\\n\"             no expert");
    }
}
