//! What can be wrong with a file of a model.

use super::Advice;
use crate::messages::model;
use serde::{Deserialize, Serialize};

/// Why a file of a model cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFault {
    /// It is not there.
    Missing,
    /// It has no bytes.
    Empty,
    /// A file of JSON ends before its end.
    BreaksOff {
        /// Bytes that are here.
        have: u64,
    },
    /// It has another length than its own beginning says.
    NotWhole {
        /// Bytes that are here.
        have: u64,
        /// Bytes of the whole file.
        whole: u64,
    },
    /// Weights whose beginning cannot be read.
    NotSafetensors {
        /// Bytes that are here.
        have: u64,
        /// What safetensors' own library says.
        detail: String,
    },
    /// It is not JSON, or not what such a file holds.
    NotJson {
        /// What `serde_json` says.
        detail: String,
    },
    /// It is not UTF-8.
    NotText {
        /// Bytes that are here.
        have: u64,
        /// What the decoder says.
        detail: String,
    },
    /// The system does not give it.
    Unreadable {
        /// What the system says.
        detail: String,
    },
    /// The visitor chose it, and it is no longer what it was.
    Moved,
    /// An index names it, and it is not among the others.
    NotGiven {
        /// The index.
        index: String,
    },
    /// It is an index that names something else than weights beside it.
    Names {
        /// What it names.
        other: String,
    },
    /// It is an index of no files.
    NamesNothing,
    /// It cannot be written.
    NotWritten {
        /// What the library says that writes it.
        detail: String,
    },
    /// It is a note that Git LFS leaves in a file's place.
    LfsPointer {
        /// Bytes of the note.
        size: u64,
        /// Bytes of the file, where the note says so.
        whole: Option<u64>,
    },
    /// It is a web page.
    WebPage {
        /// Its bytes.
        size: u64,
    },
    /// It is weights for llama.cpp.
    Gguf,
    /// It is a zip archive, or what PyTorch writes.
    Archive,
    /// It is what SentencePiece writes, `tokenizer.model`.
    SentencePiece,
    /// It is compressed by gzip.
    Gzip,
    /// It is a server's answer instead of the file.
    Answer {
        /// Its beginning.
        answer: String,
    },
}

impl FileFault {
    pub(super) fn advice(&self) -> Option<Advice> {
        Some(match self {
            Self::Missing => Advice::FetchFolder,
            Self::NotWhole { .. } => Advice::FetchToTheEnd,
            Self::Empty
            | Self::BreaksOff { .. }
            | Self::NotSafetensors { .. }
            | Self::NotJson { .. }
            | Self::NotText { .. } => Advice::FetchFile,
            Self::Unreadable { .. } => Advice::CheckPath,
            Self::Moved => Advice::OpenAgain,
            Self::NotGiven { .. } => Advice::OpenTogether,
            Self::Names { .. } | Self::NamesNothing | Self::NotWritten { .. } => return None,
            Self::LfsPointer { .. } => Advice::PullLfs,
            Self::WebPage { .. } => Advice::DownloadResolved,
            Self::Gguf => Advice::TakeSafetensors,
            Self::Archive => Advice::UnpackOrTake,
            Self::SentencePiece => Advice::OwnTokenizer,
            Self::Gzip => Advice::Unpack,
            Self::Answer { .. } => Advice::Download,
        })
    }

    /// A sentence of the file of that name.
    pub(super) fn said(&self, name: &str) -> String {
        match self {
            Self::Missing => model::file_missing(name),
            Self::Empty => model::file_empty(name),
            Self::BreaksOff { have } => model::file_breaks_off(name, *have),
            Self::NotWhole { have, whole } => model::file_not_whole(name, *have, *whole),
            Self::NotSafetensors { have, detail } => model::file_not_safetensors(name, *have, detail),
            Self::NotJson { detail } | Self::Unreadable { detail } => model::file_unreadable(name, detail),
            Self::NotText { have, detail } => model::file_not_text(name, *have, detail),
            Self::Moved => model::file_moved(name),
            Self::NotGiven { index } => model::file_not_given(name, index),
            Self::Names { other } => model::index_names(name, other),
            Self::NamesNothing => model::index_names_nothing(name),
            Self::NotWritten { detail } => model::file_not_written(name, detail),
            Self::LfsPointer { size, whole: Some(whole) } => model::file_lfs_pointer(name, *size, *whole),
            Self::LfsPointer { size, whole: None } => model::file_lfs_pointer_alone(name, *size),
            Self::WebPage { size } => model::file_web_page(name, *size),
            Self::Gguf => model::file_gguf(name),
            Self::Archive => model::file_archive(name),
            Self::SentencePiece => model::file_sentence_piece(name),
            Self::Gzip => model::file_gzip(name),
            Self::Answer { answer } => model::file_answer(name, answer),
        }
    }
}
