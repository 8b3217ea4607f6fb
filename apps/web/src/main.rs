//! For a browser: the page. For this machine: a server for its folder, `web FOLDER [PORT]`.

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
fn main() {} // the page's JavaScript begins, by the functions of `browser.rs`

#[cfg(not(target_arch = "wasm32"))]
fn main() -> anyhow::Result<()> {
    use anyhow::Context;
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().context("usage: web FOLDER [PORT]; `cargo xtask web` makes the folder")?;
    let port = arguments.next().map_or(Ok(8000), |port| port.to_string_lossy().parse());
    let server = web::serve::FolderServer::new(folder.as_ref(), port.context("the port is a number up to 65535")?)?;
    println!("The page is at {} until Ctrl-C.", server.address()?);
    server.run();
    Ok(())
}
