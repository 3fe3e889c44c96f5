//! What to do about a fault.

use crate::messages::advice;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What to do about a fault, to whoever can read files, run commands and press keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Advice {
    /// Fetch the file again.
    FetchFile,
    /// Fetch it again and let it end.
    FetchToTheEnd,
    /// Fetch all files again.
    FetchFolder,
    /// Fetch or write the file again.
    FetchOrWrite,
    /// Fetch all files again, or take other ones.
    OtherModel,
    /// Open the same files again.
    OpenAgain,
    /// Open the files together.
    OpenTogether,
    /// Look whether the file is there and may be read.
    CheckPath,
    /// Let Git LFS fetch the file.
    PullLfs,
    /// Download the file itself and not the page about it.
    DownloadResolved,
    /// The same, where nothing is known of the server.
    Download,
    /// Take the safetensors files.
    TakeSafetensors,
    /// Unpack the file, or take the safetensors files.
    UnpackOrTake,
    /// Unpack the file.
    Unpack,
    /// Put the model's safetensors files into the folder.
    FetchWeights,
    /// Use a tokenizer of this program.
    OwnTokenizer,
    /// What kinds of models open here.
    WhatOpens,
    /// Take the field out if it changes nothing.
    TakeOut,
    /// Take an earlier step of the run, or train with a lower rate.
    EarlierStep,
    /// Take another model, or an earlier step of its run.
    OtherStep,
    /// Choose the CPU, or let the program choose.
    ChooseCpu,
    /// Choose the CPU, or route left to right.
    LeftToRight,
    /// Type something.
    Type,
    /// Load a model first.
    LoadFirst,
    /// Reload the page.
    Reload,
    /// Look whether there is a connection, then try again.
    CheckConnection,
    /// Look whether the folder is there, then try again.
    CheckFolder,
    /// Try again.
    TryAgain,
}

impl Advice {
    /// The same after “Try again”, for a page in which that is one press away; `None` where another try brings the same.
    pub fn after_a_try(self) -> Option<String> {
        match self {
            Self::FetchFile => Some(advice::fetch_file_after_a_try().to_owned()),
            Self::FetchToTheEnd => Some(advice::fetch_to_the_end_after_a_try().to_owned()),
            Self::FetchFolder => Some(advice::fetch_folder_after_a_try().to_owned()),
            Self::FetchOrWrite => Some(advice::fetch_or_write_after_a_try().to_owned()),
            Self::OtherModel => Some(advice::other_model_after_a_try().to_owned()),
            Self::OpenAgain => Some(advice::open_again().to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FetchFile => advice::fetch_file(),
            Self::FetchToTheEnd => advice::fetch_to_the_end(),
            Self::FetchFolder => advice::fetch_folder(),
            Self::FetchOrWrite => advice::fetch_or_write(),
            Self::OtherModel => advice::other_model(),
            Self::OpenAgain => advice::open_again(),
            Self::OpenTogether => advice::open_together(),
            Self::CheckPath => advice::check_path(),
            Self::PullLfs => advice::pull_lfs(),
            Self::DownloadResolved => advice::download_resolved(),
            Self::Download => advice::download(),
            Self::TakeSafetensors => advice::take_safetensors(),
            Self::UnpackOrTake => advice::unpack_or_take(),
            Self::Unpack => advice::unpack(),
            Self::FetchWeights => advice::fetch_weights(),
            Self::OwnTokenizer => advice::own_tokenizer(),
            Self::WhatOpens => advice::what_opens(),
            Self::TakeOut => advice::take_out(),
            Self::EarlierStep => advice::earlier_step(),
            Self::OtherStep => advice::other_step(),
            Self::ChooseCpu => advice::choose_cpu(),
            Self::LeftToRight => advice::left_to_right(),
            Self::Type => advice::type_something(),
            Self::LoadFirst => advice::load_first(),
            Self::Reload => advice::reload(),
            Self::CheckConnection => advice::check_connection(),
            Self::CheckFolder => advice::check_folder(),
            Self::TryAgain => advice::try_again(),
        })
    }
}
