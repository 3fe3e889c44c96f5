//! Requests that wait for a service.
//!
//! A page asks faster than a model answers. What a newer request makes pointless is thrown away before it costs anything:
//! each kind of request says what it replaces ([`Mail`]).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// A request that can wait.
pub trait Mail {
    /// Whether this request makes an older, waiting one pointless.
    fn replaces(&self, older: &Self) -> bool;

    /// Requests of a lower rank are answered first, those of one rank in their order.
    fn rank(&self) -> u8 {
        0
    }
}

/// The waiting requests of one page.
pub struct Mailbox<R>(RefCell<State<R>>);

struct State<R> {
    waiting: VecDeque<R>,
    closed: bool,
    waker: Option<Waker>,
}

impl<R> Default for Mailbox<R> {
    fn default() -> Self {
        Self(RefCell::new(State { waiting: VecDeque::new(), closed: false, waker: None }))
    }
}

impl<R: Mail> Mailbox<R> {
    /// Adds a request.
    pub fn push(&self, request: R) {
        self.change(|state| {
            state.waiting.retain(|older| !request.replaces(older));
            state.waiting.push_back(request);
        });
    }

    /// No request will follow.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// The next request, if one waits.
    pub fn take(&self) -> Option<R> {
        self.0.borrow_mut().take()
    }

    /// The next request; `None` once the mailbox is closed and empty.
    pub async fn next(&self) -> Option<R> {
        poll_fn(|context| {
            let mut state = self.0.borrow_mut();
            let request = state.take();
            if request.is_some() || state.closed {
                return Poll::Ready(request);
            }
            state.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Whether such a request waits.
    pub fn any(&self, is: impl FnMut(&R) -> bool) -> bool {
        self.0.borrow().waiting.iter().any(is)
    }

    /// Whether no request will follow those that wait.
    pub fn is_closed(&self) -> bool {
        self.0.borrow().closed
    }

    /// The waker is called only after the state is released: it may come straight back.
    fn change(&self, change: impl FnOnce(&mut State<R>)) {
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

impl<R: Mail> State<R> {
    fn take(&mut self) -> Option<R> {
        let (first, _) = self.waiting.iter().enumerate().min_by_key(|(place, request)| (request.rank(), *place))?;
        self.waiting.remove(first)
    }
}
