//! A run's text as tokens: what is trained on, and what is held out.

use crate::run::fault::{LabFault, TextFault};
use crate::run::protocol::{OwnText, TextInfo};
use crate::run::settings::{SEQUENCES, Settings, TextChoice};
use crate::run::text::{Source, bundled, own};
use crate::token::Tokenizer;
use crate::train::batches::Batch;
use crate::train::domain::Domain;

/// How much of the text the vocabulary is learned from, in bytes.
const SHARE: usize = 300_000;
/// One document in so many is held out.
const HELD_OUT: usize = 10;

/// A text as tokens.
#[derive(Clone, Debug)]
pub struct Data {
    /// Learned from the text.
    pub tokenizer: Tokenizer,
    /// What is trained on.
    pub train: Vec<Domain>,
    /// What is measured on: the same sequences every time.
    pub held_out: Batch,
    /// Bytes of text that the targets of `held_out` stand for.
    pub held_out_bytes: usize,
    /// In numbers.
    pub info: TextInfo,
    /// A sentence to show if the visitor gives none.
    pub probe: String,
    /// The visitor's text, for an export that can be resumed.
    pub own: Option<OwnText>,
}

impl Data {
    /// Reads the text that the settings ask for.
    ///
    /// # Errors
    /// If the visitor's text is missing, cannot be used, or is too short.
    pub fn read(settings: &Settings, text: Option<OwnText>) -> Result<Self, LabFault> {
        let wrong = |fault: TextFault| LabFault::Text(fault);
        let (sources, total) = match (settings.text, &text) {
            (TextChoice::Own, Some(text)) => {
                (vec![own(text).map_err(|error| wrong(TextFault::Own(error)))?], Some(text.total))
            }
            (TextChoice::Own, None) => {
                return Err(wrong(TextFault::None));
            }
            (choice, _) => (bundled(choice), None),
        };
        let share = SHARE / sources.len().max(1);
        let documents: Vec<&str> = sources.iter().flat_map(|source| beginning(source, share)).collect();
        let tokenizer = Tokenizer::train_at_most(&documents, settings.vocabulary, |_, _| ())
            .map_err(|error| wrong(TextFault::Tokenizer(error)))?;
        let (mut train, mut held_out, mut bytes) = (Vec::new(), Vec::new(), 0);
        for source in &sources {
            let (first, last) = split(source);
            bytes += first.iter().chain(&last).map(|document| document.len() as u64).sum::<u64>();
            train.push(domain(&source.name, &first, &tokenizer));
            held_out.push(domain(&source.name, &last, &tokenizer));
        }
        let shortest = train.iter().chain(&held_out).map(|domain| domain.ids.len()).min().unwrap_or(0);
        if shortest <= settings.len {
            return Err(wrong(TextFault::Short { len: settings.len, shortest }));
        }
        let count = |domains: &[Domain]| domains.iter().map(|domain| domain.ids.len() as u64).sum();
        let info = TextInfo {
            domains: sources.iter().map(|source| source.name.clone()).collect(),
            bytes,
            total: total.unwrap_or(bytes),
            train: count(&train),
            held_out: count(&held_out),
            vocabulary: tokenizer.vocab_size() as u32,
        };
        let (held_out, held_out_bytes) = windows(&held_out, settings.len, &tokenizer);
        let probe = probe(&sources);
        Ok(Self { tokenizer, train, held_out, held_out_bytes, info, probe, own: text })
    }
}

/// The first documents of a source, so many bytes of them; the beginning of the first if that is longer.
fn beginning(source: &Source, bytes: usize) -> Vec<&str> {
    let mut left = bytes;
    let mut out = Vec::new();
    for document in &source.documents {
        if left == 0 {
            break;
        }
        let end = document.floor_char_boundary(document.len().min(left));
        out.push(&document[..end]);
        left -= document.len().min(left);
    }
    out
}

/// What is trained on and what is held out: the last tenth of the documents, or of the text if there are few.
fn split(source: &Source) -> (Vec<&str>, Vec<&str>) {
    let documents: Vec<&str> = source.documents.iter().map(String::as_str).collect();
    if documents.len() >= 2 * HELD_OUT {
        let at = documents.len() - documents.len() / HELD_OUT;
        return (documents[..at].to_vec(), documents[at..].to_vec());
    }
    let cut = |document: &&str| document.floor_char_boundary(document.len() - document.len() / HELD_OUT);
    (
        documents.iter().map(|document| &document[..cut(document)]).collect(),
        documents.iter().map(|document| &document[cut(document)..]).collect(),
    )
}

fn domain(name: &str, documents: &[&str], tokenizer: &Tokenizer) -> Domain {
    let mut ids = Vec::new();
    for document in documents {
        ids.extend(tokenizer.encode(document).iter().map(|token| token.id as u16));
        ids.push(tokenizer.end_of_text() as u16);
    }
    Domain { name: name.to_owned(), ids, bytes: documents.iter().map(|document| document.len()).sum() }
}

/// Evenly spaced sequences of every domain in turn, and the bytes that their targets stand for.
fn windows(domains: &[Domain], len: usize, tokenizer: &Tokenizer) -> (Batch, usize) {
    let mut batch = Batch { inputs: Vec::new(), targets: Vec::new(), domains: Vec::new() };
    let turns = SEQUENCES.div_ceil(domains.len().max(1));
    for turn in 0..turns {
        for (number, Domain { ids, .. }) in domains.iter().enumerate() {
            let start = (ids.len() - len - 1) * turn / turns.saturating_sub(1).max(1);
            batch.inputs.extend(ids[start..start + len].iter().map(|&id| u32::from(id)));
            batch.targets.extend(ids[start + 1..=start + len].iter().map(|&id| i32::from(id)));
            batch.domains.push(number);
        }
    }
    let end = tokenizer.end_of_text();
    let ids = batch.targets.iter().map(|&id| id as u32).filter(|&id| id != end);
    let bytes = ids.map(|id| tokenizer.bytes(id).map_or(0, <[u8]>::len)).sum();
    (batch, bytes)
}

/// The beginning of a held-out document of every domain, some words of each.
fn probe(sources: &[Source]) -> String {
    let most = if sources.len() > 1 { 40 } else { 120 };
    let part = |source: &Source| {
        let last = source.documents.last().map(String::as_str).unwrap_or_default();
        let tail = match source.documents.len() > 1 {
            true => last,
            false => from_word(&last[last.floor_char_boundary(last.len() * 19 / 20)..]),
        };
        to_end(tail, most).trim().to_owned()
    };
    sources.iter().map(part).collect::<Vec<_>>().join("\n")
}

/// Without the end of a word that it begins with.
fn from_word(text: &str) -> &str {
    text.find(char::is_whitespace).map_or(text, |at| text[at..].trim_start())
}

/// At most so many bytes from the beginning, up to the end of a line or sentence in their second half, else of a word.
fn to_end(text: &str, most: usize) -> &str {
    let cut = &text[..text.floor_char_boundary(most)];
    if cut.len() == text.len() {
        return text;
    }
    let late = |at: &usize| *at >= most / 2;
    let line = cut.rfind('\n').filter(late);
    let sentence = || cut.rfind([';', '.', '!', '?', '}']).map(|at| at + 1).filter(late);
    &cut[..line.or_else(sentence).or_else(|| cut.rfind(' ')).unwrap_or(cut.len())]
}

#[cfg(test)]
mod tests {
    use super::{Data, from_word, to_end};
    use crate::run::fault::{LabFault, TextFault};
    use crate::run::protocol::{MAX_PROBE, OwnText};
    use crate::run::{Settings, TextChoice};

    #[test]
    fn every_bundled_text_gives_domains_a_vocabulary_and_sequences() {
        for text in [TextChoice::Mixed, TextChoice::Stories, TextChoice::Arithmetic, TextChoice::Code] {
            let settings = Settings { text, ..Settings::default() };
            let data = Data::read(&settings, None).unwrap();
            assert_eq!(data.info.domains.len(), text.domains());
            // Sums have few pairs to join.
            let least = if text == TextChoice::Arithmetic { 258 } else { settings.vocabulary };
            assert!((least..=settings.vocabulary).contains(&data.tokenizer.vocab_size()));
            assert_eq!(data.held_out.inputs.len(), 8 * settings.len);
            assert_eq!(settings.held_out_tokens(), 8 * settings.len);
            assert!((0.1..0.12).contains(&(data.info.held_out as f64 / data.info.train as f64)));
            assert!(data.held_out_bytes > data.held_out.targets.len());
            assert!(!data.probe.is_empty() && data.probe.len() < MAX_PROBE);
        }
    }

    #[test]
    fn a_probe_ends_where_a_reader_would_stop() {
        assert_eq!(to_end("short", 40), "short");
        assert_eq!(to_end("One is here. Two is there. Three is", 30), "One is here. Two is there.");
        assert_eq!(to_end("let a = 1;\nlet b = 2;\nlet long = 3", 26), "let a = 1;\nlet b = 2;");
        assert_eq!(to_end("One. And now a long sentence without end", 30), "One. And now a long sentence");
        assert_eq!((to_end("雨雨雨雨", 7), to_end("", 7)), ("雨雨", ""));
        assert_eq!((from_word("ong way\nhome"), from_word("one")), ("way\nhome", "one"));
    }

    #[test]
    fn a_file_of_ones_own_is_read_and_a_monotonous_one_has_a_small_vocabulary() {
        let settings = Settings { text: TextChoice::Own, ..Settings::default() };
        assert!(Data::read(&settings, None).unwrap_err().to_string().contains("no text"));
        let own = |text: &str| OwnText { name: "a".into(), bytes: text.into(), total: text.len() as u64 };
        let data = Data::read(&settings, Some(own(&"ab ".repeat(20_000)))).unwrap();
        assert!(data.info.vocabulary < 270, "{}", data.info.vocabulary);
        let words: String = (0..400).map(|n| format!("{n} ")).collect();
        let long = Settings { len: 512, ..settings };
        let error = Data::read(&long, Some(own(&words.repeat(2)))).unwrap_err();
        assert!(matches!(error, LabFault::Text(TextFault::Short { len: 512, .. })), "{error}");
    }
}
