//! nn-core as its users see it: PyTorch's numbers, reproducibility, memory. A worker of a browser, which has no threads, runs the
//! first of them too (`apps/web/tests/browser`).
#![allow(missing_docs, clippy::unwrap_used)]

#[cfg(not(target_arch = "wasm32"))]
mod allocation;
mod golden;
#[cfg(not(target_arch = "wasm32"))]
mod sharing;
#[cfg(not(target_arch = "wasm32"))]
mod training;

/// Equal within `tolerance` of the largest value.
#[track_caller]
fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: length");
    let scale = expected.iter().fold(1e-3f32, |m, v| m.max(v.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance * scale, "{what}: value {i} is {f}, expected {e} (largest {scale})");
    }
}
