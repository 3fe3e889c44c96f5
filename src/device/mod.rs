//! Which device computes, and why.
//!
//! WebGPU is taken only where it is real and safe: a software adapter loses to the CPU kernels by far, and Burn's runtime
//! stops the program on an adapter without timestamps. Everything else runs on the CPU, with Burn's Flex backend and
//! our own kernels. Either way the choice comes with its reason in words, because the page shows it.

#[cfg(feature = "gpu")]
mod gpu;
#[cfg(all(target_family = "wasm", feature = "gpu"))]
mod navigator;

use crate::model::Compute;
use crate::protocol::{DeviceChoice, DeviceReport};
use burn::tensor::Device;
use std::fmt;

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

/// Why no GPU can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoGpu {
    /// The browser has no WebGPU.
    NoWebGpu,
    /// There is no adapter.
    NoAdapter,
    /// The adapter computes on the CPU, more slowly than our kernels.
    Software,
    /// The adapter lacks timestamps; Burn's runtime stops the program without them.
    NoTimestamps,
    /// The adapter or Burn refused, in its own words.
    Refused(String),
    /// The build that can use one could not be fetched.
    NotFetched,
    /// This build cannot use one.
    NotBuilt,
}

impl NoGpu {
    /// What `www/engine.js` found before it chose a build; `None` for a word that it does not say.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "no-webgpu" => Some(Self::NoWebGpu),
            "no-adapter" => Some(Self::NoAdapter),
            "software" => Some(Self::Software),
            "no-timestamps" => Some(Self::NoTimestamps),
            "not-fetched" => Some(Self::NotFetched),
            _ => None,
        }
    }
}

impl fmt::Display for NoGpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWebGpu => f.write_str("This browser has no WebGPU."),
            Self::NoAdapter => f.write_str("No GPU is available to WebGPU."),
            Self::Software => f.write_str("WebGPU is only emulated in software, which is slower than the CPU."),
            Self::NoTimestamps => f.write_str("The GPU offers no timestamps (`timestamp-query`), which Burn needs."),
            Self::Refused(why) => write!(f, "The GPU could not be opened ({why})."),
            Self::NotFetched => f.write_str("The engine’s build for GPUs could not be fetched."),
            Self::NotBuilt => f.write_str("This build has no GPU support (it was compiled without the `gpu` feature)."),
        }
    }
}

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
pub async fn open(choice: DeviceChoice, gpu: &GpuAccess) -> Result<OpenDevice, NoGpu> {
    match choice {
        DeviceChoice::Cpu => Ok(OpenDevice::cpu("The CPU was chosen.")),
        DeviceChoice::Auto => Ok(match open_gpu(false, gpu).await {
            Ok(device) => device,
            Err(why) => OpenDevice::cpu(why.to_string()),
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
