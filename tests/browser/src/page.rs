//! The page through its hooks: `data-testid` on what one sees and uses, and `window.moescope`.

use crate::{Browser, Result, Steered};
use moescope::trace::{Trace, from_json};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take that should happen; software GPUs and busy machines are slow.
const PATIENCE: Duration = Duration::from_secs(150);

/// The page in a browser.
#[derive(Debug)]
pub struct Page<'a, B = Browser> {
    browser: &'a B,
}

impl<'a, B: Steered> Page<'a, B> {
    /// Opens an address with a fragment, without waiting for the engine.
    ///
    /// # Errors
    /// If the browser does not get that far.
    pub fn open(browser: &'a B, url: &str, fragment: &str) -> Result<Self> {
        // Another fragment of the same page would load nothing.
        browser.open("about:blank")?;
        browser.open(&format!("{url}#{fragment}"))?;
        Ok(Self { browser })
    }

    /// Gives the window another size in CSS pixels, each so many pixels of the screen wide, as zooming makes it.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn zoom(&self, size: (u32, u32), zoom: f32) -> Result<()> {
        self.browser.zoom(size, zoom)
    }

    /// Runs the body of a function in the page.
    ///
    /// # Errors
    /// If it throws.
    pub fn script(&self, body: &str, args: &[Value]) -> Result<Value> {
        self.browser.script(body, args)
    }

    /// Waits until the body of a function returns something true, and returns that.
    ///
    /// # Errors
    /// If it never does; with what the page then shows.
    pub fn wait_for(&self, what: &str, body: &str, args: &[Value]) -> Result<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let value = self.script(body, args)?;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(value);
            }
            if Instant::now() > end {
                let shown = self.script("return document.body.innerText.slice(0, 1500)", &[])?;
                return Err(format!(
                    "waited in vain for {what}; the page shows:\n{}",
                    shown.as_str().unwrap_or_default()
                ));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits for the first live trace.
    ///
    /// # Errors
    /// If none comes.
    pub fn wait_ready(&self) -> Result<Trace> {
        self.wait_for(
            "the first live trace",
            "if (!window.moescope) return false;
             window.moescope.ready.then(() => { window.testReady = true; });
             return window.testReady === true && window.moescope.trace() != null;",
            &[],
        )?;
        self.trace()
    }

    /// Waits until the trace on the screen is of this text.
    ///
    /// # Errors
    /// If it never is.
    pub fn wait_text(&self, text: &str) -> Result<Trace> {
        let body =
            "const trace = window.moescope?.trace(); return trace != null && JSON.parse(trace).text === arguments[0];";
        self.wait_for(&format!("the trace of {:?}", text.chars().take(60).collect::<String>()), body, &[json!(text)])?;
        self.trace()
    }

    /// The trace on the screen.
    ///
    /// # Errors
    /// If there is none or it cannot be read.
    pub fn trace(&self) -> Result<Trace> {
        let json = self.script("return window.moescope.trace()", &[])?;
        let trace = from_json(json.as_str().ok_or("no trace is on the screen")?).map_err(|error| error.to_string())?;
        trace.check().map_err(|error| error.to_string())?;
        Ok(trace)
    }

    /// Replaces the text as a paste would, with any characters.
    ///
    /// # Errors
    /// If there is no text field.
    pub fn set_text(&self, text: &str) -> Result<()> {
        self.script("const field = document.querySelector('[data-testid=text]'); field.focus(); field.select();", &[])?;
        if text.is_empty() {
            return self.script("document.execCommand('delete')", &[]).map(drop);
        }
        self.browser.insert(text)
    }

    /// Presses keys one by one where the keyboard is, without moving the caret first; special keys as WebDriver numbers them.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn press(&self, keys: &[char]) -> Result<()> {
        let presses =
            keys.iter().flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": presses.collect::<Vec<_>>() });
        self.browser.act(keyboard)
    }

    /// Presses keys together: held down one after the other, and let go the other way round.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn chord(&self, keys: &[char]) -> Result<()> {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": down.chain(up).collect::<Vec<_>>() });
        self.browser.act(keyboard)
    }

    /// Clicks on a control.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn click(&self, testid: &str) -> Result<()> {
        let body = "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); if (!e) return false; e.click(); return true;";
        self.wait_for(&format!("a control {testid}"), body, &[json!(testid)]).map(drop)
    }

    /// The text of everything with that name.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn texts(&self, testid: &str) -> Result<Vec<String>> {
        let body =
            "return [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`)].map((e) => e.textContent);";
        let texts = self.script(body, &[json!(testid)])?;
        let texts = texts.as_array().into_iter().flatten().filter_map(Value::as_str);
        Ok(texts.map(str::to_owned).collect())
    }

    /// Waits for a message of this kind (`fault` or `notice`) that holds all of `words`.
    ///
    /// # Errors
    /// If none comes.
    pub fn wait_message(&self, kind: &str, words: &[&str]) -> Result<String> {
        let body =
            "return [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`)].map((e) => e.textContent)
                    .find((text) => arguments[1].every((word) => text.includes(word))) ?? false;";
        let said = self.wait_for(&format!("a {kind} with {words:?}"), body, &[json!(kind), json!(words)])?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }

    /// What the console says that nobody wants to read: warnings do not count, errors and panics do.
    ///
    /// `expected` are pieces of messages that the browser writes by itself, such as for a file that is missing.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub fn console_errors(&self, expected: &[&str]) -> Result<Vec<String>> {
        let mut errors = self.browser.errors()?;
        errors.retain(|message| !expected.iter().any(|piece| message.contains(piece)));
        Ok(errors)
    }
}

/// What only Chromium is asked for.
impl Page<'_> {
    /// Types at the end of the text, key by key.
    ///
    /// # Errors
    /// If there is no text field.
    pub fn type_keys(&self, text: &str) -> Result<()> {
        let field = self.browser.session.element("[data-testid=text]")?;
        self.browser.session.post(&format!("{field}/value"), &json!({ "text": text })).map(drop)
    }

    /// Hands a file to a file control.
    ///
    /// # Errors
    /// If there is no such control.
    pub fn choose_file(&self, testid: &str, file: &Path) -> Result<()> {
        let input = self.browser.session.element(&format!("[data-testid={testid}]"))?;
        self.browser.session.post(&format!("{input}/value"), &json!({ "text": file })).map(drop)
    }

    /// Drops files or folders from the disk on the middle of the page, as a visitor drags them.
    ///
    /// # Errors
    /// If the browser does not do it.
    pub fn drop_files(&self, files: &[&Path]) -> Result<()> {
        let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": kind, "x": 300, "y": 300, "data": data });
            self.browser.session.devtools("Input.dispatchDragEvent", &event)?;
        }
        Ok(())
    }

    /// Clicks on a control that downloads, and waits for the file.
    ///
    /// # Errors
    /// If it does not come.
    pub fn download(&self, testid: &str, name: &str) -> Result<PathBuf> {
        let file = self.browser.downloads.join(name);
        let _ = std::fs::remove_file(&file);
        self.click(testid)?;
        let end = Instant::now() + PATIENCE;
        while !self.is_whole(&file) {
            if Instant::now() > end {
                return Err(format!("{name} was not downloaded"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(file)
    }

    /// Whether a download is there and ended: the browser makes an empty file before it fills it.
    fn is_whole(&self, file: &Path) -> bool {
        let under_way = std::fs::read_dir(&self.browser.downloads).into_iter().flatten().flatten();
        let ended =
            under_way.map(|entry| entry.path()).all(|path| path.extension().is_none_or(|is| is != "crdownload"));
        ended && std::fs::metadata(file).is_ok_and(|data| data.len() > 0)
    }

    /// Waits for any download, and returns it: for files that are named by what is in them.
    ///
    /// # Errors
    /// If none comes.
    pub fn download_any(&self, testid: &str, ending: &str) -> Result<PathBuf> {
        let found = || {
            let files = std::fs::read_dir(&self.browser.downloads).ok()?;
            files.flatten().map(|entry| entry.path()).find(|path| path.to_string_lossy().ends_with(ending))
        };
        if let Some(old) = found() {
            let _ = std::fs::remove_file(old);
        }
        self.click(testid)?;
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(file) = found().filter(|file| self.is_whole(file)) {
                return Ok(file);
            }
            if Instant::now() > end {
                return Err(format!("no file that ends in {ending} was downloaded"));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Keeps a picture of the window in `target/screenshots/`.
    ///
    /// # Errors
    /// If it cannot be taken or written.
    pub fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let folder = xtask::shell::target_dir().join("screenshots");
        let file = folder.join(format!("{name}.png"));
        let picture = self.browser.session.get("/screenshot")?;
        let bytes = picture.as_str().and_then(base64).ok_or("the screenshot is no base64")?;
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, bytes));
        written.map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(file)
    }
}

/// Bytes from base64.
fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    /// From RFC 4648, section 10.
    #[test]
    fn base64_of_the_standard() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(super::base64(text).unwrap(), bytes.as_bytes());
        }
        assert_eq!(super::base64("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(super::base64("?"), None);
    }
}
