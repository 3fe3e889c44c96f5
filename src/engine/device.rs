//! Which device computes, and why.
//!
//! WebGPU is taken only where it is real and safe: a software adapter loses to the CPU kernels by far, and Burn's runtime
//! stops the program on an adapter without timestamps. Everything else runs on the CPU, with Burn's Flex backend and
//! our own kernels. Either way the choice comes with its reason in words, because the page shows it.

use crate::model::{Compute, ModelError};
use crate::protocol::{DeviceChoice, DeviceReport};
use burn::tensor::Device;

/// A device that is ready.
#[derive(Clone, Debug)]
pub struct OpenDevice {
    /// Where tensors live.
    pub device: Device,
    /// How the heavy operations run there.
    pub compute: Compute,
    /// The device in words.
    pub report: DeviceReport,
}

/// What can happen to a device behind our back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is gone.
    Lost(String),
    /// It refused an operation, so results may be wrong.
    Uncaptured(String),
}

/// Called when something happens to a GPU.
pub type OnTrouble = fn(Trouble);

impl OpenDevice {
    /// The CPU, for the given reason.
    pub fn cpu(why: impl Into<String>) -> Self {
        let simd = cfg!(any(target_feature = "simd128", not(target_family = "wasm")));
        let name = if simd { "CPU (Flex, SIMD)" } else { "CPU (Flex)" };
        Self {
            device: Device::flex(),
            compute: Compute::Sparse,
            report: DeviceReport { gpu: false, name: name.to_owned(), why: why.into() },
        }
    }
}

/// Opens the device of the visitor's choice.
///
/// # Errors
/// If a GPU was asked for and there is none that can be used.
pub async fn open(choice: DeviceChoice, on_trouble: OnTrouble) -> Result<OpenDevice, ModelError> {
    match choice {
        DeviceChoice::Cpu => Ok(OpenDevice::cpu("The CPU was chosen.")),
        DeviceChoice::Auto => Ok(match open_gpu(false, on_trouble).await {
            Ok(device) => device,
            Err(why) => OpenDevice::cpu(why),
        }),
        DeviceChoice::Gpu | DeviceChoice::GpuForced => {
            let software = choice == DeviceChoice::GpuForced;
            open_gpu(software, on_trouble)
                .await
                .map_err(|why| ModelError::new(format!("{why} Choose the CPU, or let moescope choose.")))
        }
    }
}

#[cfg(feature = "gpu")]
use super::gpu::open as open_gpu;

/// A GPU, or why there is none.
#[cfg(not(feature = "gpu"))]
async fn open_gpu(_software: bool, _on_trouble: OnTrouble) -> Result<OpenDevice, String> {
    Err("This build has no GPU support (it was compiled without the `gpu` feature).".to_owned())
}
