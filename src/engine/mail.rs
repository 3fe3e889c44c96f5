//! Which waiting request another one replaces: only the newest text, model and comparison matter.

use crate::protocol::Request;
use crate::worker::{Mail, Mailbox};

impl Mail for Request {
    fn replaces(&self, older: &Self) -> bool {
        match self {
            Self::Route { .. } | Self::Generate { .. } => {
                matches!(older, Self::Route { .. } | Self::Generate { .. } | Self::Stop)
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(older),
        }
    }

    /// Models before texts before comparisons.
    fn rank(&self) -> u8 {
        match self {
            Self::Open { .. } => 0,
            Self::Route { .. } | Self::Generate { .. } => 1,
            Self::Compare { .. } => 2,
            Self::Stop => 3,
        }
    }
}

impl Mailbox<Request> {
    /// Whether a newer request waits.
    pub fn is_newer(&self) -> bool {
        self.any(|request| *request != Request::Stop)
    }

    /// Whether a generation should end: it was stopped, or a newer request waits.
    pub fn is_stopped(&self) -> bool {
        self.any(|_| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{DeviceChoice, Manner};

    #[test]
    fn the_newest_of_a_kind_waits_and_models_come_first() {
        let mailbox = Mailbox::default();
        let route = |ticket| Request::Route { ticket, text: String::new(), manner: Manner::default() };
        let compare =
            || Request::Compare { ticket: 1, text: String::new(), models: Vec::new(), manner: Manner::default() };
        let open = || Request::Open { device: DeviceChoice::Cpu, model: String::new(), files: Vec::new() };
        mailbox.push(Request::Stop);
        assert!(mailbox.is_stopped() && !mailbox.is_newer());
        for request in [compare(), route(1), route(2), open()] {
            mailbox.push(request);
        }
        assert!(mailbox.is_newer());
        assert_eq!(std::iter::from_fn(|| mailbox.take()).collect::<Vec<_>>(), [open(), route(2), compare()]);
        assert!(!mailbox.is_stopped());
    }
}
