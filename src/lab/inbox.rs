//! Requests that wait for the trainer, in order. A request that makes a waiting one pointless takes its place.

use super::protocol::LabRequest;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// The requests of one page.
#[derive(Default)]
pub struct Inbox(RefCell<State>);

#[derive(Default)]
struct State {
    waiting: VecDeque<LabRequest>,
    closed: bool,
    waker: Option<Waker>,
}

impl Inbox {
    /// Adds a request.
    pub fn push(&self, request: LabRequest) {
        self.change(|state| {
            state.waiting.retain(|old| !replaces(&request, old));
            state.waiting.push_back(request);
        });
    }

    /// No request will follow.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// The next request, if one waits.
    pub fn take(&self) -> Option<LabRequest> {
        self.0.borrow_mut().waiting.pop_front()
    }

    /// Whether a request waits that makes long work pointless.
    pub fn is_superseded(&self) -> bool {
        use LabRequest::{Import, Open, Pause, Start};
        let state = self.0.borrow();
        let ends = |request: &LabRequest| matches!(request, Open { .. } | Start { .. } | Import { .. } | Pause);
        state.closed || state.waiting.iter().any(ends)
    }

    /// Whether none waits, but one may follow.
    pub fn is_idle(&self) -> bool {
        let state = self.0.borrow();
        !state.closed && state.waiting.is_empty()
    }

    /// Whether no request will follow and none waits.
    pub fn is_closed(&self) -> bool {
        let state = self.0.borrow();
        state.closed && state.waiting.is_empty()
    }

    /// The next request; `None` once the inbox is closed and empty.
    pub async fn next(&self) -> Option<LabRequest> {
        poll_fn(|context| {
            let mut state = self.0.borrow_mut();
            let request = state.waiting.pop_front();
            if request.is_some() || state.closed {
                return Poll::Ready(request);
            }
            state.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// The waker is called only after the state is released: it may come straight back.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let waker = {
            let mut state = self.0.borrow_mut();
            change(&mut state);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
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
    use super::Inbox;
    use crate::lab::protocol::LabRequest;
    use crate::lab::{Coefficients, Settings};
    use crate::protocol::DeviceChoice;

    #[test]
    fn only_the_newest_of_a_kind_waits_and_the_order_stays() {
        let inbox = Inbox::default();
        let goto = |ticket| LabRequest::Goto { ticket, branch: 0, step: 5 };
        let set = |branch| LabRequest::SetCoefficients { branch, coefficients: Coefficients::default() };
        for request in [goto(1), set(0), set(1), goto(2), set(0), LabRequest::Pause, goto(3)] {
            inbox.push(request);
        }
        let order: Vec<_> = std::iter::from_fn(|| inbox.take()).collect();
        assert_eq!(order, [set(1), set(0), LabRequest::Pause, goto(3)]);
        let start = || LabRequest::Start { settings: Box::new(Settings::default()), text: None, probe: String::new() };
        let open = LabRequest::Open { device: DeviceChoice::Cpu };
        for request in [open.clone(), goto(1), LabRequest::Pause, start()] {
            inbox.push(request);
        }
        assert_eq!(std::iter::from_fn(|| inbox.take()).collect::<Vec<_>>(), [open, start()]);
        assert!(inbox.is_idle() && !inbox.is_closed());
        inbox.push(LabRequest::Pause);
        assert!(!inbox.is_idle() && inbox.take().is_some());
        inbox.close();
        assert!(inbox.is_closed() && inbox.is_superseded() && !inbox.is_idle());
    }
}
