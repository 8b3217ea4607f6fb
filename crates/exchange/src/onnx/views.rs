//! From prepared pixels to the network's input: moved copies of each picture, and the scale of its values.

use crate::onnx::graph::{Graph, Value, int};
use nn_data::Preprocessing;

/// Appends the views of the pictures `pixels` (samples x height x width x channels, 0 to 255), one batch behind the other, as the network takes them. Returns
/// them and their number per picture.
pub fn add_views(graph: &mut Graph, preprocessing: &Preprocessing, pixels: &Value) -> (Value, usize) {
    let size = preprocessing.size();
    let moves: Vec<[isize; 2]> = preprocessing.shifts.moves(size).collect();
    let mut views = vec![];
    for [right, down] in &moves {
        let mut view = pixels.clone();
        for (axis, by, length) in [(1, *down, size.height), (2, *right, size.width)] {
            if by != 0 {
                let places: Vec<i64> =
                    (0..length as i64).map(|at| (at - by as i64).clamp(0, length as i64 - 1)).collect();
                let places = graph.ints(&format!("places_{axis}_{by}"), &places);
                view = graph.add("Gather", &[&view, &places], vec![int("axis", axis)]);
            }
        }
        if preprocessing.shows_size() && [*right, *down] != [0, 0] {
            view = with_bar(graph, &view, pixels, size.height as i64);
        }
        views.push(view);
    }
    let all = match &views[..] {
        [one] => one.clone(),
        views => graph.add("Concat", &views.iter().collect::<Vec<_>>(), vec![int("axis", 0)]),
    };
    let channels = preprocessing.channels as usize;
    let per_channel = |values: &[f32], f: fn(f32) -> f32| values.iter().map(|value| f(*value)).collect::<Vec<f32>>();
    let mean = graph.floats("mean", &[channels], per_channel(&preprocessing.mean, |mean| 255.0 * mean));
    let std = graph.floats("deviation", &[channels], per_channel(&preprocessing.std, |std| 255.0 * std));
    let centred = graph.add("Sub", &[&all, &mean], vec![]);
    (graph.add("Div", &[&centred, &std], vec![]), moves.len())
}

/// Puts the last row of `pixels`, which shows the size of the character, in the place of that of a moved view.
fn with_bar(graph: &mut Graph, view: &Value, pixels: &Value, height: i64) -> Value {
    let rows = graph.ints("rows_above", &(0..height - 1).collect::<Vec<_>>());
    let last = graph.ints("last_row", &[height - 1]);
    let above = graph.add("Gather", &[view, &rows], vec![int("axis", 1)]);
    let bar = graph.add("Gather", &[pixels, &last], vec![int("axis", 1)]);
    graph.add("Concat", &[&above, &bar], vec![int("axis", 1)])
}
