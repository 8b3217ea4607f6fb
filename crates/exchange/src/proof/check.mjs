// Checks that an exported model answers here as it does in Barnacle. Needs onnxruntime-node:
//
//     npm install onnxruntime-node
//     node check.mjs
//
// Exits with 1 and names the pictures on any difference.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ort from "onnxruntime-node";

const folder = dirname(fileURLToPath(import.meta.url));
const proof = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"));
const session = await ort.InferenceSession.create(join(folder, proof.model));
let largest = 0;
let wrong = 0;
for (const { picture, pixels, shape, probabilities } of proof.cases) {
  const input = new ort.Tensor("float32", Float32Array.from(pixels), [1, ...shape]);
  const found = (await session.run({ [proof.input]: input }))[proof.output].data;
  const difference = Math.max(...probabilities.map((p, i) => Math.abs(p - found[i])));
  largest = Math.max(largest, difference);
  if (!(difference <= proof.tolerance)) {
    wrong += 1;
    console.log(`${picture}: a probability differs by ${difference.toFixed(6)}`);
  }
}
console.log(`${proof.cases.length} pictures, largest difference ${largest.toExponential(2)}`);
process.exit(wrong === 0 ? 0 : 1);
