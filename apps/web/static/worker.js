// A worker: the module that the page sends, and then one request after the other.

import init, { answer } from "./web.js";

let ready;

onmessage = async ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    ready = init({ module_or_path: data });
    return;
  }
  await ready;
  answer(data);
};

// An error within a promise would reach nobody.
onunhandledrejection = ({ reason }) => setTimeout(() => { throw reason; });
