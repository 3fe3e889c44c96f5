// The shipped model in onnxruntime-web, for the bench: its wasm backend on one thread.

import * as ort from './node_modules/onnxruntime-web/dist/ort.wasm.min.mjs';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const sessions = {};

/** Logits [T * V] of ids, and the milliseconds until they are there. */
async function forward(way, ids) {
  const input = { ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]) };
  const from = performance.now();
  const { logits } = await sessions[way].run(input);
  return { logits: logits.data, ms: performance.now() - from };
}

window.peer = {
  /** Loads models/<way>.onnx. */
  async open(way) {
    const options = { executionProviders: ['wasm'], graphOptimizationLevel: 'all' };
    sessions[way] = await ort.InferenceSession.create(`models/${way}.onnx`, options);
  },
  /** Every `stride`-th logit at some places. */
  async logits(way, ids, places, stride) {
    const { logits } = await forward(way, ids);
    const vocabulary = logits.length / ids.length;
    return places.map((place) =>
      Array.from(logits.subarray(place * vocabulary, (place + 1) * vocabulary)).filter((_, id) => id % stride === 0),
    );
  },
  /** Milliseconds of a forward pass, and the loss of each token after the first. */
  async run(way, ids) {
    const { logits, ms } = await forward(way, ids);
    const vocabulary = logits.length / ids.length;
    const losses = ids.slice(1).map((id, at) => {
      const row = logits.subarray(at * vocabulary, (at + 1) * vocabulary);
      const most = row.reduce((a, b) => Math.max(a, b));
      return most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - row[id];
    });
    return { ms, losses };
  },
};
