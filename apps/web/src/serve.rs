//! A server for a folder, for this machine alone. Browsers do not run WebAssembly from files.

use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};

/// The longest request line that is read, in bytes.
const LONGEST: u64 = 8192;

/// A server of the files of one folder.
#[derive(Debug)]
pub struct FolderServer {
    listener: TcpListener,
    folder: PathBuf,
}

impl FolderServer {
    /// A server at a port of this machine; 0 lets the system choose one.
    ///
    /// # Errors
    /// Where the port is taken.
    pub fn new(folder: &Path, port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("port {port}"))?;
        Ok(Self { listener, folder: folder.into() })
    }

    /// The address of the page.
    ///
    /// # Errors
    /// Where the system does not tell the port.
    pub fn address(&self) -> Result<String> {
        Ok(format!("http://localhost:{}/", self.listener.local_addr()?.port()))
    }

    /// Answers requests until the program ends, each on a thread: browsers open connections that they may never use.
    pub fn run(&self) {
        for connection in self.listener.incoming().flatten() {
            let folder = self.folder.clone();
            std::thread::spawn(move || answer(connection, &folder)); // a browser that has gone away needs no answer
        }
    }
}

fn answer(connection: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new((&connection).take(LONGEST));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let wanted = request.split(' ').nth(1).and_then(|path| path.split('?').next()).unwrap_or("/");
    let found = file_of(folder, wanted).and_then(|file| Some((std::fs::read(&file).ok()?, kind(&file))));
    let (status, content, kind) = match found {
        Some((content, kind)) => ("200 OK", content, kind),
        None => ("404 Not Found", b"not found".to_vec(), "text/plain"),
    };
    let length = content.len();
    let head = "Connection: close\r\nCache-Control: no-cache";
    write!(&connection, "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{head}\r\n\r\n")?;
    (&connection).write_all(&content)
}

/// The file of a path; none outside of the folder.
fn file_of(folder: &Path, wanted: &str) -> Option<PathBuf> {
    let wanted = wanted.trim_start_matches('/');
    let relative = Path::new(if wanted.is_empty() { "index.html" } else { wanted });
    let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    is_inside.then(|| folder.join(relative))
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let folder = Path::new("page");
        assert_eq!(file_of(folder, "/"), Some(folder.join("index.html")));
        assert_eq!(file_of(folder, "/models/digits.mpk"), Some(folder.join("models/digits.mpk")));
        for outside in ["/../secret", "/models/../../secret", "//../secret", "/./../x"] {
            assert_eq!(file_of(folder, outside), None, "{outside}");
        }
        assert_eq!(file_of(folder, "//etc/passwd"), Some(folder.join("etc/passwd")));
    }
}
