//! The ways in which a picture is fitted into the frame that the network sees.

use serde::{Deserialize, Serialize};

/// The way in which a picture is fitted into the frame. The names are part of the model file: each stays as it is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fit {
    /// Ink of either polarity becomes bright on black, is fitted into 20/28 of the frame, and its centre of mass goes to
    /// the middle, as in MNIST.
    CentreOfMass,
    /// As `CentreOfMass`, for any drawing, scan or photograph: finds ink of any colour on a background in uneven light,
    /// removes specks, and brings strokes thinner or thicker than MNIST's to a width that occurs there.
    Ink,
    /// As `Ink`, and the last row of the frame is a bar that shows how large the character was on its page.
    SizedInk,
    /// As `Ink`, after the paper was found in a picture that shows more: bars, a table, the frame of a window or of a form's
    /// cell. Lines of ruled and squared paper are no ink.
    PaperInk,
    /// As `PaperInk`, with the bar of `SizedInk`.
    SizedPaperInk,
    /// The whole picture fills the frame, whatever its aspect ratio.
    Stretch,
}

impl Fit {
    /// True if ink is found in any picture: a drawing, a scan or a photograph.
    pub fn finds_ink(self) -> bool {
        matches!(self, Self::Ink | Self::SizedInk) || self.finds_paper()
    }

    /// True if paper is found first.
    pub(crate) fn finds_paper(self) -> bool {
        matches!(self, Self::PaperInk | Self::SizedPaperInk)
    }
}
