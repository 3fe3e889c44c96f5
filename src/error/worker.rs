//! What can happen to a web worker, to the GPU that it uses, and to a file that it fetches.

use super::Advice;
use crate::messages::worker;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What stops a worker, or a message to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkerFault {
    /// The code panicked, there and for that reason.
    Panicked(String),
    /// A message could not be read: page and worker are of different versions.
    Unreadable,
    /// The browser's workers lack something, in its own words.
    Unsupported(String),
    /// Something happened to the GPU.
    Gpu(Trouble),
}

impl WorkerFault {
    /// Whether the worker can answer no more.
    pub fn is_fatal(&self) -> bool {
        *self != Self::Unreadable
    }
}

/// What can happen to a device behind our back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// It is gone; what the browser says of that, or nothing.
    Lost(String),
    /// It refused an operation, so results may be wrong.
    Uncaptured(String),
}

/// Why a file cannot be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FetchFault {
    /// Nobody answers.
    Unreachable {
        /// The file's address.
        address: String,
        /// What the browser says.
        detail: String,
    },
    /// The server refuses.
    Refused {
        /// The file's address.
        address: String,
        /// The number that it answers with, such as 404.
        status: u16,
        /// The words beside it.
        words: String,
    },
    /// The file is larger than what is fetched.
    TooLarge {
        /// The file's address.
        address: String,
        /// Most that is fetched, in MiB.
        most: u64,
    },
    /// The answer ended before its end.
    BrokeOff {
        /// The file's address.
        address: String,
        /// Bytes that came.
        have: u64,
        /// Bytes that should have come.
        whole: u64,
    },
    /// Nothing can be fetched from here.
    Nowhere {
        /// The file's address.
        address: String,
    },
}

impl FetchFault {
    /// What to do about it; `None` where nothing helps.
    pub fn advice(&self) -> Option<Advice> {
        match self {
            Self::Unreachable { .. } => Some(Advice::CheckConnection),
            Self::Refused { .. } => Some(Advice::CheckFolder),
            Self::BrokeOff { .. } => Some(Advice::TryAgain),
            Self::TooLarge { .. } | Self::Nowhere { .. } => None,
        }
    }
}

impl fmt::Display for FetchFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Unreachable { address, detail } => worker::unreachable(address, detail),
            // The number is a name here, and no count. HTTP/2 has no words beside it.
            Self::Refused { address, status, words } if words.is_empty() => {
                worker::refused_wordless(address, status.to_string())
            }
            Self::Refused { address, status, words } => worker::refused(address, status.to_string(), words),
            Self::TooLarge { address, most } => worker::too_large(address, *most),
            Self::BrokeOff { address, have, whole } => worker::broke_off(address, *have, *whole),
            Self::Nowhere { address } => worker::nowhere(address),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FetchFault;

    #[test]
    fn a_server_that_refuses_with_a_number_alone_is_quoted_with_it() {
        let said = |words: &str| {
            FetchFault::Refused { address: "a.json".to_owned(), status: 404, words: words.to_owned() }.to_string()
        };
        assert_eq!(said("Not Found"), "a.json could not be fetched: the server says 404 Not Found.");
        assert_eq!(said(""), "a.json could not be fetched: the server says 404.");
    }
}
