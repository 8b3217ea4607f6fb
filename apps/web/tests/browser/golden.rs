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
/// Numbers of PyTorch as the modules hold them, a loss and an output of a layer, and others in their places: a test that does
/// not see that sees nothing.
const LOSS: [&str; 2] = ["\"value\": 1.1948209824339169", "\"value\": 1.1958209824339169"];
const OUTPUT: [&str; 2] = ["\"data\": [0.37467241287231445,", "\"data\": [0.37567241287231445,"];

/// A module with another number in the place of one of PyTorch's.
fn spoiled(module: &[u8], [right, wrong]: [&str; 2]) -> Vec<u8> {
    let place = module.windows(right.len()).position(|text| text == right.as_bytes()).expect("PyTorch's numbers");
    [&module[..place], wrong.as_bytes(), &module[place + right.len()..]].concat()
}

#[test]
fn nn_core_agrees_with_pytorch_in_a_worker() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let [tests, sources] = ["../../target/page-tests", "../../crates/nn-core"].map(|folder| here.join(folder));
    if !is_built(&tests.join("it.wasm"), &["src", "tests"].map(|folder| sources.join(folder))) {
        return;
    }
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let module = |name: &str| std::fs::read(tests.join(name)).unwrap();
    let (core, it) = (module("nn_core.wasm"), module("it.wasm"));
    for (name, content) in [
        ("index.html", &b"<!doctype html><link rel=icon href=data:,>"[..]),
        ("worker.js", WORKER.as_bytes()),
        ("core.wasm", &core),
        ("it.wasm", &it),
        ("wrong-core.wasm", &spoiled(&core, OUTPUT)),
        ("wrong-it.wasm", &spoiled(&it, LOSS)),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let server = Server::of(folder.path());
    browser.open(&server.address, 1000, false);
    for name in ["core.wasm", "it.wasm", "wrong-core.wasm", "wrong-it.wasm"] {
        let expected = if name.starts_with("wrong") { "failed" } else { "passed" };
        let said = browser.value(&format!(
            "new Promise((done) => {{ const worker = new Worker('worker.js'); \
             worker.onmessage = ({{ data }}) => done(data); worker.postMessage('{name}'); }})"
        ));
        assert_eq!(said, json!(expected), "{name}");
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}
