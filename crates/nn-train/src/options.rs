//! Options: settings of a recipe that are one of a few named choices.

use nn_core::Schedule;
use nn_data::{Augment, Shifts};
use serde::{Deserialize, Serialize};

/// A setting that is one of a few, each with the name that commands use.
///
/// ```
/// use nn_train::{Choice, OptimizerKind};
/// assert_eq!(OptimizerKind::from_name("adamw"), Some(OptimizerKind::Adamw));
/// assert_eq!(OptimizerKind::Sgd.about(), "stochastic gradient descent");
/// ```
pub trait Choice: Copy + PartialEq + Send + Sync + 'static {
    /// All choices with their names and what each is, in the order in which commands list them.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// The name.
    fn name(self) -> &'static str {
        self.entry().1
    }

    /// One sentence that explains the choice, without a full stop.
    fn about(self) -> &'static str {
        self.entry().2
    }

    /// The choice of this name.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(choice, ..)| *choice)
    }

    #[doc(hidden)]
    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        Self::ALL.iter().find(|(choice, ..)| *choice == self).unwrap_or(&Self::ALL[0]) // all are listed: a test sees to it
    }
}

/// The loss that training minimises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LossKind {
    /// Cross-entropy behind a softmax.
    CrossEntropy,
    /// Mean squared error against 1 for the class and 0 for the others.
    Mse,
}

impl Choice for LossKind {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::CrossEntropy, "cross-entropy", "of probabilities, behind a softmax"),
        (Self::Mse, "mse", "mean squared error"),
    ];
}

/// The rule by which a step changes the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OptimizerKind {
    /// Plain stochastic gradient descent.
    Sgd,
    /// With a momentum of 0.9.
    Momentum,
    /// With a Nesterov momentum of 0.9.
    Nesterov,
    /// Adam.
    Adam,
    /// Adam with decoupled weight decay.
    Adamw,
}

impl Choice for OptimizerKind {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Sgd, "sgd", "stochastic gradient descent"),
        (Self::Momentum, "momentum", "with a momentum of 0.9"),
        (Self::Nesterov, "nesterov", "with a Nesterov momentum of 0.9"),
        (Self::Adam, "adam", "Adam"),
        (Self::Adamw, "adamw", "Adam with decoupled weight decay"),
    ];
}

/// How strongly training pictures are distorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AugmentLevel {
    /// Not at all.
    None,
    /// Slightly moved, turned and scaled.
    Light,
    /// Moved, turned, scaled, sheared and bent as handwriting varies.
    Full,
    /// Half as far again, for large networks that are trained for long.
    Strong,
    /// As people, pens, papers and cameras differ; strokes are drawn anew, and some pictures show no character.
    Hand,
    /// Mirrored, moved, turned and scaled as photographs of things vary.
    Photo,
}

impl Choice for AugmentLevel {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::None, "none", "not at all"),
        (Self::Light, "light", "slightly moved, turned and scaled"),
        (Self::Full, "full", "moved, turned, scaled, sheared and bent"),
        (Self::Strong, "strong", "half as far again"),
        (
            Self::Hand,
            "hand",
            "as people, pens, papers and cameras differ; strokes are drawn anew, some pictures show no character",
        ),
        (Self::Photo, "photo", "mirrored, moved, turned and scaled as photographs of things vary"),
    ];
}

impl AugmentLevel {
    /// The distortion itself.
    pub fn augment(self) -> Augment {
        match self {
            Self::None => Augment::none(),
            Self::Light => Augment::light(),
            Self::Full => Augment::full(),
            Self::Strong => Augment::strong(),
            Self::Hand => Augment::hand(),
            Self::Photo => Augment::photo(),
        }
    }
}

impl Choice for Schedule {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Constant, "constant", "the same throughout"),
        (Self::Cosine, "cosine", "falls to zero along half a cosine"),
        (Self::OneCycle, "one-cycle", "rises for 30 % of the steps, then falls to zero"),
    ];
}

impl Choice for Shifts {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::One, "1", "as it is"),
        (Self::Five, "5", "and moved to all four sides"),
        (Self::Nine, "9", "and along the diagonals"),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_found_by_its_name() {
        fn check<T: Choice + std::fmt::Debug>(all: &[T]) {
            assert_eq!(T::ALL.len(), all.len());
            all.iter().for_each(|choice| assert_eq!(T::from_name(choice.name()), Some(*choice)));
            assert!(T::from_name("something else").is_none());
        }
        use AugmentLevel::{Full, Hand, Light, None, Photo, Strong};
        use OptimizerKind::{Adam, Adamw, Momentum, Nesterov, Sgd};
        check(&[LossKind::CrossEntropy, LossKind::Mse]);
        check(&[Sgd, Momentum, Nesterov, Adam, Adamw]);
        check(&[None, Light, Full, Strong, Hand, Photo]);
        check(&[Schedule::Constant, Schedule::Cosine, Schedule::OneCycle]);
        check(&[Shifts::One, Shifts::Five, Shifts::Nine]);
    }
}
