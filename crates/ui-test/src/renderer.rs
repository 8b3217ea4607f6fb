//! Draws what egui asks for on the CPU: exact, and the same everywhere, without a driver.

use egui::{
    Color32, ColorImage, FullOutput, TextureFilter, TextureId, TexturesDelta,
    epaint::{ImageData, Primitive, Vertex},
};
use std::collections::HashMap;

/// Draws triangles with textures, one pixel after the other.
#[derive(Default)]
pub struct CpuRenderer {
    textures: HashMap<TextureId, Texture>,
}

struct Texture {
    image: ColorImage,
    /// Whether enlarged pixels stay square.
    is_nearest: bool,
}

/// The picture that is drawn: premultiplied colours of 0 to 255, row by row.
struct Frame {
    pixels: Vec<[f32; 4]>,
    width: usize,
}

impl egui_kittest::TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for d in images {
                let ImageData::Color(img) = &d.image;
                let Some(at) = d.pos else {
                    let is_nearest = d.options.magnification == TextureFilter::Nearest;
                    self.textures.insert(id, Texture { image: (**img).clone(), is_nearest });
                    continue;
                };
                replace(&mut self.textures.get_mut(&id).expect("a part of a known texture").image, img, at);
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &egui::Context, out: &FullOutput) -> Result<image::RgbaImage, String> {
        let ppp = out.pixels_per_point;
        let size = ctx.content_rect().size() * ppp;
        let (w, h) = (size.x.round() as usize, size.y.round() as usize);
        let mut frame = Frame { pixels: vec![[0f32; 4]; w * h], width: w };
        for prim in ctx.tessellate(out.shapes.clone(), ppp) {
            let Primitive::Mesh(mesh) = &prim.primitive else { continue };
            let tex = self.textures.get(&mesh.texture_id).ok_or("unknown texture")?;
            let c = prim.clip_rect;
            let clip = [
                (c.min.x * ppp).round().max(0.0) as usize,
                (c.min.y * ppp).round().max(0.0) as usize,
                ((c.max.x * ppp).round().max(0.0) as usize).min(w),
                ((c.max.y * ppp).round().max(0.0) as usize).min(h),
            ];
            for t in mesh.indices.chunks_exact(3) {
                let &[a, b, c] = t else { continue };
                triangle(&mut frame, clip, tex, ppp, [a, b, c].map(|i| &mesh.vertices[i as usize]));
            }
        }
        let px = frame.pixels.iter().flat_map(|p| p.map(|v| v.round().clamp(0.0, 255.0) as u8)).collect();
        image::RgbaImage::from_raw(w as u32, h as u32, px).ok_or_else(|| "size".into())
    }
}

/// Replaces a part of a picture whose left upper corner is at `[x, y]`.
fn replace(picture: &mut ColorImage, part: &ColorImage, [x, y]: [usize; 2]) {
    let [width, height] = part.size;
    for row in 0..height {
        let start = (y + row) * picture.size[0] + x;
        picture.pixels[start..start + width].copy_from_slice(&part.pixels[row * width..][..width]);
    }
}

/// One triangle; colours are premultiplied and mixed as they are, as egui's own renderers do.
fn triangle(frame: &mut Frame, clip: [usize; 4], tex: &Texture, ppp: f32, v: [&Vertex; 3]) {
    let p = v.map(|v| [v.pos.x * ppp, v.pos.y * ppp]);
    let edge = |a: [f32; 2], b: [f32; 2], c: [f32; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    let area = edge(p[0], p[1], p[2]);
    if area == 0.0 {
        return;
    }
    let (v, p) = if area < 0.0 { ([v[0], v[2], v[1]], [p[0], p[2], p[1]]) } else { (v, p) };
    let area = area.abs();
    // top-left rule: shared edges are drawn once
    let bias = |a: [f32; 2], b: [f32; 2]| (b[1] - a[1] < 0.0) || (b[1] == a[1] && b[0] - a[0] > 0.0);
    let incl = [bias(p[1], p[2]), bias(p[2], p[0]), bias(p[0], p[1])];
    let lo = |i: usize| p.iter().map(|q| q[i]).fold(f32::MAX, f32::min).floor().max(0.0) as usize;
    let hi = |i: usize| p.iter().map(|q| q[i]).fold(f32::MIN, f32::max).ceil().max(0.0) as usize;
    for y in lo(1).max(clip[1])..hi(1).min(clip[3]) {
        for x in lo(0).max(clip[0])..hi(0).min(clip[2]) {
            let q = [x as f32 + 0.5, y as f32 + 0.5];
            let e = [edge(p[1], p[2], q), edge(p[2], p[0], q), edge(p[0], p[1], q)];
            if (0..3).any(|i| e[i] < 0.0 || (e[i] == 0.0 && !incl[i])) {
                continue;
            }
            let b = e.map(|e| e / area);
            let mix = |f: &dyn Fn(&Vertex) -> f32| b[0] * f(v[0]) + b[1] * f(v[1]) + b[2] * f(v[2]);
            let t = sample(tex, mix(&|v| v.uv.x), mix(&|v| v.uv.y));
            let s: [f32; 4] = std::array::from_fn(|k| mix(&|v| v.color.to_array()[k] as f32) * t[k] / 255.0);
            let d = &mut frame.pixels[y * frame.width + x];
            for k in 0..4 {
                d[k] = s[k] + d[k] * (1.0 - s[3] / 255.0);
            } // premultiplied, gamma space
        }
    }
}

/// The texture's colour at a place, between its four nearest pixels or that of the nearest.
fn sample(texture: &Texture, u: f32, v: f32) -> [f32; 4] {
    let tex = &texture.image;
    let [w, h] = tex.size;
    let (x, y) = (u * w as f32 - 0.5, v * h as f32 - 0.5);
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = match texture.is_nearest {
        true => ((x - x0).round(), (y - y0).round()),
        false => (x - x0, y - y0),
    };
    let at = |dx: f32, dy: f32| -> [f32; 4] {
        let xi = (x0 + dx).clamp(0.0, (w - 1) as f32) as usize;
        let yi = (y0 + dy).clamp(0.0, (h - 1) as f32) as usize;
        let c: Color32 = tex.pixels[yi * w + xi];
        c.to_array().map(f32::from)
    };
    let (a, b, c, d) = (at(0., 0.), at(1., 0.), at(0., 1.), at(1., 1.));
    std::array::from_fn(|k| (a[k] * (1. - fx) + b[k] * fx) * (1. - fy) + (c[k] * (1. - fx) + d[k] * fx) * fy)
}
