//! `moescope tokenizer`: train a tokenizer on a corpus.

use crate::token::{Tokenizer, first_documents};
use crate::train::corpus;
use std::path::PathBuf;

/// See `moescope tokenizer --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Folder with <domain>.train.txt.zst files.
    #[arg(long)]
    corpus: PathBuf,
    /// Tokens in the vocabulary.
    #[arg(long, default_value_t = 3328)]
    vocab: usize,
    /// Bytes of each domain to learn from.
    #[arg(long, default_value_t = 3_000_000)]
    bytes: usize,
    /// Where to write tokenizer.json.
    #[arg(long)]
    out: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let texts = corpus::texts(&arguments.corpus, "train").map_err(|error| error.to_string())?;
    let documents: Vec<&str> = texts.iter().flat_map(|(_, text)| first_documents(text, arguments.bytes)).collect();
    let bar = super::bar(arguments.vocab as u64, "tokens");
    let tokenizer = Tokenizer::train(&documents, arguments.vocab, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })
    .map_err(|error| error.to_string())?;
    bar.finish();
    std::fs::write(&arguments.out, tokenizer.to_json())
        .map_err(|error| format!("{} cannot be written: {error}", arguments.out.display()))
}
