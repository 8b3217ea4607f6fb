//! The range of the values of arrays, and the bytes that they become.

/// How the values of arrays become bytes: `low` becomes 0, `high` 255, and all between follow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The value that becomes 0.
    pub low: f32,
    /// The value that becomes 255.
    pub high: f32,
}

impl Scale {
    /// Values that are bytes already.
    pub(crate) const BYTES: Self = Self { low: 0.0, high: 255.0 };
    /// Shares of 1.
    const SHARES: Self = Self { low: 0.0, high: 1.0 };

    /// The byte of a value.
    pub(crate) fn byte(self, value: f32) -> u8 {
        ((value - self.low) / (self.high - self.low) * 255.0).round() as u8
    }
}

/// The lowest and the highest of some values, and the number of those above 255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub low: f32,
    pub high: f32,
    pub above: usize,
}

impl Range {
    /// The range of no values.
    pub(crate) const EMPTY: Self = Self { low: f32::INFINITY, high: f32::NEG_INFINITY, above: 0 };

    /// Widens the range to a value.
    pub(crate) fn add(&mut self, value: f32) {
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        self.above += usize::from(value > 255.0);
    }

    /// How the values of `samples` pictures become bytes; `None` if a few lie outside 0..255 and so must be errors.
    ///
    /// Values up to 1 and those with a low maximum (0..16 in UCI's digits) are stretched. Those of 10, 12 and 16 bits
    /// are known by at least two a picture above 255, those around 0 by having both signs and staying small.
    pub(crate) fn scale(&self, samples: usize) -> Option<Scale> {
        let Self { low, high, above } = *self;
        let up_to = |high| Some(Scale { low: 0.0, high });
        if low < 0.0 {
            let reach = high.max(-low);
            let symmetrical = (high + low).abs() <= 0.1 * reach;
            let standardised = low > -10.0 && high < 20.0 && reach.fract() != 0.0;
            return match symmetrical && reach <= 1.0 {
                true => Some(Scale { low: -reach, high: reach }),
                false => standardised.then_some(Scale { low, high }),
            };
        }
        match high {
            _ if high <= 0.0 => Some(Scale::BYTES),
            _ if high <= 1.0 => up_to(1.0),
            _ if high < 128.0 => up_to(high),
            _ if high <= 255.0 => Some(Scale::BYTES),
            _ if above < 2 * samples => None,
            _ => [1023.0, 4095.0, 65535.0].into_iter().find(|&most| high <= most).and_then(up_to),
        }
    }

    /// As [`Range::scale`], but where these values may come from data of the scale `before`, such as the training part of
    /// a test part, they become bytes as those did.
    pub(crate) fn scale_after(&self, before: Option<Scale>, samples: usize) -> Option<Scale> {
        let own = self.scale(samples)?;
        Some(before.filter(|before| self.belongs_to(*before)).unwrap_or(own))
    }

    /// True if values of this range may come from where a scale was found: they reach no further than half of its width
    /// beyond it, and fill a tenth of it at least, or are all the same. What lies beyond becomes 0 or 255.
    fn belongs_to(&self, Scale { low, high }: Scale) -> bool {
        let beyond = match self.low == self.high {
            true => 0.0,
            false if self.high - self.low < (high - low) / 10.0 => return false,
            false => (high - low) / 2.0,
        };
        self.low >= low - beyond && self.high <= high + beyond
    }

    /// A line about values that were neither 0..255 nor 0..1, or became bytes otherwise than those `before`.
    pub(crate) fn note(&self, scale: Scale, before: Option<Scale>) -> Option<String> {
        let within = self.low >= scale.low && self.high <= scale.high;
        let usual = within && [Scale::BYTES, Scale::SHARES].contains(&scale);
        match before.filter(|before| *before != scale) {
            Some(Scale { low, high }) => {
                Some(format!("{}, but {low} to {high} in the data that belongs to it", self.stretched(scale)))
            }
            None => (!usual).then(|| self.stretched(scale)),
        }
    }

    /// The problem with values that cannot become bytes.
    pub(crate) fn unusual(&self) -> String {
        format!("its values go from {} to {}, or some are no numbers; 0..255 is wanted", self.low, self.high)
    }

    fn stretched(&self, Scale { low, high }: Scale) -> String {
        format!("its values go from {} to {}: {low} to {high} was stretched to 0..255", self.low, self.high)
    }
}

/// Stretches bytes of a low maximum, such as 0..16, to 0..255, and returns a line about it. `scale` is that of the data
/// that these belong to, and becomes theirs.
pub(crate) fn stretch(bytes: &mut [u8], scale: &mut Option<Scale>) -> Option<String> {
    let [low, high] = [bytes.iter().min(), bytes.iter().max()].map(|byte| byte.copied().unwrap_or(0).into());
    let range = Range { low, high, above: 0 };
    let before = scale.replace(Scale::BYTES);
    let found = range.scale_after(before, 1)?;
    *scale = Some(found);
    if found == Scale::BYTES && before.is_none_or(|before| before == found) {
        return None;
    }
    bytes.iter_mut().for_each(|byte| *byte = found.byte(f32::from(*byte)));
    range.note(found, before).or_else(|| Some(range.stretched(found)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn range(values: &[f32]) -> Range {
        let mut range = Range::EMPTY;
        values.iter().for_each(|&value| range.add(value));
        range
    }

    #[test]
    fn every_usual_range_is_known() {
        for (values, low, high) in [
            (&[0.0, 255.0][..], 0.0, 255.0),
            (&[0.0, 0.0], 0.0, 255.0),
            (&[0.0, 0.3, 0.9], 0.0, 1.0),
            (&[0.0, 16.0, 3.0], 0.0, 16.0),
            (&[0.0, 15.0], 0.0, 15.0),
            (&[-1.0, 1.0, 0.2], -1.0, 1.0),
            (&[-0.5, 0.49], -0.5, 0.5),
            (&[-0.4242, 2.8215], -0.4242, 2.8215),
            (&[0.0, 700.0, 800.0], 0.0, 1023.0),
            (&[0.0, 4000.0, 800.0], 0.0, 4095.0),
            (&[0.0, 65535.0, 40000.0], 0.0, 65535.0),
        ] {
            assert_eq!(range(values).scale(1), Some(Scale { low, high }), "{values:?}");
        }
        for values in [&[0.0, 255.0, 256.0][..], &[-1.0, 7.0], &[-3.0, 255.0], &[0.0, 70000.0, 80000.0]] {
            assert_eq!(range(values).scale(1), None, "{values:?}");
        }
    }

    #[test]
    fn a_second_part_takes_the_scale_of_the_first_where_it_may() {
        let standardised = Scale { low: -0.4242, high: 2.8215 };
        assert!(range(&[-0.4242, 2.5]).belongs_to(standardised) && range(&[-0.6, 3.1]).belongs_to(standardised));
        assert!(range(&[0.0, 15.0]).belongs_to(Scale { low: 0.0, high: 16.0 }));
        assert!(!range(&[0.0, 1.0]).belongs_to(Scale { low: 0.0, high: 16.0 }), "these are shares of 1");
        assert!(!range(&[0.0, 255.0]).belongs_to(Scale { low: 0.0, high: 1.0 }));
    }

    #[test]
    fn values_become_bytes_and_what_is_unusual_is_said() {
        let sixteenths = Scale { low: 0.0, high: 16.0 };
        assert_eq!([0.0, 8.0, 16.0].map(|value| sixteenths.byte(value)), [0, 128, 255]);
        assert_eq!([-1.0, 0.0, 1.0].map(|value| Scale { low: -1.0, high: 1.0 }.byte(value)), [0, 128, 255]);
        let mut bytes = [0, 16, 8];
        let note = "its values go from 0 to 16: 0 to 16 was stretched to 0..255";
        assert_eq!(stretch(&mut bytes, &mut None).unwrap(), note);
        assert_eq!((bytes, stretch(&mut bytes, &mut None), stretch(&mut [0], &mut None)), ([0, 255, 128], None, None));
        assert_eq!(range(&[0.0, 9.0]).note(Scale::BYTES, None), None);
        assert_eq!(range(&[0.0, 16.0]).note(sixteenths, None).unwrap(), note);
    }

    #[test]
    fn parts_that_become_bytes_in_different_ways_are_told() {
        let sixteenths = Scale { low: 0.0, high: 16.0 };
        let mut scale = Some(sixteenths);
        let mut test = [0, 15];
        let note = stretch(&mut test, &mut scale).unwrap();
        assert_eq!(note, "its values go from 0 to 15: 0 to 16 was stretched to 0..255");
        assert_eq!((test, scale), ([0, 239], Some(sixteenths)), "15 is not white, for it is not in the training part");
        let mut bytes = [0, 255];
        let note = stretch(&mut bytes, &mut scale).unwrap();
        assert!(
            note.ends_with("0 to 255 was stretched to 0..255, but 0 to 16 in the data that belongs to it"),
            "{note}"
        );
        assert_eq!((bytes, scale), ([0, 255], Some(Scale::BYTES)));
        assert!(range(&[0.0, 1.0]).note(Scale::SHARES, Some(Scale::BYTES)).is_some());
        assert_eq!(range(&[0.0, 0.9]).note(Scale::SHARES, Some(Scale::SHARES)), None);
        let faint = range(&[0.0, 100.0]);
        assert_eq!(
            (faint.scale_after(scale, 1), faint.note(Scale::BYTES, scale)),
            (scale, None),
            "faint ink stays faint"
        );
        assert_eq!(range(&[0.0, 300.0]).scale_after(scale, 1), None);
        assert!(range(&[0.0, 300.0]).note(Scale::BYTES, scale).is_some(), "what lies beyond is told");
        assert_eq!(range(&[0.0, 0.0]).scale_after(Some(Scale { low: -1.0, high: 1.0 }), 1).unwrap().low, -1.0);
    }
}
