//! Where a service runs, a web worker or a test: how it lets messages in, waits, fetches and answers.

use crate::device::GpuAccess;
use crate::error::FetchFault;
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

    /// The bytes at an address, or why they cannot be had. `progress` hears of bytes done, and of how many.
    fn fetch(
        &self,
        address: &str,
        _progress: &dyn Fn(u64, Option<u64>),
    ) -> impl Future<Output = Result<Vec<u8>, FetchFault>> {
        std::future::ready(Err(FetchFault::Nowhere { address: address.to_owned() }))
    }

    /// Tells the page.
    fn send(&self, event: E);
}
