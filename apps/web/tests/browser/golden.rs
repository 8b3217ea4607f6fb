//! The tests of nn-core in a worker: PyTorch's numbers among them.

use crate::session::{Server, is_built};
use browser_test::Browser;
use serde_json::json;
use std::path::Path;

/// Runs a module of tests, and tells whether all have passed. Where one fails, the module comes to its end by a trap.
const WORKER: &str = r#"onmessage = async ({ data }) => {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(data), {});
  try {
    postMessage(instance.exports.main(0, 0) === 0 ? "passed" : "failed");
  } catch (error) {
    postMessage(error instanceof WebAssembly.RuntimeError ? "failed" : String(error));
  }
};"#;
/// The loss of the first of PyTorch's losses as the module holds it, and another.
const LOSS: (&[u8], &[u8]) = (b"\"value\": 1.1948209824339169", b"\"value\": 1.1958209824339169");

#[test]
fn nn_core_agrees_with_pytorch_in_a_worker() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let [tests, core] = ["../../target/page-tests", "../../crates/nn-core"].map(|folder| here.join(folder));
    if !is_built(&tests.join("it.wasm"), &["src", "tests"].map(|folder| core.join(folder))) {
        return;
    }
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let module = |name: &str| std::fs::read(tests.join(name)).unwrap();
    let mut wrong = module("it.wasm");
    let place = wrong.windows(LOSS.0.len()).position(|text| text == LOSS.0).expect("PyTorch's losses");
    wrong[place..place + LOSS.1.len()].copy_from_slice(LOSS.1);
    for (name, content) in [
        ("index.html", &b"<!doctype html><link rel=icon href=data:,>"[..]),
        ("worker.js", WORKER.as_bytes()),
        ("nn_core.wasm", &module("nn_core.wasm")),
        ("it.wasm", &module("it.wasm")),
        ("wrong.wasm", &wrong),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let server = Server::of(folder.path());
    browser.open(&server.address, 1000, false);
    for (name, expected) in [("nn_core.wasm", "passed"), ("it.wasm", "passed"), ("wrong.wasm", "failed")] {
        let said = browser.value(&format!(
            "new Promise((done) => {{ const worker = new Worker('worker.js'); \
             worker.onmessage = ({{ data }}) => done(data); worker.postMessage('{name}'); }})"
        ));
        assert_eq!(said, json!(expected), "{name}");
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}
