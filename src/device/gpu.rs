//! Opens a GPU by the safe route: look at the adapter first, refuse what Burn cannot use, then share one device with Burn and
//! listen to it.
//!
//! Burn would open a device on its own, but then an adapter without timestamps stops the program, a software adapter is
//! taken for a GPU, and nobody hears that the device is gone.

use super::{GpuAccess, OpenDevice};
use crate::error::{NoGpu, Trouble};
use crate::model::Compute;
use crate::protocol::{DeviceReason, DeviceReport};
use burn::tensor::Device;
use burn::tensor::wgpu::{WgpuSetup, wgpu};
use std::sync::Arc;

/// Operations that Burn collects before it hands them to the GPU.
const TASKS: usize = 64;

/// A GPU, or why there is none. `software` accepts adapters that compute on the CPU.
pub(super) async fn open(software: bool, access: &GpuAccess) -> Result<OpenDevice, NoGpu> {
    let on_trouble = access.on_trouble;
    if !present() {
        return Err(NoGpu::NoWebGpu);
    }
    let backends = if cfg!(target_family = "wasm") { wgpu::Backends::BROWSER_WEBGPU } else { wgpu::Backends::PRIMARY };
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let options =
        wgpu::RequestAdapterOptions { power_preference: wgpu::PowerPreference::HighPerformance, ..Default::default() };
    let adapter = instance.request_adapter(&options).await.map_err(|_| NoGpu::NoAdapter)?;
    let info = adapter.get_info();
    if info.device_type == wgpu::DeviceType::Cpu && !software {
        return Err(NoGpu::Software);
    }
    if !adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
        return Err(NoGpu::NoTimestamps);
    }
    let descriptor = wgpu::DeviceDescriptor {
        required_features: adapter.features().difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS),
        required_limits: adapter.limits(),
        memory_hints: wgpu::MemoryHints::MemoryUsage,
        ..Default::default()
    };
    let (device, queue) =
        adapter.request_device(&descriptor).await.map_err(|error| NoGpu::Refused(error.to_string()))?;
    device.on_uncaptured_error(Arc::new(move |error| on_trouble(Trouble::Uncaptured(error.to_string()))));
    device.set_device_lost_callback(move |reason, message| {
        if reason != wgpu::DeviceLostReason::Destroyed {
            on_trouble(Trouble::Lost(message));
        }
    });
    let name = describe(&info).await;
    let why = match info.device_type {
        wgpu::DeviceType::Cpu => DeviceReason::Forced,
        _ => DeviceReason::Available,
    };
    let setup = WgpuSetup { instance, adapter, device, queue, backend: info.backend };
    let device = Device::wgpu_options()
        .tasks_max(TASKS)
        .setup(setup)
        .init()
        .map_err(|error| NoGpu::Refused(error.to_string()))?;
    Ok(OpenDevice { device, compute: Compute::Dense, report: DeviceReport { gpu: true, name, why } })
}

/// Whether the browser has WebGPU at all.
#[cfg(target_family = "wasm")]
fn present() -> bool {
    super::navigator::webgpu().is_some()
}

/// Natively, asking for an adapter tells.
#[cfg(not(target_family = "wasm"))]
fn present() -> bool {
    true
}

/// The GPU's name. Browsers give away its family only, and not through wgpu.
#[cfg(target_family = "wasm")]
async fn describe(info: &wgpu::AdapterInfo) -> String {
    let family = super::navigator::gpu_family().await.filter(|family| !family.is_empty());
    let name = Some(info.name.clone()).filter(|name| !name.is_empty());
    family.or(name).map_or_else(|| "WebGPU".to_owned(), |name| format!("WebGPU: {name}"))
}

/// The GPU's name, and the interface it is reached by.
#[cfg(not(target_family = "wasm"))]
async fn describe(info: &wgpu::AdapterInfo) -> String {
    format!("{}: {}", info.backend, info.name)
}
