//! The two ways between the browser and the page: functions that the page's JavaScript calls, and those that it has.

use eframe::{App, Frame, WebOptions, WebRunner};
use egui::{Context, Event, Pos2, RawInput, Ui};
use std::cell::RefCell;
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use web::errand::Errand;
use web::message::{Reply, Request, to_bytes};
use web::page::Page;
use web::worker::Worker;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = barnacle)]
    fn ask(worker: &str, request: Vec<u8>);
    #[wasm_bindgen(js_namespace = barnacle)]
    fn dismiss(worker: &str);
    #[wasm_bindgen(js_namespace = barnacle)]
    fn load(name: &str);
    #[wasm_bindgen(js_namespace = barnacle)]
    fn choose();
    #[wasm_bindgen(js_namespace = barnacle)]
    fn save(name: &str, content: Vec<u8>);
    #[wasm_bindgen(js_namespace = barnacle)]
    fn keep(ids: Vec<String>, lines: Vec<String>);
    #[wasm_bindgen(js_namespace = barnacle)]
    fn keep_model(name: &str, file: Vec<u8>);
    #[wasm_bindgen(js_namespace = barnacle)]
    fn forget(id: &str);
    #[wasm_bindgen(js_name = postMessage)]
    fn post(reply: Vec<u8>);
}

type News = Box<dyn FnOnce(&mut Page)>;

/// News that the page has not seen yet.
#[derive(Default)]
struct Inbox {
    ctx: Option<Context>,
    news: Vec<News>,
    /// Places where the pointer was between two events that the browser tells.
    passed: Vec<Pos2>,
    /// Whether somebody has asked for the state, and the newest one.
    wants_state: bool,
    state: String,
}

thread_local! {
    static INBOX: RefCell<Inbox> = RefCell::default();
    static WORKER: RefCell<Worker> = RefCell::default();
}

/// Hands news to the page, which looks at them in its next frame.
fn tell(news: impl FnOnce(&mut Page) + 'static) {
    INBOX.with_borrow_mut(|inbox| {
        inbox.news.push(Box::new(news));
        inbox.ctx.iter().for_each(Context::request_repaint);
    });
}

/// This module, for a worker.
#[wasm_bindgen]
pub fn module() -> JsValue {
    wasm_bindgen::module()
}

/// Shows the page on a canvas; `session` is a name that no other page has.
#[wasm_bindgen]
pub async fn begin(canvas: JsValue, session: String) -> Result<(), JsValue> {
    let shell = |cc: &eframe::CreationContext<'_>| {
        ui::look::apply(&cc.egui_ctx);
        INBOX.with_borrow_mut(|inbox| inbox.ctx = Some(cc.egui_ctx.clone()));
        Ok(Box::new(Shell(Page::new(session))) as Box<dyn App>)
    };
    WebRunner::new().start(canvas.unchecked_into(), WebOptions::default(), Box::new(shell)).await
}

/// Takes in news from a worker.
#[wasm_bindgen]
pub fn reply(message: Vec<u8>) {
    tell(move |page| page.take_in(&message));
}

/// A worker has ended by itself.
#[wasm_bindgen]
pub fn lost(worker: &str) {
    tell(if worker == "trainer" { Page::lost_trainer } else { Page::lost_reader });
}

/// Takes in a file.
#[wasm_bindgen]
pub fn opened(name: String, content: Vec<u8>) {
    tell(move |page| page.open(&name, content));
}

/// Takes in a drawing that was kept.
#[wasm_bindgen]
pub fn restored(id: String, line: String) {
    tell(move |page| page.restore(id, &line));
}

/// Takes in the own model that was kept.
#[wasm_bindgen]
pub fn restored_model(name: String, file: Vec<u8>) {
    tell(move |page| page.restore_model(name, file));
}

/// Tells the user what the browser cannot do.
#[wasm_bindgen]
pub fn complain(text: String) {
    tell(move |page| page.complain(&text));
}

/// A file that ships with the page cannot be loaded.
#[wasm_bindgen]
pub fn not_loaded(name: String) {
    tell(move |page| page.not_loaded(&name));
}

/// The pointer has passed here, between two events.
#[wasm_bindgen]
pub fn passed(x: f32, y: f32) {
    INBOX.with_borrow_mut(|inbox| inbox.passed.push(Pos2::new(x, y)));
}

/// The state of the page as it was after its last frame, as JSON; empty at the first call, which makes a frame.
#[wasm_bindgen]
pub fn state() -> String {
    INBOX.with_borrow_mut(|inbox| {
        if !std::mem::replace(&mut inbox.wants_state, true) {
            inbox.ctx.iter().for_each(Context::request_repaint);
        }
        inbox.state.clone()
    })
}

/// In a worker: does what a request asks for.
#[wasm_bindgen]
pub fn answer(request: &[u8]) {
    gemm_common::set_wasm_simd128(true);
    let mut tell = |reply: Reply| {
        if let Ok(message) = to_bytes(&reply) {
            post(message);
        }
    };
    WORKER.with_borrow_mut(|worker| worker.handle(request, &mut tell));
}

struct Shell(Page);

impl App for Shell {
    fn ui(&mut self, ui: &mut Ui, _: &mut Frame) {
        let news = INBOX.with_borrow_mut(|inbox| std::mem::take(&mut inbox.news));
        news.into_iter().for_each(|news| news(&mut self.0));
        self.0.ui(ui);
        self.0.take_errands().into_iter().for_each(run);
        if INBOX.with_borrow(|inbox| inbox.wants_state) {
            let state = serde_json::to_string(&self.0.state()).unwrap_or_default();
            INBOX.with_borrow_mut(|inbox| inbox.state = state);
        }
    }

    /// Puts the places that the pointer has passed before the event that stands for all of them, so that a fast stroke
    /// stays round. The last of them is the event's own, which the library has cut to whole points.
    fn raw_input_hook(&mut self, _: &Context, input: &mut RawInput) {
        let passed = INBOX.with_borrow_mut(|inbox| std::mem::take(&mut inbox.passed));
        let mut passed = passed.into_iter().peekable();
        let mut events = Vec::with_capacity(input.events.len());
        for event in input.events.drain(..) {
            let Event::PointerMoved(to) = event else {
                events.push(event);
                continue;
            };
            while let Some(point) = passed.next_if(|point| point.distance(to) > 2.0) {
                events.push(Event::PointerMoved(point));
            }
            events.push(Event::PointerMoved(passed.next().unwrap_or(to)));
        }
        input.events = events;
    }
}

fn run(errand: Errand) {
    match errand {
        Errand::Read(request) => send("reader", &request),
        Errand::Train(request) => send("trainer", &request),
        Errand::StopTraining => dismiss("trainer"),
        Errand::Fetch(name) => load(name),
        Errand::Choose => choose(),
        Errand::Save { name, content } => save(&name, content),
        Errand::Keep(drawings) => {
            let (ids, lines) = drawings.into_iter().unzip();
            keep(ids, lines);
        }
        Errand::KeepModel { name, file } => keep_model(&name, file),
        Errand::Forget(id) => forget(&id),
    }
}

fn send(worker: &str, request: &Request) {
    if let Ok(request) = to_bytes(request) {
        ask(worker, request);
    }
}
