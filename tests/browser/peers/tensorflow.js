// The training lab's Switch model in TensorFlow.js, for the bench: same shape, batch, losses and capacity; Adam, because
// TensorFlow.js has no AdamW. It uses only operations that the wasm backend has with their gradients, which excludes
// gather: a token's embedding is a product with a one-hot matrix.
//
// Experts are computed in two ways. "slots": every expert takes at most `capacity` tokens of a sequence, brought to it and
// back by products with one-hot matrices, as Mesh TensorFlow's Switch does. "all": all experts compute every token.

const { tf } = window;

/** x W, for x [..., in] and W [in, out]. */
const linear = (x, weight) => {
  const [inner, out] = weight.shape;
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, inner]), weight), [...x.shape.slice(0, -1), out]);
};
const norm = (x, gain) => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-5))), gain);
const silu = (x) => tf.mul(x, tf.sigmoid(x));
/** log(sum(exp(x))) along the last axis, kept. */
const logSum = (x) => {
  const most = tf.max(x, -1, true);
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, most)), -1, true)), most);
};

/** A model to be trained; `shape` has the names of the lab's settings. */
function build(shape, way) {
  const { width, layers, experts, inner, batch, len, vocabulary } = shape;
  const head = 16;
  const heads = width / head;
  const { balance, z, capacity_factor: factor, learning_rate: rate } = shape.coefficients;
  const capacity = Math.ceil((factor * len) / experts);
  const normal = (dims, deviation) => tf.variable(tf.randomNormal(dims, 0, deviation));
  const scale = 1 / Math.sqrt(width);
  const embedding = normal([vocabulary, width], 0.02);
  const last = tf.variable(tf.ones([width]));
  const blocks = Array.from({ length: layers }, () => ({
    norms: [tf.variable(tf.ones([width])), tf.variable(tf.ones([width]))],
    qkv: normal([width, 3 * width], scale),
    output: normal([width, width], scale / Math.sqrt(2 * layers)),
    router: normal([width, experts], 0.02),
    // [E, d, F] each way; for "all" the experts lie side by side instead.
    gate: normal(way === 'slots' ? [experts, width, inner] : [width, experts * inner], scale),
    up: normal(way === 'slots' ? [experts, width, inner] : [width, experts * inner], scale),
    down: normal(way === 'slots' ? [experts, inner, width] : [experts * inner, width], 1 / Math.sqrt(inner * 2 * layers)),
  }));
  const angles = Array.from({ length: len }, (_, t) => Array.from({ length: head / 2 }, (_, i) => t / 10000 ** ((2 * i) / head)));
  const table = (f) => tf.tensor(angles.map((row) => row.map(f)), [len, head / 2]);
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const mask = tf.tensor(Array.from({ length: len }, (_, q) => Array.from({ length: len }, (_, k) => (k > q ? -1e9 : 0))), [len, len]);

  const turn = (x) => {
    const [a, b] = tf.split(x, 2, -1);
    return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1);
  };
  const attention = (x, block) => {
    const parts = tf.split(linear(x, block.qkv), 3, -1);
    const [q, k, v] = parts.map((part) => tf.transpose(tf.reshape(part, [batch, len, heads, head]), [0, 2, 1, 3]));
    const scores = tf.add(tf.mul(tf.matMul(turn(q), turn(k), false, true), 1 / Math.sqrt(head)), mask);
    const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
    return linear(tf.reshape(mixed, [batch, len, width]), block.output);
  };
  /** A function of a tensor through which no gradient goes: what the router chose is not differentiated. */
  const fixed = (f) => tf.customGrad((x) => ({ value: f(x), gradFunc: () => tf.zerosLike(x) }));
  /** Which expert a token goes to, one-hot: [batch, len, E] from logits of that shape. */
  const choose = (logits) => tf.cast(tf.oneHot(tf.argMax(logits, -1), experts), 'float32');
  /** Which slot of an expert it goes to, one-hot: [batch, len, E * capacity]; nothing where the expert is full. */
  const place = (logits) => {
    const chosen = choose(logits);
    const before = tf.sum(tf.mul(tf.cumsum(chosen, 1, true), chosen), -1);
    const slot = tf.cast(tf.oneHot(tf.cast(before, 'int32'), capacity), 'float32');
    return tf.reshape(tf.mul(tf.expandDims(chosen, 3), tf.expandDims(slot, 2)), [batch, len, experts * capacity]);
  };
  /** Every expert's tokens of each sequence into its slots, and back: y [batch, len, d]. */
  const slots = (x, logits, chosen, block) => {
    const dispatch = fixed(place)(logits);
    const taken = tf.reshape(tf.matMul(dispatch, x, true), [batch, experts, capacity, width]);
    const input = tf.reshape(tf.transpose(taken, [1, 0, 2, 3]), [experts, batch * capacity, width]);
    const hidden = tf.mul(silu(tf.matMul(input, block.gate)), tf.matMul(input, block.up));
    const output = tf.reshape(tf.matMul(hidden, block.down), [experts, batch, capacity, width]);
    return tf.matMul(dispatch, tf.reshape(tf.transpose(output, [1, 0, 2, 3]), [batch, experts * capacity, width]));
  };
  const all = (x, logits, chosen, block) => {
    const hidden = tf.mul(silu(linear(x, block.gate)), linear(x, block.up));
    const kept = tf.mul(tf.reshape(hidden, [batch, len, experts, inner]), tf.expandDims(chosen, 3));
    return linear(tf.reshape(kept, [batch, len, experts * inner]), block.down);
  };
  const loss = (ids, targets) => {
    let own = tf.scalar(0);
    let x = linear(tf.cast(tf.oneHot(ids, vocabulary), 'float32'), embedding);
    for (const block of blocks) {
      x = tf.add(x, attention(norm(x, block.norms[0]), block));
      const input = norm(x, block.norms[1]);
      const logits = linear(input, block.router);
      const probs = tf.softmax(logits);
      const chosen = fixed(choose)(logits);
      const mixed = (way === 'slots' ? slots : all)(input, logits, chosen, block);
      x = tf.add(x, tf.mul(mixed, tf.sum(tf.mul(probs, chosen), -1, true)));
      const even = tf.sum(tf.mul(tf.mean(chosen, [0, 1]), tf.mean(probs, [0, 1])));
      own = tf.add(own, tf.add(tf.mul(even, balance * experts), tf.mul(tf.mean(tf.square(logSum(logits))), z)));
    }
    const flat = tf.reshape(norm(x, last), [batch * len, width]);
    const logits = tf.matMul(flat, embedding, false, true);
    const right = tf.sum(tf.mul(logits, tf.cast(tf.oneHot(tf.reshape(targets, [-1]), vocabulary), 'float32')), -1);
    return tf.add(tf.mean(tf.sub(tf.reshape(logSum(logits), [-1]), right)), own);
  };
  const optimizer = tf.train.adam(rate, 0.9, 0.95);
  /** One step on a batch [batch, len + 1] of ids; the loss before it. */
  const step = (ids) =>
    tf.tidy(() => {
      const rows = tf.tensor(ids, [batch, len + 1], 'int32');
      const value = optimizer.minimize(
        () => loss(tf.slice(rows, [0, 0], [batch, len]), tf.slice(rows, [0, 1], [batch, len])),
        true,
      );
      return value.dataSync()[0];
    });
  return { step, shape };
}

window.peer = {
  models: {},
  /** Opens a backend and builds both models; throws if a gradient needs an operation that the backend lacks. */
  async open(backend, shape) {
    if (backend === 'wasm') {
      tf.wasm.setWasmPaths('node_modules/@tensorflow/tfjs-backend-wasm/dist/');
      tf.wasm.setThreadsCount(1);
    }
    if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js cannot open its backend ${backend}`);
    await tf.ready();
    for (const way of ['slots', 'all']) window.peer.models[way] = build(shape, way);
    return tf.getBackend();
  },
  /** So many steps on sequences that count upwards, which can be learned: seconds, first and last loss. */
  train(way, steps) {
    const { step, shape } = window.peer.models[way];
    const losses = [];
    const from = performance.now();
    for (let number = 0; number < steps; number++) {
      const ids = Array.from({ length: shape.batch }, (_, row) =>
        Array.from({ length: shape.len + 1 }, (_, at) => (number * 31 + row * 7 + at) % shape.vocabulary),
      );
      losses.push(step(ids));
    }
    return { seconds: (performance.now() - from) / 1000, first: losses[0], last: losses[losses.length - 1] };
  },
};
