// The browser's side of the page: workers, files, the store of drawings. All else is the WebAssembly module.

import init, * as page from "./web.js";

const canvas = document.getElementById("page");
const wait = document.getElementById("wait");
const workers = {};
let isReady = false;
let writing = 0;
let persistence = false; // whether the browser was asked to keep what it holds for this page

/** Tells the user what this browser cannot do. */
const complain = (what) => (error) => page.complain(`${what}: ${error?.message ?? error}`);

/** A worker of this name, which runs the same module. */
function worker(name) {
  if (!workers[name]) {
    const made = new Worker("worker.js", { type: "module", name });
    made.onmessage = ({ data }) => page.reply(data);
    made.onerror = (event) => {
      console.error(event.message);
      made.terminate();
      delete workers[name];
      page.lost(name);
    };
    made.postMessage(page.module());
    workers[name] = made;
  }
  return workers[name];
}

/** The largest file that is read, in bytes. */
const LARGEST = 2 ** 28;

/** Hands over a file that was chosen or dropped. */
function take(file) {
  if (file.size > LARGEST) {
    page.complain(`${file.name} is larger than 256 MB.`);
    return;
  }
  file
    .arrayBuffer()
    .then((content) => page.opened(file.name, new Uint8Array(content)))
    .catch(complain(`${file.name} cannot be read`));
}

/** A request to the store of drawings, as a promise. */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened;

/** The store of drawings, or that of the own model. */
async function store(name, mode) {
  opened ??= (() => {
    const request = indexedDB.open(`barnacle ${new URL(".", location).pathname}`, 1);
    request.onupgradeneeded = () => ["drawings", "models"].forEach((name) => request.result.createObjectStore(name));
    return done(request).then((database) => {
      database.onclose = () => (opened = undefined); // by the browser; it is opened again
      return database;
    });
  })();
  return (await opened).transaction(name, mode, { durability: "strict" }).objectStore(name);
}

/** Changes a store, and counts the changes that are not safe yet. */
async function write(name, change) {
  writing += 1;
  try {
    const changed = await store(name, "readwrite");
    await new Promise((resolve, reject) => {
      changed.transaction.oncomplete = resolve;
      changed.transaction.onabort = () => reject(changed.transaction.error);
      change(changed);
    });
  } finally {
    writing -= 1;
  }
}

const chooser = Object.assign(document.createElement("input"), { type: "file", multiple: true });
chooser.onchange = () => {
  [...chooser.files].forEach(take);
  chooser.value = "";
};

/** What the module asks for. */
globalThis.barnacle = {
  ask: (name, request) => worker(name).postMessage(request, [request.buffer]),
  dismiss(name) {
    workers[name]?.terminate();
    delete workers[name];
  },
  load: (name) =>
    fetch(name)
      .then((found) => (found.ok ? found.arrayBuffer() : Promise.reject(found.status)))
      .then((content) => page.opened(name, new Uint8Array(content)))
      .catch(() => page.not_loaded(name)),
  choose: () => chooser.click(),
  save(name, content) {
    const href = URL.createObjectURL(new Blob([content]));
    Object.assign(document.createElement("a"), { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  },
  keep(ids, lines) {
    const put = (drawings) => ids.forEach((id, i) => drawings.put(lines[i], id));
    const asked = persistence;
    persistence = true;
    write("drawings", put).then(
      () => asked || navigator.storage?.persist?.(),
      complain("This browser cannot keep the drawing; download it"),
    );
  },
  keep_model: (name, file) =>
    write("models", (models) => models.put({ name, file }, "own")).catch(
      complain("This browser cannot keep the model; download it"),
    ),
  forget: (id) => write("drawings", (drawings) => drawings.delete(id)).catch(complain("The drawing cannot be deleted")),
  state: () => ({ ...JSON.parse((isReady && page.state()) || "{}"), writing }),
};

/** Hands the drawings and the own model of earlier visits to the page. */
async function restore() {
  const drawings = await store("drawings", "readonly");
  const [ids, lines] = await Promise.all([done(drawings.getAllKeys()), done(drawings.getAll())]);
  ids.forEach((id, i) => page.restored(id, lines[i]));
  const own = await done((await store("models", "readonly")).get("own"));
  if (own) page.restored_model(own.name, own.file);
}

// One finger or pen draws; a palm or a second finger is no part of the stroke. And a browser tells of one move of the pointer
// for each frame; it passed more places than that.
let drawing;
for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
  document.addEventListener(
    kind,
    (event) => {
      if (kind === "pointerdown") drawing ??= event.pointerId;
      if ((drawing ?? event.pointerId) !== event.pointerId) {
        event.stopImmediatePropagation();
        return;
      }
      if (kind === "pointerup" || kind === "pointercancel") drawing = undefined;
      if (kind !== "pointermove") return;
      const { left, top } = canvas.getBoundingClientRect();
      for (const { clientX, clientY } of event.getCoalescedEvents?.() ?? []) page.passed(clientX - left, clientY - top);
    },
    { capture: true },
  );
}

document.addEventListener("dragover", (event) => event.preventDefault(), { capture: true });
document.addEventListener(
  "drop",
  (event) => {
    event.preventDefault();
    event.stopPropagation();
    [...event.dataTransfer.files].forEach(take);
  },
  { capture: true },
);

document.addEventListener("paste", ({ clipboardData }) => {
  if (!clipboardData.getData("text")) [...clipboardData.files].forEach(take);
});

addEventListener("beforeunload", (event) => {
  if (writing) event.preventDefault();
});

/** Says that the module has come to its end by a fault. */
function stopped(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  isReady = false;
  wait.textContent = "Barnacle has stopped by a fault. Reload the page: what it kept is still there.";
  document.body.append(wait);
}
addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));

try {
  await init({ module_or_path: "web_bg.wasm" });
  isReady = true;
  await page.begin(canvas, `${Date.now()}-${crypto.getRandomValues(new Uint32Array(1))[0]}`);
  wait.remove();
} catch (error) {
  wait.textContent = `Barnacle cannot run here: ${error?.message ?? error}`;
  throw error;
}
restore().catch(complain("This browser keeps no drawings"));
navigator.serviceWorker
  ?.register("offline.js", { updateViaCache: "none" })
  .catch(complain("The page will not work without a network"));
