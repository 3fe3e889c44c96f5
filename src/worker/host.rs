//! Where a service runs, a web worker or a test: how it lets messages in, waits, fetches and answers.

use crate::device::GpuAccess;
use std::future::Future;

/// What a service needs from where it runs; `E` is what it tells its page.
pub trait Host<E> {
    /// What is known of the GPU, and who hears of trouble with it.
    fn gpu(&self) -> GpuAccess {
        GpuAccess::default()
    }

    /// Lets messages come in.
    fn pause(&self) -> impl Future<Output = ()>;

    /// Waits for so many milliseconds.
    fn sleep(&self, millis: u32) -> impl Future<Output = ()>;

    /// The bytes at an address, or what went wrong and what to do. `progress` hears of bytes done, and of how many.
    fn fetch(
        &self,
        address: &str,
        _progress: &dyn Fn(u64, Option<u64>),
    ) -> impl Future<Output = Result<Vec<u8>, String>> {
        std::future::ready(Err(format!("{address} cannot be fetched: nothing can be from here.")))
    }

    /// Tells the page.
    fn send(&self, event: E);
}
