//! Turns events of the pointer into steps of drawing and erasing.

use egui::{Event, PointerButton, Pos2, Rect};

/// A step of drawing or erasing, in coordinates of the paper: 0..1 across, and down as far as it is high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The pen touches the paper here.
    Down([f32; 2]),
    /// The pen goes on to here.
    To([f32; 2]),
    /// The pen leaves the paper, for now or for good.
    Up,
    /// The eraser goes from here to there.
    Erase([f32; 2], [f32; 2]),
    /// The button was let go.
    Done,
}

/// The button that is held down, and where the pointer was last.
#[derive(Default)]
pub struct Gesture {
    held: Option<(PointerButton, bool)>,
    last: [f32; 2],
    /// The height of the paper over its width.
    height: f32,
}

impl Gesture {
    /// Whether a button is held down that draws or erases.
    pub fn is_active(&self) -> bool {
        self.held.is_some()
    }

    /// Returns the steps that an event of the pointer causes on a pad at `rect`. A gesture begins where `begins` says so
    /// of a place on the screen.
    pub fn steps(&mut self, event: &Event, rect: Rect, erasing: bool, begins: impl Fn(Pos2) -> bool) -> Vec<Step> {
        let mut steps = Vec::new();
        let paper = |p: Pos2| [(p.x - rect.left()) / rect.width(), (p.y - rect.top()) / rect.width()];
        self.height = rect.height() / rect.width();
        match *event {
            Event::PointerButton { pos, button, pressed: true, .. } if self.held.is_none() && begins(pos) => {
                let erases = erasing || button == PointerButton::Secondary;
                if erases || button == PointerButton::Primary {
                    self.held = Some((button, erases));
                    self.last = paper(pos);
                    steps.push(if erases { Step::Erase(self.last, self.last) } else { Step::Down(self.last) });
                }
            }
            Event::PointerMoved(pos) => self.move_to(paper(pos), &mut steps),
            Event::PointerButton { pos, button, pressed: false, .. }
                if self.held.is_some_and(|(held, _)| held == button) =>
            {
                self.move_to(paper(pos), &mut steps);
                self.end(&mut steps);
            }
            Event::PointerGone => self.end(&mut steps),
            _ => {}
        }
        steps
    }

    fn move_to(&mut self, to: [f32; 2], steps: &mut Vec<Step>) {
        let from = std::mem::replace(&mut self.last, to);
        match self.held {
            None => {}
            _ if from == to => {}
            Some((_, true)) => steps.push(Step::Erase(from, to)),
            Some((_, false)) => match (self.holds(from), self.holds(to)) {
                (true, true) => steps.push(Step::To(to)),
                (true, false) => steps.extend([Step::To(self.border(from, to)), Step::Up]),
                (false, true) => steps.extend([Step::Down(self.border(to, from)), Step::To(to)]),
                (false, false) => {} // no line across
            },
        }
    }

    /// The button was let go elsewhere.
    pub fn end(&mut self, steps: &mut Vec<Step>) {
        if self.held.take().is_some() {
            steps.push(Step::Done);
        }
    }

    /// True for a point on the paper.
    fn holds(&self, p: [f32; 2]) -> bool {
        (0.0..=1.0).contains(&p[0]) && (0.0..=self.height).contains(&p[1])
    }

    /// The place where the way from a point on the paper to one beside it crosses the border.
    fn border(&self, from: [f32; 2], to: [f32; 2]) -> [f32; 2] {
        let most = [1.0, self.height];
        let share = |i: usize| {
            let d = to[i] - from[i];
            match to[i] {
                v if v < 0.0 => from[i] / -d,
                v if v > most[i] => (most[i] - from[i]) / d,
                _ => 1.0,
            }
        };
        let t = share(0).min(share(1));
        [0, 1].map(|i| (from[i] + t * (to[i] - from[i])).clamp(0.0, most[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_is_met_on_the_way() {
        let square = Gesture { height: 1.0, ..Gesture::default() };
        assert_eq!(square.border([0.5, 0.5], [1.5, 0.5]), [1.0, 0.5]);
        assert_eq!(square.border([0.5, 0.5], [0.5, -0.5]), [0.5, 0.0]);
        assert_eq!(square.border([0.5, 0.5], [2.5, 1.5]), [1.0, 0.75]);
        let wide = Gesture { height: 0.25, ..Gesture::default() };
        assert_eq!(wide.border([0.5, 0.125], [0.5, 0.375]), [0.5, 0.25]);
        assert!(!wide.holds([0.5, 0.3]));
    }

    #[test]
    fn a_stroke_that_leaves_and_comes_back_has_two_parts() {
        let mut gesture = Gesture { held: Some((PointerButton::Primary, false)), last: [0.5, 0.5], height: 1.0 };
        let mut steps = vec![];
        for to in [[1.5, 0.5], [1.5, 0.9], [0.5, 0.9], [0.5, 0.9]] {
            gesture.move_to(to, &mut steps);
        }
        assert_eq!(steps, [Step::To([1.0, 0.5]), Step::Up, Step::Down([1.0, 0.9]), Step::To([0.5, 0.9])]);
    }
}
