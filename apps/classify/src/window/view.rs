//! Where everything stands in the window.

use super::recognise::Answer;
use super::{OpenPicture, Window, answer, open};
use egui::{
    Button, CentralPanel, ColorImage, Context, Panel, ProgressBar, Rect, RichText, ScrollArea, TextEdit, TextureHandle,
    TextureOptions, Ui, Vec2,
};
use nn_data::Size;
use ui::image::paint;
use ui::look;
use ui::worker::Job;

/// Width of the answer's column.
const ANSWER: f32 = 270.0;
/// Largest and smallest side of the paper.
const PAPER: (f32, f32) = (200.0, 560.0);

/// Shows the whole window.
pub fn show(window: &mut Window, ui: &mut Ui) {
    let frame = look::window();
    Panel::top("file").frame(frame).show_separator_line(false).show(ui, |ui| file_row(window, ui));
    Panel::bottom("learn").frame(frame).show_separator_line(false).show(ui, |ui| {
        learn_row(window, ui);
        foot(window, ui);
    });
    let mut inner = frame;
    (inner.inner_margin.top, inner.inner_margin.bottom) = (2, 2); // the borders of cards
    CentralPanel::no_frame().frame(inner).show(ui, |ui| {
        let height = ui.available_height();
        let side = (height - 44.0).min(ui.available_width() - ANSWER - 290.0).clamp(PAPER.0, PAPER.1);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            column(ui, side, height, |ui| paper(window, ui, side));
            window.read_at_once(&ui.ctx().clone());
            column(ui, ANSWER, height, |ui| answer_card(window, ui, height));
            column(ui, ui.available_width(), height, |ui| activations_card(window, ui, height));
        });
    });
}

fn column(ui: &mut Ui, width: f32, height: f32, content: impl FnOnce(&mut Ui)) {
    ui.allocate_ui(Vec2::new(width, height), |ui| {
        ui.set_width(width);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(8.0);
            content(ui);
        });
    });
}

fn file_row(window: &mut Window, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label(look::caption("Model"));
        ui.label(RichText::new(&window.name).strong());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let ctx = ui.ctx().clone();
            if ui.button("Browse…").clicked() && window.browsing.is_none() {
                window.browsing = Some(Job::new(&ctx, |_| {
                    let picked = rfd::FileDialog::new().set_title("Open a model or a picture").pick_file();
                    Ok(picked)
                }));
            }
            let wanted = ui.add_enabled(!window.path.trim().is_empty(), Button::new("Open")).clicked();
            let hint = "a model, or a picture to read";
            let field = ui.add(TextEdit::singleline(&mut window.path).hint_text(hint).desired_width(300.0));
            let label = ui.label(look::caption("File"));
            let field = field.labelled_by(label.id);
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if (wanted || entered) && !window.path.trim().is_empty() {
                let path = open::typed(&window.path).to_path_buf();
                window.open(path, &ctx);
            }
        });
    });
}

fn paper(window: &mut Window, ui: &mut Ui, side: f32) {
    match &mut window.picture {
        Some(picture) => {
            show_picture(picture, ui, side);
            ui.horizontal(|ui| {
                if ui.button("Back to the paper").clicked() {
                    let ctx = ui.ctx().clone();
                    window.clear(&ctx);
                }
            });
        }
        None => {
            window.pad.ui(ui, side);
            window.pad.tools(ui);
        }
    }
}

/// An open picture in place of the paper.
fn show_picture(open: &mut OpenPicture, ui: &mut Ui, side: f32) {
    let view = open.view.get_or_insert_with(|| {
        let small = open.picture.thumbnail(1024, 1024).to_rgba8();
        let size = [small.width() as usize, small.height() as usize];
        let image = ColorImage::from_rgba_unmultiplied(size, small.as_raw());
        ui.ctx().load_texture("picture", image, TextureOptions::LINEAR)
    });
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), egui::Sense::hover());
    ui.painter().rect_filled(rect, look::CORNER, look::PAPER);
    let scale = (side - 16.0) / view.size_vec2().max_elem();
    let place = Rect::from_center_size(rect.center(), view.size_vec2() * scale);
    paint(ui, view, place);
    let name = open.name.clone();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, format!("Picture {name}")));
}

fn answer_card(window: &mut Window, ui: &mut Ui, height: f32) {
    look::card().show(ui, |ui| {
        ui.set_min_size(Vec2::new(ui.available_width(), height - 30.0));
        ui.set_max_height(height - 30.0);
        answer::headline(ui, window.shown(), &window.model.classes);
        ui.add_space(6.0);
        let can_correct = !window.pad.is_empty() && window.picture.is_none();
        let clicked = answer::bars(ui, window.shown(), &window.model.classes, can_correct);
        if let Some(class) = clicked {
            let label = window.model.classes[class].clone();
            window.correct(&label);
        }
    });
}

fn activations_card(window: &Window, ui: &mut Ui, height: f32) {
    look::card().show(ui, |ui| {
        ui.set_min_size(Vec2::new(ui.available_width(), height - 30.0));
        ui.set_max_height(height - 30.0);
        ScrollArea::vertical().id_salt("activations").auto_shrink(false).show(ui, |ui| {
            let size = window.model.preprocessing.size();
            let bar = if window.model.preprocessing.shows_size() { "; the bar is how large you drew" } else { "" };
            ui.label(look::caption(&format!("What the network sees, {}x{}{bar}", size.width, size.height)));
            let width = ui.available_width();
            let (seen, others) = match (&window.answer, window.views.split_first()) {
                (Some(answer), Some((seen, others))) => (Some(seen), Some(others.iter().zip(&answer.layers))),
                _ => (None, None),
            };
            enlarged(
                ui,
                seen,
                Vec2::new(size.width as f32, size.height as f32),
                width.min(168.0),
                "What the network sees",
            );
            let Some(others) = others else {
                ui.add_space(6.0);
                answer::note(ui, "Here its layers show what they make of your drawing.");
                return;
            };
            ui.add_space(6.0);
            ui.label(look::caption("What it thinks, layer by layer"));
            for (texture, layer) in others {
                answer::note(ui, &layer.title);
                enlarged(ui, Some(texture), texture.size_vec2(), width, &layer.title);
            }
        });
    });
}

/// A small picture, enlarged to a width of whole pixels where it can be.
fn enlarged(ui: &mut Ui, texture: Option<&TextureHandle>, size: Vec2, width: f32, name: &str) {
    let scale = (width / size.x).min(12.0);
    let scale = if scale > 2.0 { scale.floor() } else { scale };
    let (rect, response) = ui.allocate_exact_size(size * scale, egui::Sense::hover());
    match texture {
        Some(texture) => paint(ui, texture, rect),
        None => _ = ui.painter().rect_filled(rect, 2, look::INK),
    }
    ui.painter().rect_stroke(rect, 0, egui::Stroke::new(1.0, look::LINE), egui::StrokeKind::Outside);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
}

/// Brings the pictures of what the network sees and thinks up to date.
pub fn renew_views(views: &mut Vec<TextureHandle>, answer: &Answer, size: Size, ctx: &Context) {
    let pixels = match size.channels {
        3 => ColorImage::from_rgb([size.width, size.height], &answer.seen),
        _ => ColorImage::from_gray([size.width, size.height], &answer.seen),
    };
    let pictures = std::iter::once(pixels).chain(answer.layers.iter().map(|layer| layer.picture.clone()));
    let mut count = 0;
    for (i, picture) in pictures.enumerate() {
        count = i + 1;
        match views.get_mut(i) {
            Some(view) => view.set(picture, TextureOptions::NEAREST),
            None => views.push(ctx.load_texture(format!("view {i}"), picture, TextureOptions::NEAREST)),
        }
    }
    views.truncate(count);
}

fn learn_row(window: &mut Window, ui: &mut Ui) {
    let ctx = ui.ctx().clone();
    look::card().show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.set_min_width(ui.available_width());
            if let Some(job) = &mut window.lesson {
                let done = job.done();
                ui.label("Learning…");
                let name = format!("Teaching, {:.0} % done", done * 100.0);
                let bar = ui.add(ProgressBar::new(done).desired_width(320.0).fill(look::ACCENT));
                bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &name));
                if ui.button("Cancel").clicked() {
                    job.stop();
                }
                return;
            }
            let count = match window.kept {
                1 => "1 drawing kept".into(),
                n => format!("{n} drawings kept"),
            };
            ui.label(RichText::new("Wrong?").strong());
            ui.label("Press the right key, or click the right bar.");
            ui.label(look::caption(&count));
            let can_teach = window.kept > 0;
            let teach = ui.add_enabled(can_teach, Button::new("Teach"));
            if teach.on_hover_text("The model learns from all drawings that are kept").clicked() {
                window.teach(&ctx);
            }
            let Some(taught) = &mut window.taught else { return };
            ui.separator();
            let label = ui.label(look::caption("Save as"));
            ui.add(TextEdit::singleline(&mut taught.path).desired_width(160.0)).labelled_by(label.id);
            let save = ui.button("Save").clicked();
            if ui.button("Unlearn").on_hover_text("The model as it was before").clicked() {
                window.unlearn(&ctx);
            } else if save {
                window.save();
            }
        });
    });
}

fn foot(window: &Window, ui: &mut Ui) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for (key, what) in [("Enter", "clear"), ("Ctrl+Z", "undo"), ("a key", "what it is"), ("Esc", "end")] {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.label(look::key(key));
            ui.label(look::caption(what));
            ui.add_space(10.0);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let colour = if window.notice.is_bad { look::WARNING } else { look::FAINT };
            ui.add(egui::Label::new(RichText::new(&window.notice.text).color(colour).size(13.0)).truncate());
        });
    });
}
