//! Which device computes, and why.
//!
//! WebGPU is taken only where it is real and safe: a software adapter loses to the CPU kernels by far, and Burn's runtime
//! stops the program on an adapter without timestamps. Everything else runs on the CPU, with Burn's Flex backend and
//! our own kernels. Either way the choice comes with its reason, because the page shows it.

#[cfg(feature = "gpu")]
mod gpu;
#[cfg(all(target_family = "wasm", feature = "gpu"))]
mod navigator;

use crate::error::{NoGpu, Trouble};
use crate::model::Compute;
use crate::protocol::{DeviceChoice, DeviceReason, DeviceReport};
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

/// Called when something happens to a GPU.
pub type OnTrouble = fn(Trouble);

/// What is known of the GPU before one is opened, and who hears of trouble with it.
#[derive(Clone, Debug)]
pub struct GpuAccess {
    /// Called when something happens to it.
    pub on_trouble: OnTrouble,
    /// Why none can be used, if that is known.
    pub missing: Option<NoGpu>,
}

impl Default for GpuAccess {
    fn default() -> Self {
        Self { on_trouble: |_| (), missing: None }
    }
}

impl OpenDevice {
    /// The CPU, for the given reason.
    pub fn cpu(why: DeviceReason) -> Self {
        let simd = cfg!(any(target_feature = "simd128", not(target_family = "wasm")));
        let name = if simd { "CPU (Flex, SIMD)" } else { "CPU (Flex)" };
        Self {
            device: Device::flex(),
            compute: Compute::Sparse,
            report: DeviceReport { gpu: false, name: name.to_owned(), why },
        }
    }
}

/// Opens the device of the visitor's choice.
///
/// # Errors
/// If a GPU was asked for and there is none that can be used.
pub async fn open(choice: DeviceChoice, gpu: &GpuAccess) -> Result<OpenDevice, NoGpu> {
    match choice {
        DeviceChoice::Cpu => Ok(OpenDevice::cpu(DeviceReason::CpuChosen)),
        DeviceChoice::Auto => Ok(match open_gpu(false, gpu).await {
            Ok(device) => device,
            Err(why) => OpenDevice::cpu(DeviceReason::NoGpu(why)),
        }),
        DeviceChoice::Gpu | DeviceChoice::GpuForced => open_gpu(choice == DeviceChoice::GpuForced, gpu).await,
    }
}

#[cfg(feature = "gpu")]
use gpu::open as open_gpu;

/// A GPU, or why there is none.
#[cfg(not(feature = "gpu"))]
async fn open_gpu(_software: bool, gpu: &GpuAccess) -> Result<OpenDevice, NoGpu> {
    Err(gpu.missing.clone().unwrap_or(NoGpu::NotBuilt))
}
