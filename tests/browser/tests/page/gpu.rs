//! WebGPU computes what the CPU computes. The adapter is in software, so the texts are tiny.

use crate::{Done, expect_clean_console, expect_same_routing};
use browser_tests::{Browser, Options, Page, Site};
use moescope::trace::Trace;

/// Largest difference between two devices' logits.
const CLOSE: f32 = 1e-4;

fn routed_on(device: &str, site: &Site, browser: &Browser) -> browser_tests::Result<Trace> {
    let page =
        Page::open(browser, &site.url(), &format!("device={device}&text=Two%20of%20eight%3A%20x%20%3D%202%5Ek"))?;
    let trace = page.wait_ready()?;
    expect_clean_console(&page, &[])?;
    Ok(trace)
}

#[test]
fn webgpu_equals_the_cpu() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options { webgpu: true, ..Options::default() })?);
    let cpu = routed_on("cpu", &site, &browser)?;
    let gpu = routed_on("gpu-forced", &site, &browser)?;
    let device = |trace: &Trace| trace.device.as_ref().map(|run| run.device.clone()).unwrap_or_default();
    assert!(device(&gpu).contains("WebGPU") && device(&cpu).contains("CPU"), "{} and {}", device(&gpu), device(&cpu));
    expect_same_routing(&cpu, &gpu, CLOSE)
}

#[test]
fn a_software_adapter_is_refused_unless_forced() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options { webgpu: true, ..Options::default() })?);
    let trace = routed_on("auto", &site, &browser)?;
    assert!(trace.device.is_some_and(|run| run.device.contains("CPU")));
    Ok(())
}

/// BASE finds its balanced assignment on the processor: on a GPU the fault says so, ends the waiting and offers both ways out.
#[test]
fn base_as_published_on_a_gpu_says_what_mends_it() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options { webgpu: true, ..Options::default() })?);
    let page = Page::open(&browser, &site.url(), "model=base&ahead=1&device=gpu-forced&text=Two%20of%20eight")?;
    let listen = "if (!window.moescope) return false;
                  window.moescope.ready.catch((error) => { window.testWhy = error.message; });
                  return true;";
    page.wait_for("the page's hooks", listen, &[])?;
    page.wait_message("fault", &["BASE", "processor", "Choose the CPU"])?;
    page.wait_for("ready to be rejected", "return (window.testWhy ?? '').includes('BASE')", &[])?;
    assert_eq!(page.texts("device-summary")?, ["recording"]);
    page.click("mend-order")?;
    let trace = page.wait_ready()?;
    assert_eq!((trace.model.name.as_str(), trace.model.looks_ahead), ("base", false));
    assert_eq!(page.texts("fault")?, [""; 0]);
    Ok(())
}
