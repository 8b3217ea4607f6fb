//! Small maps of numbers as one picture: layers of a network, weights.

use crate::palette::Palette;
use egui::ColorImage;

/// Maps in rows, with a line between two, or the cells of one strip.
pub struct Tiles {
    /// Columns and rows.
    size: [usize; 2],
    /// For each place the number, from -1 to 1 as parts of the strongest; `None` between two maps.
    cells: Vec<Option<f32>>,
}

impl Tiles {
    /// So many maps of this width and height, in rows of `columns`. `value` gives the number of a map at a place, counted row
    /// by row.
    pub fn maps(maps: usize, [width, height]: [usize; 2], columns: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let columns = columns.min(maps).max(1);
        let size = [columns * (width + 1) - 1, maps.div_ceil(columns) * (height + 1) - 1];
        let mut cells = vec![None; size[0] * size[1]];
        for map in 0..maps {
            let (left, top) = (map % columns * (width + 1), map / columns * (height + 1));
            for at in 0..width * height {
                cells[(top + at / width) * size[0] + left + at % width] = Some(value(map, at));
            }
        }
        Self { size, cells }.scaled()
    }

    /// A strip of numbers in rows of `columns`.
    pub fn strip(values: &[f32], columns: usize) -> Self {
        let size = [columns, values.len().div_ceil(columns)];
        let mut cells: Vec<_> = values.iter().copied().map(Some).collect();
        cells.resize(size[0] * size[1], None);
        Self { size, cells }.scaled()
    }

    fn scaled(mut self) -> Self {
        let largest = self.cells.iter().flatten().fold(1e-6_f32, |largest, value| largest.max(value.abs()));
        self.cells.iter_mut().flatten().for_each(|value| *value /= largest);
        self
    }

    /// The numbers in the colours of a theme: the paper's for zero, the accent's and the warning's for the strongest above
    /// and below it.
    pub fn picture(&self, colours: &Palette) -> ColorImage {
        let colour = |cell: &Option<f32>| match cell {
            Some(value) if *value < 0.0 => colours.paper.lerp_to_gamma(colours.warning, -value),
            Some(value) => colours.paper.lerp_to_gamma(colours.accent, *value),
            None => colours.ground,
        };
        ColorImage::new(self.size, self.cells.iter().map(colour).collect())
    }
}
