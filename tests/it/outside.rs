//! A crate outside of the workspace that depends on nn-core alone.

use crate::place::Place;
use std::path::Path;
use std::process::Command;

/// The example with a layer of its own, in a package that knows nothing but the path of nn-core.
#[test]
fn a_crate_outside_trains_with_a_layer_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let core = root.join("crates/nn-core");
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[profile.dev]\ndebug = false\n\n\
         [dependencies]\nnn-core = {{ path = '{}' }}\n",
        core.display()
    );
    let place = Place::new();
    place.write("Cargo.toml", manifest);
    place.write("src/main.rs", std::fs::read(core.join("examples/own_layer.rs")).unwrap());
    place.write("Cargo.lock", std::fs::read(root.join("Cargo.lock")).unwrap()); // the same versions, which are here already
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--offline"])
        .current_dir(place.folder())
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"))
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("swish:beta=1.5") && stdout.contains("unknown kind; add it to the kinds"), "{stdout}");
}
