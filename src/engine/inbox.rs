//! Requests that wait. Only the newest text matters: a request to route or generate replaces the one that waits.

use crate::protocol::Request;
use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// The requests of one page.
#[derive(Default)]
pub struct Inbox(RefCell<State>);

#[derive(Default)]
struct State {
    /// The newest [`Request::Open`].
    open: Option<Request>,
    /// The newest [`Request::Route`] or [`Request::Generate`].
    text: Option<Request>,
    /// The newest [`Request::Compare`].
    compare: Option<Request>,
    stopped: bool,
    closed: bool,
    waker: Option<Waker>,
}

impl Inbox {
    /// Adds a request.
    pub fn push(&self, request: Request) {
        self.change(|state| match request {
            Request::Open { .. } => state.open = Some(request),
            Request::Route { .. } | Request::Generate { .. } => {
                state.stopped = false;
                state.text = Some(request);
            }
            Request::Compare { .. } => state.compare = Some(request),
            Request::Stop => state.stopped = true,
        });
    }

    /// No request will follow.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// Whether a newer request waits.
    pub fn is_newer(&self) -> bool {
        let state = self.0.borrow();
        state.open.is_some() || state.text.is_some() || state.compare.is_some()
    }

    /// Whether a generation should end: it was stopped, or a newer request waits.
    pub fn is_stopped(&self) -> bool {
        self.0.borrow().stopped || self.is_newer()
    }

    /// The next request, models before texts before comparisons; `None` once the inbox is closed and empty.
    pub async fn next(&self) -> Option<Request> {
        poll_fn(|context| {
            let mut state = self.0.borrow_mut();
            let request = state.open.take().or_else(|| state.text.take()).or_else(|| state.compare.take());
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
