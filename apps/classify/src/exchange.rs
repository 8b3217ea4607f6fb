//! `classify export` and `classify import`: models for other programs, and weights from them.

use crate::args::Exchange;
use crate::need;
use ::exchange::{Weights, from_safetensors, to_onnx, to_safetensors, with_int8_weights, write_proof};
use anyhow::{Context, Result, bail, ensure};
use builtin::open;
use cli::output::{self, Kind, Output};
use nn_data::disk;
use nn_io::{Model, read_within_limit};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Does what the subcommand says, and says on `out` what was written.
///
/// # Errors
/// When a file cannot be read, does not fit, or cannot be written.
pub fn run(exchange: &Exchange, out: &mut dyn Write) -> Result<()> {
    match exchange {
        Exchange::Export { model: from, to, int8, force } => match ending(to) {
            "onnx" => export_onnx(from, to, if *int8 { Weights::Int8 } else { Weights::Float }, *force, out),
            "safetensors" => {
                ensure!(!int8, "--int8 is for .onnx; safetensors hold the weights as they are");
                output::check(&[Output { path: to, kind: Kind::Safetensors }], &[from], *force)?;
                disk::write(to, &to_safetensors(&opened(from)?.network)?)?;
                Ok(writeln!(out, "{}", to.display())?)
            }
            _ => bail!("--to {}: the name of an export ends in .onnx or .safetensors", to.display()),
        },
        Exchange::Import { weights, like, to, force } => {
            output::check(&[Output { path: to, kind: Kind::Model }], &[weights, like], *force)?;
            let like = opened(like)?;
            let bytes = read_within_limit(weights)?;
            let network = from_safetensors(&bytes, &like.network).with_context(|| weights.display().to_string())?;
            // The calibration and the note tell of the weights that were there before.
            Model { network, calibration: None, note: Default::default(), ..like }.save(to)?;
            Ok(writeln!(out, "{}", to.display())?)
        }
    }
}

/// Opens a model that this machine has the memory to read with.
fn opened(path: &Path) -> Result<Model> {
    let model = open(path)?;
    need::check(&model).with_context(|| path.display().to_string())?;
    Ok(model)
}

/// Writes an ONNX file, and beside it the folder that proves it.
fn export_onnx(from: &Path, to: &Path, weights: Weights, force: bool, out: &mut dyn Write) -> Result<()> {
    let proof = to.with_extension("proof");
    let cases = proof.join("cases.json");
    let outputs = [Output { path: to, kind: Kind::Onnx }, Output { path: &cases, kind: Kind::Proof }];
    output::check(&outputs, &[from], force)?;
    let is_anothers = !cases.exists() && fs::read_dir(&proof).is_ok_and(|mut files| files.next().is_some());
    ensure!(
        force || !is_anothers,
        "{} holds other files; give the model another name, or --force to write the proof among them",
        proof.display()
    );
    let mut exported = opened(from)?;
    if weights == Weights::Int8 {
        exported = with_int8_weights(exported);
    }
    let exported = Arc::new(exported);
    disk::write(to, &to_onnx(&exported, weights).with_context(|| from.display().to_string())?)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    write_proof(&exported, &format!("../{name}"), &proof)?;
    writeln!(out, "{}", to.display())?;
    Ok(writeln!(out, "{} proves it: python {}", proof.display(), proof.join("check.py").display())?)
}

/// The ending of a file's name, or nothing.
fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}
