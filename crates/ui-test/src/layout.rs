//! Where everything stands in a window, for tests that nothing is cut off or overprinted.

use egui::{Pos2, Rect, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

/// The widgets that have a name or show a text, with their places.
pub fn widgets<S>(harness: &Harness<'_, S>) -> Vec<(String, Rect)> {
    let has_words = [
        Role::Label,
        Role::Button,
        Role::CheckBox,
        Role::TextInput,
        Role::Slider,
        Role::SpinButton,
        Role::Image,
        Role::Canvas,
        Role::Status,
        Role::ProgressIndicator,
        Role::RadioButton,
    ];
    let nodes = harness.get_all_by(|node| has_words.contains(&node.role()));
    let words = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.label().or(node.value()).unwrap_or_else(|| format!("{:?}", node.role()))
    };
    nodes.map(|node| (words(&node), node.rect())).filter(|(_, rect)| rect.is_positive()).collect()
}

/// Asserts that every widget lies inside the window and that no two lie on each other, but for those whose name begins
/// with one of the exceptions: what scrolls.
///
/// # Panics
/// Where one does.
#[track_caller]
pub fn assert_laid_out<S>(harness: &Harness<'_, S>, exceptions: &[&str], when: &str) {
    let window = Rect::from_min_size(Pos2::ZERO, harness.ctx.content_rect().size());
    let mut shown = widgets(harness);
    shown.retain(|(name, _)| exceptions.iter().all(|exception| !name.starts_with(exception)));
    assert!(shown.len() > 10, "only {shown:?} are there, {when}");
    for (i, (name, rect)) in shown.iter().enumerate() {
        assert!(window.expand(0.5).contains_rect(*rect), "{name:?} at {rect:?} is cut off, {when}");
        for (other, place) in &shown[..i] {
            let overlap = rect.intersect(*place);
            let is_apart = overlap.width() < 1.0 || overlap.height() < 1.0;
            assert!(is_apart, "{name:?} at {rect:?} and {other:?} at {place:?} overlap, {when}");
        }
    }
}
