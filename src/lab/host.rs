//! Where the trainer runs, a worker or a test: how it lets messages in, waits and tells.

use super::protocol::LabEvent;
use crate::engine::device::OnTrouble;
use std::future::Future;
use web_time::Duration;

/// What the service needs from where it runs.
pub trait Host {
    /// Called when something happens to the GPU.
    const ON_TROUBLE: OnTrouble;

    /// Seconds of [`super::warm::warm_up`] before the first request to a CPU; none where code is compiled before it runs.
    const WARM_UP: Duration = Duration::ZERO;

    /// Milliseconds that a page has to itself for a new run's first picture: it and the trainer share the cores.
    const FIRST_PICTURE: u32 = 0;

    /// Lets messages come in.
    fn pause(&self) -> impl Future<Output = ()>;

    /// Waits.
    fn sleep(&self, millis: u32) -> impl Future<Output = ()>;

    /// Tells the page.
    fn send(&self, event: LabEvent);
}
