//! The worker: reads and trains, beside the page.

use crate::message::{Reply, Request, from_bytes};
use crate::training::train;
use anyhow::{Context, Result};
use image::DynamicImage;
use nn_data::{Drawings, Prepared, decode_picture};
use nn_io::{Model, Reader};
use web_time::Instant;

/// The longest side of a picture as it is shown, in pixels.
const PREVIEW: u32 = 700;

/// A worker with its open model and picture.
#[derive(Default)]
pub struct Worker {
    reader: Option<Reader>,
    picture: Option<DynamicImage>,
}

impl Worker {
    /// Does what a request asks for. News go to `tell` as they come; the last says what came of it.
    pub fn handle(&mut self, request: &[u8], tell: &mut (dyn FnMut(Reply) + Send)) {
        let reply = match from_bytes(request) {
            Ok(Request::Open { name, file }) => self.open(name, &file).unwrap_or_else(said(Reply::NotOpened)),
            Ok(Request::Read { version, ink, pen }) => {
                self.read(version, &ink.rasterise(Drawings::SIDE, pen).into()).unwrap_or_else(said(Reply::NotRead))
            }
            Ok(Request::Look { name, file }) => self.look(name, &file).unwrap_or_else(said(Reply::NotLooked)),
            Ok(Request::ReadPicture { version }) => self.read_picture(version).unwrap_or_else(said(Reply::NotRead)),
            Ok(Request::Train(order)) => train(&order, tell).unwrap_or_else(said(Reply::TrainingFailed)),
            Err(error) => said(Reply::NotRead)(error),
        };
        tell(reply);
    }

    fn open(&mut self, name: String, file: &[u8]) -> Result<Reply> {
        let model = Model::from_bytes(file).with_context(|| name.clone())?;
        let (classes, size) = (model.classes.clone(), model.preprocessing.size());
        self.reader = Some(Reader::new(model));
        Ok(Reply::Opened { name, classes, size: [size.height, size.width] })
    }

    fn look(&mut self, name: String, file: &[u8]) -> Result<Reply> {
        let picture = decode_picture(file).map_err(anyhow::Error::msg).with_context(|| name.clone())?;
        let preview = picture.thumbnail(PREVIEW, PREVIEW).to_rgba8();
        let size = [preview.width(), preview.height()].map(|side| side as usize);
        self.picture = Some(picture);
        Ok(Reply::Looked { name, size, preview: preview.into_raw() })
    }

    fn read_picture(&mut self, version: u64) -> Result<Reply> {
        let picture = self.picture.take().context("no picture is open")?;
        let reply = self.read(version, &picture);
        self.picture = Some(picture);
        reply
    }

    fn read(&mut self, version: u64, picture: &DynamicImage) -> Result<Reply> {
        let start = Instant::now();
        let reader = self.reader.as_mut().context("no model is open yet")?;
        let preprocessing = reader.model().preprocessing.clone();
        let Prepared { pixels, doubtful } = preprocessing.prepare(picture);
        let answer = reader.read_prepared(&pixels).unsure_if(doubtful);
        let channels = preprocessing.size().channels;
        let seen = pixels.chunks_exact(channels).map(|pixel| pixel[0]).collect();
        Ok(Reply::Read { version, answer, seen, seconds: start.elapsed().as_secs_f64() })
    }
}

/// Makes a reply of an error, as one line.
fn said(reply: fn(String) -> Reply) -> impl FnOnce(anyhow::Error) -> Reply {
    move |error| reply(format!("{error:#}"))
}
