//! Files that somebody drops on the page or chooses: every screen takes every kind, and what a file is decides where it goes.
//!
//! A trace is shown by the explorer, a saved run by the train screen, a text by the screen that is seen (one too short to
//! learn from by the explorer), and the files of a checkpoint are together a model. Anything else is refused as what it is
//! ([`FileKind`]), before more than its beginning was read.

use super::download;
use super::effect::Effect;
use super::format;
use super::lab::{self, Beginning, Chosen};
use super::models::{self, GivenModel};
use super::notice::{Tone, Topic};
use super::reader::{self, Read, ReadFault};
use super::saved_texts::KeptFile;
use super::settings::Screen;
use super::shared::Shared;
use super::state::State;
use crate::file_kind::{FileKind, HEAD, Promised, is_whole_zip, is_zip, promised};
use crate::messages::files as words;
use crate::protocol::MAX_CHARS;
use crate::scene::ViewState;
use crate::trace::{MAX_JSON_BYTES, SavedView};
use web_sys::{Blob, File};

/// Largest saved run and largest checkpoint that are opened, in bytes.
const MAX_RUN: u64 = 512_000_000;
/// Most bytes of a text that is routed; a character has up to four.
const MAX_TEXT: u64 = 4 * MAX_CHARS as u64;
/// Bytes from a file's end in which the list of an archive's files is looked for.
const TAIL: u64 = 64 << 10;
/// The file in an archive that makes it a run.
const RUN: &[u8] = b"run.json";
/// A file before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    name: String,
    size: u64,
    kind: FileKind,
    /// Whether an archive holds a run.
    run: bool,
    /// Whether it begins as an archive does, and has not the end of one.
    cut: bool,
}

/// What becomes of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    Trace,
    /// A text that is routed.
    Text,
    /// To the train screen: a saved run, or a text to learn from.
    Train,
    Checkpoint,
}

/// What was read.
#[derive(Debug)]
pub enum Opened {
    /// A trace.
    Trace(Box<Read>),
    /// A text that is routed, and what is to be said about it.
    Text(String, Option<String>),
    /// What the train screen takes.
    Train(Chosen),
    /// A model, and the files that it was read from.
    Model(GivenModel, Vec<(String, Blob)>),
}

fn refused(file: &Seen) -> String {
    let (kind, mend) = (file.kind.words(), file.kind.mend(&file.name));
    match (file.cut, mend) {
        (true, None) => words::refused_cut(&file.name, kind),
        (true, Some(mend)) => format!("{} {mend}", words::refused_cut(&file.name, kind)),
        (false, mend) => format!("{} {}", words::refused(&file.name, kind), mend.unwrap_or_else(words::opens)),
    }
}

/// Whether so many bytes are few enough; `large` says of size and most that they are not.
fn within(size: u64, most: u64, large: impl FnOnce(String, String) -> String) -> Result<(), String> {
    match size > most {
        true => Err(large(format::bytes(size), format::bytes(most))),
        false => Ok(()),
    }
}

/// What becomes of files on a screen; `train` says that it is the train screen, which learns from texts.
///
/// # Errors
/// Which file is refused, as what, and what to do.
fn plan(files: &[Seen], train: bool) -> Result<Plan, String> {
    if files.iter().any(|file| file.kind.is_part()) && files.iter().all(|file| file.kind.is_part()) {
        return checkpoint(files);
    }
    let [file] = files else {
        // Among the files of a checkpoint, one that is something else is what is wrong.
        let mistaken = |file: &&Seen| {
            let called = promised(&file.name).is_some();
            called
                && matches!(
                    file.kind,
                    FileKind::LfsPointer
                        | FileKind::WebPage
                        | FileKind::Empty
                        | FileKind::Foreign(..)
                        | FileKind::Text
                        | FileKind::Json
                )
        };
        let parts = files.iter().filter(|file| file.kind.is_part()).count();
        let other = files
            .iter()
            .find(mistaken)
            .filter(|_| parts > 0 && files.iter().all(|file| file.kind.is_part() || mistaken(&file)));
        return Err(
            other.map_or_else(|| too_many(files), |file| format!("{} {}", words::no_checkpoint(), refused(file)))
        );
    };
    match file.kind {
        FileKind::Trace | FileKind::Json => {
            let large = |size, most| words::large_trace(&file.name, size, most);
            within(file.size, MAX_JSON_BYTES as u64, large).map(|()| Plan::Trace)
        }
        FileKind::Text => {
            let other = match promised(&file.name) {
                Some(Promised::Json) => words::text_for_json(&file.name),
                Some(Promised::Zip) => words::text_for_zip(&file.name),
                Some(Promised::Weights) => words::text_for_weights(&file.name),
                None => return Ok(if train { Plan::Train } else { Plan::Text }),
            };
            Err(format!("{other} {}", words::mend_as_text()))
        }
        FileKind::Zip if file.run => {
            let large = |size, most| words::large_run(&file.name, size, most);
            within(file.size, MAX_RUN, large).map(|()| Plan::Train)
        }
        FileKind::Zip if !file.cut => Err(words::refused_archive(&file.name)),
        _ => Err(refused(file)),
    }
}

/// Whether files are a whole checkpoint.
fn checkpoint(files: &[Seen]) -> Result<Plan, String> {
    let wanted = [
        (FileKind::Config, "config.json"),
        (FileKind::Tokenizer, "tokenizer.json"),
        (FileKind::Weights, "model.safetensors"),
    ];
    let lacks = wanted.iter().filter(|(kind, _)| files.iter().all(|file| file.kind != *kind)).map(|(_, name)| *name);
    let lacks: Vec<&str> = lacks.collect();
    if !lacks.is_empty() {
        let [names, lacks] = [listed(files.iter().map(told)), listed(lacks.into_iter().map(str::to_owned))];
        return Err(format!("{} {}", words::checkpoint_lacks(names, lacks), words::opens()));
    }
    let twice = wanted.iter().take(2).find(|(kind, _)| files.iter().filter(|file| file.kind == *kind).count() > 1);
    if let Some((_, name)) = twice {
        return Err(words::two_models(name));
    }
    let size = files.iter().map(|file| file.size).sum();
    within(size, MAX_RUN, words::large_checkpoint).map(|()| Plan::Checkpoint)
}

/// A file with what it is.
fn told(file: &Seen) -> String {
    format!("{} ({})", file.name, file.kind.words())
}

/// Names in a sentence; of many the first ones.
fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    let all = names.len();
    let mut shown: Vec<String> = names.take(if all > 5 { 4 } else { 5 }).collect();
    if all > shown.len() {
        shown.push(words::more_names(all - shown.len()));
    }
    match shown.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => words::names(first.join(", "), last),
    }
}

fn too_many(files: &[Seen]) -> String {
    words::too_many(files.len(), listed(files.iter().map(told)))
}

impl State {
    /// Shows what was read.
    pub(super) fn take_read(&mut self, files: Vec<File>, opened: Result<Box<Opened>, String>, fx: &mut Vec<Effect>) {
        self.unsay(Topic::File);
        match opened.map(|opened| *opened) {
            Ok(Opened::Trace(read)) => {
                let (trace, view) = *read;
                if let Some(file) = files.into_iter().next() {
                    self.show_file(file.name(), Shared::new(trace), view);
                    fx.push(Effect::KeepFile(self.readings, file));
                }
            }
            Ok(Opened::Text(text, note)) => {
                self.load(&text, fx);
                if self.settings.screen == Screen::Train {
                    self.settings.screen = Screen::Explore; // It is too short to be learnt from.
                }
                if let Some(note) = note {
                    self.say_about(Topic::File, Tone::Info, note);
                }
            }
            Ok(Opened::Train(chosen)) => {
                self.for_train = Some(Shared::new(chosen));
                self.settings.screen = Screen::Train;
            }
            Ok(Opened::Model(model, parts)) => {
                fx.push(Effect::KeepModel(model.name.clone(), parts));
                self.explore(model, fx);
            }
            Err(why) => self.say_about(Topic::File, Tone::Fault, why),
        }
    }

    /// Shows the file again that the tab showed before a reload, with what was selected since.
    pub(super) fn take_again(&mut self, file: KeptFile, read: Result<Box<Read>, String>, fx: &mut Vec<Effect>) {
        let KeptFile { key, name } = file;
        match read.map(|read| *read) {
            Ok((trace, saved)) => {
                let generated = self.generated.or(saved.and_then(|saved| saved.generated));
                let ViewState { layer, token, expert, .. } = self.view;
                let screen = self.settings.screen;
                let view = SavedView { layer, token, expert, generated };
                self.show_file(name, Shared::new(trace), Some(view));
                (self.file_key, self.settings.screen) = (Some(key), screen);
            }
            Err(why) => {
                let said = format!("{} {why} {}", words::shown_before(name), words::choose_once_more());
                self.not_kept(said, fx);
            }
        }
    }
}

/// Reads files, for the train screen if that is seen.
///
/// # Errors
/// Which file is refused, as what, and what to do.
pub async fn open(files: &[File], train: bool) -> Result<Opened, String> {
    let mut seen = Vec::with_capacity(files.len());
    for file in files {
        seen.push(look(file).await?);
    }
    let plan = plan(&seen, train)?;
    let (Some(file), Some(first)) = (files.first(), seen.first()) else { return Err(too_many(&seen)) };
    match plan {
        Plan::Train => match lab::read(file).await? {
            Ok(chosen) => Ok(Opened::Train(chosen)),
            Err(short) => text(file, first, Some(short)).await,
        },
        Plan::Trace => {
            let read = reader::trace((**file).clone()).await;
            read.map(|read| Opened::Trace(Box::new(read))).map_err(|fault| no_trace(first, &fault))
        }
        Plan::Text => text(file, first, None).await,
        Plan::Checkpoint => {
            let alone = seen.iter().filter(|file| file.kind == FileKind::Weights).count() == 1;
            let (mut parts, mut card) = (Vec::with_capacity(files.len()), Vec::new());
            for (file, seen) in files.iter().zip(&seen) {
                let name = match seen.kind {
                    FileKind::Config => "config.json",
                    FileKind::Tokenizer => "tokenizer.json",
                    FileKind::Card => "card.json",
                    FileKind::Weights if alone => "model.safetensors",
                    _ => &seen.name,
                };
                if seen.kind == FileKind::Card {
                    card = part(file, 0, seen.size).await?;
                }
                parts.push((name.to_owned(), Blob::from(file.clone())));
            }
            let model = GivenModel::of_files(model_name(&card), &parts).map_err(words::model_unread)?;
            Ok(Opened::Model(model, parts))
        }
    }
}

/// The beginning of a text to be routed; `said` comes first in what is said about it.
async fn text(file: &File, seen: &Seen, said: Option<String>) -> Result<Opened, String> {
    let bytes = part(file, 0, MAX_TEXT).await?;
    let Beginning { bytes, note, .. } = lab::beginning(&seen.name, bytes, seen.size, MAX_TEXT as usize)?;
    let text = String::from_utf8_lossy(&bytes);
    let note = said.into_iter().chain(note).reduce(|said, note| format!("{said} {note}"));
    Ok(Opened::Text(text.trim_start_matches('\u{feff}').to_owned(), note))
}

/// That a file is no trace; of JSON that claims to be none, what else it is not.
fn no_trace(file: &Seen, fault: &ReadFault) -> String {
    match fault {
        ReadFault::NoTrace(why) if file.kind == FileKind::Json => {
            format!("{} {}", words::no_trace_but_json(&file.name, why), words::mend_as_text())
        }
        ReadFault::NoTrace(why) => words::no_trace(&file.name, why),
        other => format!("{} {other}", words::not_opened(&file.name)),
    }
}

/// What a file is, from its beginning; of an archive the end tells what is in it.
async fn look(file: &File) -> Result<Seen, String> {
    let (name, size) = (file.name(), file.size() as u64);
    let head = part(file, 0, HEAD as u64).await?;
    let kind = FileKind::of(&name, &head, size);
    let (mut run, mut cut) = (false, false);
    if is_zip(&head) {
        let tail = part(file, size.saturating_sub(TAIL), size).await?;
        cut = !is_whole_zip(&tail);
        run = !cut && kind == FileKind::Zip && tail.windows(RUN.len()).any(|name| name == RUN);
    }
    Ok(Seen { name, size, kind, run, cut })
}

/// Some bytes of a file.
async fn part(file: &File, from: u64, to: u64) -> Result<Vec<u8>, String> {
    let read = download::part(file, from as f64, to as f64).await;
    read.map_err(|detail| words::unread(file.name(), detail))
}

/// What a model is called that came as files: as its card says, in letters that a link may hold.
fn model_name(card: &[u8]) -> String {
    let card = serde_json::from_slice::<serde_json::Value>(card).ok();
    let name = card.as_ref().and_then(|card| card.get("name")?.as_str()).unwrap_or("checkpoint");
    models::opened(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_kind::Foreign;

    #[test]
    fn what_stands_in_the_place_of_a_checkpoints_file_is_named() {
        let [config, tokenizer] = [("config.json", FileKind::Config), ("tokenizer.json", FileKind::Tokenizer)]
            .map(|(name, kind)| seen(name, kind));
        for (kind, words) in
            [(FileKind::LfsPointer, "a Git LFS pointer"), (FileKind::WebPage, "a web page"), (FileKind::Empty, "empty")]
        {
            let said = plan(&[config.clone(), tokenizer.clone(), seen("model.safetensors", kind)], false).unwrap_err();
            assert!(
                said.starts_with("This is no whole checkpoint. model.safetensors cannot be opened: it is ")
                    && said.contains(words),
                "{said}"
            );
            assert!(!said.contains("one at a time"), "{said}");
        }
        let said = plan(
            &[config, seen("tokenizer.json", FileKind::LfsPointer), seen("model.safetensors", FileKind::Weights)],
            true,
        )
        .unwrap_err();
        assert!(said.contains("tokenizer.json cannot be opened") && said.contains("git lfs pull"), "{said}");
        let said = plan(&[tokenizer, seen("notes.txt", FileKind::Text)], false).unwrap_err();
        assert!(said.contains("2 files at once"), "{said}");
    }

    fn seen(name: &str, kind: FileKind) -> Seen {
        Seen { name: name.to_owned(), size: 1000, kind, run: false, cut: false }
    }

    fn run() -> Seen {
        Seen { run: true, ..seen("run.zip", FileKind::Zip) }
    }

    #[test]
    fn every_screen_takes_every_kind_of_file() {
        let on = |train: bool, file: Seen| plan(&[file], train).unwrap();
        for train in [false, true] {
            assert_eq!(on(train, seen("trace.json", FileKind::Trace)), Plan::Trace);
            assert_eq!(on(train, run()), Plan::Train);
        }
        assert_eq!(on(false, seen("a.txt", FileKind::Text)), Plan::Text);
        assert_eq!(on(true, seen("a.txt", FileKind::Text)), Plan::Train, "the run learns from it");
        for train in [false, true] {
            assert_eq!(on(train, seen("a.json", FileKind::Json)), Plan::Trace, "its schema may stand at its end");
        }
        let whole = [
            seen("config.json", FileKind::Config),
            seen("tok.json", FileKind::Tokenizer),
            seen("m.safetensors", FileKind::Weights),
            seen("card.json", FileKind::Card),
        ];
        assert_eq!([false, true].map(|train| plan(&whole, train)), [Ok(Plan::Checkpoint), Ok(Plan::Checkpoint)]);
        let sharded =
            [&whole[..], &[seen("n.safetensors", FileKind::Weights), seen("i.json", FileKind::Index)]].concat();
        assert_eq!(plan(&sharded, false), Ok(Plan::Checkpoint));
    }

    #[test]
    fn what_is_refused_is_named_with_what_it_is() {
        let said = |files: &[Seen]| plan(files, false).unwrap_err();
        let picture = seen("cat.json", FileKind::Foreign(Foreign::Png));
        assert!(
            said(std::slice::from_ref(&picture))
                .starts_with("cat.json cannot be opened: it is a PNG picture. Opened are")
        );
        assert!(said(&[seen("x", FileKind::Empty)]).contains("x cannot be opened: it is empty."));
        let pointer = said(&[seen("model.safetensors", FileKind::LfsPointer)]);
        assert!(pointer.contains("Git LFS pointer") && pointer.contains("git lfs pull"), "{pointer}");
        let page = said(&[seen("tokenizer.json", FileKind::WebPage)]);
        assert!(page.contains("a web page") && page.contains("login"), "{page}");
        let words = said(&[seen("model.safetensors", FileKind::Text)]);
        assert!(words.contains("a text and not weights") && words.contains("fetch it again"), "{words}");
        assert!(said(&[seen("photos.zip", FileKind::Zip)]).contains("no run"));
        let cut = |file: Seen| said(&[Seen { cut: true, ..file }]);
        let run = cut(seen("run.zip", FileKind::Zip));
        assert!(run.contains("a ZIP archive, and not whole: its end is missing") && !run.contains("Unpack"), "{run}");
        let torch = cut(seen("m.pt", FileKind::Foreign(Foreign::PyTorch)));
        assert!(
            torch.contains("a PyTorch checkpoint, and not whole") && torch.ends_with("model.safetensors."),
            "{torch}"
        );
        let alone = said(&[seen("model.safetensors", FileKind::Weights)]);
        assert!(alone.contains("config.json and tokenizer.json must come with it"), "{alone}");
        let both = said(&[seen("a.txt", FileKind::Text), seen("b.json", FileKind::Trace), picture]);
        for words in
            ["3 files at once", "a.txt (a text), b.json (a trace) and cat.json (a PNG picture)", "one at a time"]
        {
            assert!(both.contains(words), "{both}");
        }
        let part = [seen("config.json", FileKind::Config), seen("notes.txt", FileKind::Text)];
        assert!(said(&part).contains("notes.txt (a text)"), "nothing is taken in silence");
        let two = [
            seen("a", FileKind::Config),
            seen("b", FileKind::Config),
            seen("t", FileKind::Tokenizer),
            seen("w", FileKind::Weights),
        ];
        assert!(said(&two).contains("more than one config.json"));
        let many: Vec<Seen> = (0..30).map(|at| seen(&format!("{at}.txt"), FileKind::Text)).collect();
        assert!(said(&many).contains("3.txt (a text) and 26 more."), "{}", said(&many));
    }

    #[test]
    fn sizes_are_checked_before_anything_is_read() {
        let large = |file: Seen| plan(&[Seen { size: 600_000_000, ..file }], false);
        for file in [seen("t.json", FileKind::Trace), seen("j.json", FileKind::Json), run()] {
            let why = large(file).unwrap_err();
            assert!(why.contains("600.0 MB") && why.contains("at most"), "{why}");
        }
        let whole = [FileKind::Config, FileKind::Tokenizer, FileKind::Weights].map(|kind| seen("x", kind));
        let whole = whole.map(|file| Seen { size: 400_000_000, ..file });
        assert!(plan(&whole, false).unwrap_err().contains("1200.0 MB"));
        assert_eq!(large(seen("book.txt", FileKind::Text)), Ok(Plan::Text), "only its beginning is read");
    }

    #[test]
    fn a_model_from_files_is_called_as_its_card_says_and_never_as_a_shipped_one() {
        let name = |card: &str| model_name(card.as_bytes());
        assert_eq!(name(r#"{"name": "My Model_v1.5"}"#), "opened-my-model-v1-5");
        assert_eq!([name("{}"), name("no"), model_name(&[])], ["opened-checkpoint"; 3]);
        let long = name(&format!(r#"{{"name": "{}"}}"#, "é".repeat(99) + &"x".repeat(99)));
        assert_eq!(models::named(&long).as_deref(), Some(long.as_str()), "a link holds it");
    }
}
