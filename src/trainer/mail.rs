//! Which waiting request another one replaces, of those to the trainer; the others wait in order.

use crate::run::protocol::LabRequest;
use crate::worker::{Mail, Mailbox};

impl Mail for LabRequest {
    fn replaces(&self, older: &Self) -> bool {
        replaces(self, older)
    }
}

impl Mailbox<LabRequest> {
    /// Whether a request waits that makes long work pointless.
    pub fn is_superseded(&self) -> bool {
        use LabRequest::{Import, Open, Pause, Start};
        self.is_closed() || self.any(|request| matches!(request, Open { .. } | Start { .. } | Import { .. } | Pause))
    }

    /// Whether none waits, but one may follow.
    pub fn is_idle(&self) -> bool {
        !self.is_closed() && !self.any(|_| true)
    }

    /// Whether no request will follow and none waits.
    pub fn is_finished(&self) -> bool {
        self.is_closed() && !self.any(|_| true)
    }
}

/// Whether an old request is pointless now.
fn replaces(new: &LabRequest, old: &LabRequest) -> bool {
    use LabRequest::{Goto, Probe, SetCoefficients, Speed, Start};
    match (new, old) {
        (Goto { .. }, Goto { .. }) | (Probe { .. }, Probe { .. }) | (Speed(_), Speed(_)) => true,
        (SetCoefficients { branch: new, .. }, SetCoefficients { branch: old, .. }) => new == old,
        (Start { .. }, LabRequest::Open { .. } | Speed(_) | LabRequest::Every { .. }) => false,
        // Nothing of the old run matters any more.
        (Start { .. }, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::protocol::DeviceChoice;
    use crate::run::protocol::LabRequest;
    use crate::run::{Coefficients, Settings};
    use crate::worker::Mailbox;

    #[test]
    fn only_the_newest_of_a_kind_waits_and_the_order_stays() {
        let mailbox = Mailbox::default();
        let goto = |ticket| LabRequest::Goto { ticket, branch: 0, step: 5 };
        let set = |branch| LabRequest::SetCoefficients { branch, coefficients: Coefficients::default() };
        for request in [goto(1), set(0), set(1), goto(2), set(0), LabRequest::Pause, goto(3)] {
            mailbox.push(request);
        }
        let order: Vec<_> = std::iter::from_fn(|| mailbox.take()).collect();
        assert_eq!(order, [set(1), set(0), LabRequest::Pause, goto(3)]);
        let start = || LabRequest::Start { settings: Box::new(Settings::default()), text: None, probe: String::new() };
        let open = LabRequest::Open { device: DeviceChoice::Cpu };
        for request in [open.clone(), goto(1), LabRequest::Pause, start()] {
            mailbox.push(request);
        }
        assert_eq!(std::iter::from_fn(|| mailbox.take()).collect::<Vec<_>>(), [open, start()]);
        assert!(mailbox.is_idle() && !mailbox.is_finished());
        mailbox.push(LabRequest::Pause);
        assert!(!mailbox.is_idle() && mailbox.take().is_some());
        mailbox.close();
        assert!(mailbox.is_finished() && mailbox.is_superseded() && !mailbox.is_idle());
    }
}
