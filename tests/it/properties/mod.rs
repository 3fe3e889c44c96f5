//! What must hold for any input: closed forms, finite differences, and runs that must be equal.

mod capacity;
#[cfg(feature = "cli")]
mod competition;
mod kernels;
#[cfg(feature = "cli")]
mod resumed_training;
mod routing_networks;
