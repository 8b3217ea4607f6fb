//! Histograms: how often values occur.

/// Rounds a number from 0 to 2^22. Adding 2^23 moves the whole part into the low bits; unlike a cast, which checks for
/// every special float, this compiles to vector code.
pub(crate) fn whole(value: f32) -> usize {
    ((value + (1 << 23) as f32).to_bits() & 0x7f_ffff) as usize
}

/// Counts how often each number occurs; too large ones count as the largest. A run of equal neighbours, which a background
/// is full of, is added at once: adding one by one would wait for each addition.
pub(crate) fn count<const N: usize>(numbers: impl Iterator<Item = usize>) -> [u32; N] {
    let mut counts = [0; N];
    let mut last = 0;
    let mut run = 0;
    for number in numbers {
        if number != last {
            counts[last.min(N - 1)] += run;
            last = number;
            run = 0;
        }
        run += 1;
    }
    counts[last.min(N - 1)] += run;
    counts
}

/// Counts of values 0 to 1, in steps of 1/1023.
pub(crate) struct Histogram {
    counts: Vec<u32>,
    total: u32,
}

impl Histogram {
    pub(crate) fn new(values: impl Iterator<Item = f32>) -> Self {
        let counts = count::<1024>(values.map(|value| whole(value * 1023.0))).to_vec();
        let total = counts.iter().sum();
        Self { counts, total }
    }

    /// The value that `part` (0 to 1) of all values do not exceed.
    pub(crate) fn quantile(&self, part: f32) -> f32 {
        Self::quantile_of(&self.counts, (self.total as f32 * part.clamp(0.0, 1.0)) as u32)
    }

    /// Median and standard deviation of all values below `limit`; the deviation by the median distance from the median.
    pub(crate) fn median_and_deviation_below(&self, limit: f32) -> (f32, f32) {
        let counts = &self.counts[..((limit * 1023.0) as usize + 1).min(1024)];
        let half = counts.iter().sum::<u32>() / 2;
        let median = Self::quantile_of(counts, half);
        let at = (median * 1023.0).round() as usize;
        let mut distances = vec![0; counts.len()];
        counts.iter().enumerate().for_each(|(i, n)| distances[i.abs_diff(at)] += n);
        (median, 1.4826 * Self::quantile_of(&distances, half))
    }

    fn quantile_of(counts: &[u32], place: u32) -> f32 {
        let mut seen = 0;
        let at = counts.iter().position(|&n| {
            seen += n;
            seen > place
        });
        at.unwrap_or(counts.len() - 1) as f32 / 1023.0
    }
}
