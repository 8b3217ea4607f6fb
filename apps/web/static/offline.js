// Keeps the whole page, so that it works without a network. `files.js` lists its files, and names this version of them.

importScripts("files.js");

// Pages of one owner may share an address up to the folder, and each deletes what it has kept itself, and nothing else.
const OURS = `barnacle ${registration.scope} `;
const NAME = OURS + VERSION;

// Each file is asked for anew: one of an earlier version in the browser's cache would not fit the others.
const anew = (file) => new Request(file, { cache: "no-cache" });

self.addEventListener("install", (event) =>
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll(FILES.map(anew)))),
);

self.addEventListener("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(OURS) && name !== NAME))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  ),
);

self.addEventListener("fetch", (event) =>
  event.respondWith(
    caches
      .open(NAME)
      .then((kept) => kept.match(event.request, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(event.request)),
  ),
);
