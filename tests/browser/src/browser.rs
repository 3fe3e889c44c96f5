//! A Chromium with a fresh profile, and the chromedriver that steers it.

use crate::webdriver::Session;
use crate::{Result, Steered};
use serde_json::{Value, json};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// What makes one browser differ from another.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether there is WebGPU, in software.
    pub webgpu: bool,
    /// Whether the system prefers dark.
    pub dark: bool,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
}

impl Default for Options {
    fn default() -> Self {
        Self { webgpu: false, dark: false, size: (1440, 900) }
    }
}

/// A running browser; it ends with this value.
#[derive(Debug)]
pub struct Browser {
    /// The session.
    pub(crate) session: Session,
    /// Where downloads go.
    pub downloads: PathBuf,
    profile: PathBuf,
    driver: Child,
}

impl Browser {
    /// Starts one.
    ///
    /// # Errors
    /// If there is no chromedriver or no Chromium: `cargo xtask test` installs them.
    pub fn start(options: Options) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = env::temp_dir().join(format!("moescope-browser-{}-{number}", std::process::id()));
        let downloads = profile.join("downloads");
        fs::create_dir_all(&downloads).map_err(|error| format!("{}: {error}", downloads.display()))?;
        let (mut driver, port) = driver()?;
        match connect(port, &profile, options) {
            Ok(session) => {
                let browser = Self { session, downloads, profile, driver };
                browser.set_up(options)?;
                Ok(browser)
            }
            Err(error) => {
                let _ = driver.kill();
                let _ = driver.wait();
                Err(error)
            }
        }
    }

    /// Runs a script in every page from now on, before the page's own.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn before_pages(&self, script: &str) -> Result<()> {
        self.session.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script })).map(drop)
    }

    /// Whether the system prefers dark from now on.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn prefer_dark(&self, dark: bool) -> Result<()> {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.session.devtools("Emulation.setEmulatedMedia", &features).map(drop)
    }

    /// Media features from now on, as `("forced-colors", "active")`, and the medium, `print` or for a screen nothing.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn emulate(&self, medium: &str, features: &[(&str, &str)]) -> Result<()> {
        let features: Vec<_> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.session.devtools("Emulation.setEmulatedMedia", &json!({ "media": medium, "features": features })).map(drop)
    }

    /// Gives the window another size, in CSS pixels.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn resize(&self, size: (u32, u32)) -> Result<()> {
        self.zoom(size, 1.0)
    }

    /// Whether the pointer is a finger from now on.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn touch(&self, touches: bool) -> Result<()> {
        self.session.devtools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": touches })).map(drop)
    }

    fn set_up(&self, options: Options) -> Result<()> {
        self.resize(options.size)?;
        self.prefer_dark(options.dark)?;
        let behaviour = json!({ "behavior": "allow", "downloadPath": self.downloads });
        self.session.devtools("Browser.setDownloadBehavior", &behaviour).map(drop)
    }
}

impl Steered for Browser {
    fn open(&self, url: &str) -> Result<()> {
        self.session.post("/url", &json!({ "url": url })).map(drop)
    }

    fn script(&self, body: &str, args: &[Value]) -> Result<Value> {
        self.session.script(body, args)
    }

    fn insert(&self, text: &str) -> Result<()> {
        self.session.devtools("Input.insertText", &json!({ "text": text })).map(drop)
    }

    fn act(&self, source: Value) -> Result<()> {
        self.session.post("/actions", &json!({ "actions": [source] })).map(drop)
    }

    fn zoom(&self, (width, height): (u32, u32), zoom: f32) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": zoom, "mobile": false });
        self.session.devtools("Emulation.setDeviceMetricsOverride", &metrics).map(drop)
    }

    fn errors(&self) -> Result<Vec<String>> {
        let log = self.session.post("/se/log", &json!({ "type": "browser" }))?;
        let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        Ok(severe.filter_map(|entry| entry["message"].as_str()).map(str::to_owned).collect())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.session.close();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Attempts to start chromedriver: it takes a free port for one kind of address, and ends if another process has the same
/// for the other.
const ATTEMPTS: usize = 5;

/// A running chromedriver, and the port on which it listens.
fn driver() -> Result<(Child, u16)> {
    let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    for _ in 0..ATTEMPTS {
        let mut driver = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("could not start {}: {error}", program.display()))?;
        let said =
            driver.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(|line| line.ok());
        let mut said = said
            .filter_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').trim().parse().ok());
        if let Some(port) = said.next() {
            // Its later words would fill the pipe.
            std::thread::spawn(move || said.count());
            return Ok((driver, port));
        }
        let _ = driver.kill();
        let _ = driver.wait();
    }
    Err(format!("{} ended {ATTEMPTS} times without saying on which port it listens", program.display()))
}

fn connect(port: u16, profile: &std::path::Path, options: Options) -> Result<Session> {
    let mut args = vec![
        format!("--user-data-dir={}", profile.join("profile").display()),
        format!("--window-size={},{}", options.size.0, options.size.1),
    ];
    let plain = [
        "--headless=new",
        "--no-first-run",
        "--disable-sync",
        "--disable-component-update",
        "--disable-background-networking",
        "--disable-default-apps",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--lang=en",
    ];
    let gpu = [
        "--enable-unsafe-webgpu",
        "--use-webgpu-adapter=swiftshader",
        "--enable-features=Vulkan",
        "--enable-unsafe-swiftshader",
    ];
    args.extend(plain.iter().chain(if options.webgpu { &gpu[..] } else { &[] }).map(|arg| (*arg).to_owned()));
    // Chromium's sandbox does not work for root, and containers run everything as root.
    if fs::metadata("/proc/self").is_ok_and(|own| is_root(&own)) {
        args.push("--no-sandbox".to_owned());
    }
    let mut chrome = json!({ "args": args });
    if let Ok(binary) = env::var("CHROME") {
        chrome["binary"] = json!(binary);
    }
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": chrome,
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "script": 240_000, "pageLoad": 120_000 },
    });
    Session::open(port, &capabilities)
}

#[cfg(unix)]
fn is_root(own: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    own.uid() == 0
}

#[cfg(not(unix))]
fn is_root(_: &fs::Metadata) -> bool {
    false
}
