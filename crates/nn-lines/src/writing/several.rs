//! Tells whether a page plainly holds several characters.

use crate::bounds::Bounds;
use crate::writing::InkPage;
use crate::writing::rows::Row;

/// Ink that is further apart than this part of the letters' height is not one character.
const APART: f32 = 0.08;
/// Lower ink does not count beside others.
const LOW: f32 = 0.4;
/// Several characters are together wider than this many times their height.
const WIDE: f32 = 1.2;

/// True if a page plainly holds several characters: side by side, with gaps between.
pub fn holds_several(page: &InkPage) -> bool {
    page.rows().iter().any(row_holds_several)
}

fn row_holds_several(row: &Row) -> bool {
    let tall = row.pieces.iter().map(|piece| piece.bounds.height()).fold(0.0, f32::max);
    let mut pieces: Vec<Bounds> = row.pieces.iter().map(|piece| piece.bounds).collect();
    pieces.retain(|piece| piece.height() >= LOW * tall);
    pieces.sort_by(|a, b| a.low[0].total_cmp(&b.low[0]));
    let mut groups: Vec<Bounds> = vec![];
    for piece in pieces {
        match groups.last_mut().filter(|group| piece.low[0] - group.high[0] < APART * tall) {
            Some(group) => *group = group.union(piece),
            None => groups.push(piece),
        }
    }
    let whole = groups.iter().copied().reduce(Bounds::union);
    groups.len() > 1 && whole.is_some_and(|whole| whole.width() > WIDE * whole.height())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_data::Ink;

    /// A page of upright strokes at these places, each 10 high.
    fn page(places: &[f32]) -> InkPage {
        InkPage::of_ink(&Ink { strokes: places.iter().map(|x| vec![[*x, 0.0], [*x, 10.0]]).collect() })
    }

    #[test]
    fn several_characters_stand_apart_and_are_wide_together() {
        assert!(holds_several(&page(&[0.0, 5.0, 10.0, 15.0])));
        assert!(!holds_several(&page(&[0.0, 8.0])), "two strokes of an H or a U");
        assert!(!holds_several(&page(&[0.0])) && !holds_several(&page(&[])));
    }
}
