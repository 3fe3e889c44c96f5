//! Training does not gather memory: live bytes are counted by the allocator itself.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

use moescope::device::OpenDevice;
use moescope::methods;
use moescope::protocol::DeviceReason;
use moescope::run::Settings;
use moescope::trainer::Experiment;
use pollster::block_on;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};

static LIVE: AtomicIsize = AtomicIsize::new(0);

/// The system's allocator, counting.
struct Counting;

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as isize, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Steps, evaluations and snapshots as the trainer makes them.
fn train(run: &mut Experiment, steps: u64) -> isize {
    for step in 1..=steps {
        block_on(run.step(0)).unwrap();
        if step.is_multiple_of(10) {
            block_on(run.evaluate(0)).unwrap();
        }
        if step.is_multiple_of(50) {
            block_on(run.keep(0, false)).unwrap();
        }
    }
    LIVE.load(Ordering::Relaxed)
}

#[test]
fn a_thousand_steps_hold_no_more_than_what_is_recorded_of_them() {
    let settings = Settings {
        method: &methods::LOSS_FREE,
        top_k: 2,
        experts: 4,
        width: 16,
        inner: 16,
        batch: 2,
        len: 16,
        vocabulary: 280,
        ..Settings::default()
    };
    let mut run = block_on(Experiment::start(&settings, None, "", OpenDevice::cpu(DeviceReason::CpuChosen))).unwrap();
    train(&mut run, 200);
    let recorded = |run: &Experiment| match run.recorded() {
        moescope::run::protocol::LabEvent::Recorded { bytes, .. } => bytes as isize,
        _ => panic!("another event"),
    };
    let before = LIVE.load(Ordering::Relaxed) - recorded(&run);
    let after = train(&mut run, 1000) - recorded(&run);
    // A step's record has two layers of a few numbers, an evaluation four domains of them too.
    let (per_step, per_evaluation) = (600, 2000);
    let allowed = 1000 * per_step + 100 * per_evaluation + 100_000;
    assert!(after - before < allowed, "{} bytes in 1000 steps, {allowed} allowed", after - before);
}
