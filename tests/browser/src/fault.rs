//! The built page on a loopback port, whole or with something broken in it.

use crate::Result;
use serde_json::Value;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, fs, thread};

/// A served copy of the page.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    path: String,
    down: Arc<AtomicBool>,
}

impl Site {
    /// The page as it was built.
    ///
    /// # Errors
    /// If it was not built, or no port can be had.
    pub fn whole() -> Result<Self> {
        Self::with(&[])
    }

    /// The page with files replaced, or missing where there is `None`.
    ///
    /// # Errors
    /// As [`Site::whole`].
    pub fn with(instead: &[(&str, Option<Vec<u8>>)]) -> Result<Self> {
        let mut site = xtask::serve::Site::new(&dist()?);
        site.instead = instead.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone())).collect();
        // Below a path, as on a host with many pages: an absolute address anywhere in the page would not work.
        site.mount = "/some/where/".to_owned();
        Self::serve(site)
    }

    /// The page as a server sends it that does something else than it should.
    ///
    /// # Errors
    /// As [`Site::whole`].
    pub fn odd(change: impl FnOnce(&mut xtask::serve::Site)) -> Result<Self> {
        let mut site = xtask::serve::Site::new(&dist()?);
        site.mount = "/some/where/".to_owned();
        change(&mut site);
        Self::serve(site)
    }

    /// The address of the page's file on this machine.
    ///
    /// # Errors
    /// As [`Site::whole`].
    pub fn file() -> Result<String> {
        Ok(format!("file://{}", dist()?.join("index.html").display()))
    }

    /// One of the page's files.
    ///
    /// # Errors
    /// If it is missing.
    pub fn read(name: &str) -> Result<Vec<u8>> {
        let path = dist()?.join(name);
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Any other folder.
    ///
    /// # Errors
    /// If no port can be had.
    pub fn folder(folder: &Path) -> Result<Self> {
        Self::serve(xtask::serve::Site::new(folder))
    }

    /// The page copied into a folder, whose files may change while it is served, and the name of its build.
    ///
    /// # Errors
    /// As [`Site::whole`], or if it cannot be copied.
    pub fn copied(folder: &Path, change: impl FnOnce(&mut xtask::serve::Site)) -> Result<(Self, String)> {
        let failed = |error: std::io::Error| format!("could not copy the page: {error}");
        copy(&dist()?, folder).map_err(failed)?;
        let page = fs::read_to_string(folder.join("index.html")).map_err(failed)?;
        let build = match page.split("?b=").nth(1).and_then(|rest| rest.split('"').next()) {
            Some(build) => build.to_owned(),
            None => xtask::stamp::stamp(folder)?,
        };
        let mut site = xtask::serve::Site::new(folder);
        change(&mut site);
        Ok((Self::serve(site)?, build))
    }

    fn serve(site: xtask::serve::Site) -> Result<Self> {
        let failed = |error: std::io::Error| format!("could not serve the page: {error}");
        let path = site.mount.clone();
        let listener = xtask::serve::Site::listen(0).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let down = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&down);
        thread::spawn(move || site.run_until(&listener, &stop));
        Ok(Self { address, path, down })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// Closes the port: from now on nothing is answered.
    pub fn go_down(&self) {
        self.down.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is to stop.
        let _ = TcpStream::connect(self.address);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.go_down();
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to)? } else { fs::copy(&from, &to).map(drop)? }
    }
    Ok(())
}

fn dist() -> Result<PathBuf> {
    let dist = env::var_os("MOESCOPE_DIST").map_or_else(|| xtask::shell::root().join("dist"), PathBuf::from);
    if dist.join("index.html").is_file() {
        Ok(dist)
    } else {
        Err(format!("{} has no page: run these tests with `cargo xtask test`", dist.display()))
    }
}

/// The shipped checkpoint's files, for breaking them.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Its folder's address relative to the page, ending in `/`.
    pub folder: String,
}

impl Checkpoint {
    /// The one that the page names.
    ///
    /// # Errors
    /// If the page names none.
    pub fn shipped() -> Result<Self> {
        let page = fs::read_to_string(dist()?.join("index.html")).map_err(|error| error.to_string())?;
        let meta = page.split("moescope-model").nth(1).and_then(|rest| rest.split("content=\"").nth(1));
        let folder = meta.and_then(|rest| rest.split('"').next()).ok_or("the page names no model")?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The address of one of its files.
    pub fn path(&self, file: &str) -> String {
        format!("{}{file}", self.folder)
    }

    /// One of its files.
    ///
    /// # Errors
    /// If it is missing.
    pub fn read(&self, file: &str) -> Result<Vec<u8>> {
        let path = dist()?.join(self.path(file));
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The weights with every number of one tensor made NaN.
    ///
    /// # Errors
    /// If the file is no safetensors file with such a tensor.
    pub fn weights_with_nan(&self, tensor: &str) -> Result<Vec<u8>> {
        let mut bytes = self.read("model.safetensors")?;
        let no = |what: &str| format!("model.safetensors: {what}");
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(|| no("too short"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| no("too long"))?;
        let header: Value = serde_json::from_slice(rest.get(..length).ok_or_else(|| no("too short"))?)
            .map_err(|error| no(&error.to_string()))?;
        let offset =
            |at: usize| header[tensor]["data_offsets"][at].as_u64().and_then(|offset| usize::try_from(offset).ok());
        let (start, end) = offset(0).zip(offset(1)).ok_or_else(|| no(&format!("no tensor {tensor}")))?;
        let data = bytes.get_mut(8 + length + start..8 + length + end).ok_or_else(|| no("too short"))?;
        // 0x7fff and 0x7fff7fff are NaN in f16, bf16 and f32.
        data.chunks_exact_mut(2).for_each(|pair| pair.copy_from_slice(&[0xff, 0x7f]));
        Ok(bytes)
    }
}
