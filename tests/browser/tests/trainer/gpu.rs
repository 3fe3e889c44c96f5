//! Training with WebGPU's shaders, on an adapter in software: it computes the gradients that the mathematics says and learns
//! what the CPU learns. Such an adapter spends minutes on compiling shaders, so the models are tiny.

use crate::{Done, check_gradients};
use browser_tests::{Browser, Options, Site, Trainer};
use moescope::methods;
use moescope::protocol::DeviceChoice;
use moescope::run::Settings;

/// Largest difference between two devices' losses.
const CLOSE: f32 = 1e-4;
/// Steps of training.
const STEPS: u64 = 5;

fn losses(device: DeviceChoice, site: &Site) -> browser_tests::Result<Vec<f32>> {
    let browser = Browser::start(Options { webgpu: true, ..Options::default() })?;
    let mut trainer = Trainer::open(&browser, site, device)?;
    let settings = Settings {
        method: &methods::SWITCH,
        experts: 4,
        width: 16,
        inner: 16,
        layers: 1,
        batch: 2,
        len: 16,
        ..Settings::default()
    };
    trainer.start(&settings.fitted())?;
    trainer.train(vec![0], STEPS)
}

#[test]
fn webgpu_learns_what_the_cpu_learns() -> Done {
    let site = Site::whole()?;
    let (cpu, gpu) = (losses(DeviceChoice::Cpu, &site)?, losses(DeviceChoice::GpuForced, &site)?);
    let close = cpu.iter().zip(&gpu).all(|(a, b)| (a - b).abs() < CLOSE);
    match close && cpu.len() as u64 == STEPS && gpu.len() as u64 == STEPS {
        true => Ok(()),
        false => Err(format!("on the CPU {cpu:?}, with WebGPU {gpu:?}")),
    }
}

#[test]
fn gradients_equal_finite_differences_on_webgpu() -> Done {
    check_gradients(DeviceChoice::GpuForced)
}
