/** TensorFlow.js on its WebAssembly backend; it has float32 only and no second derivatives. */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** `wasm`: where the backend's .wasm files are; `threads` matters in the browser only. */
export async function load({ wasm, threads }) {
  setWasmPaths(wasm);
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  return { version: `TF.js ${tf.version_core}`, prepare: async (name, data) => cases[name](tensors(data)) };
}

const tensors = (data) =>
  Object.fromEntries([...data].map(([name, { shape, data }]) => [name, tf.tensor(Float32Array.from(data), shape)]));

/** A case from a function that makes tensors by name; those of the last call are kept for the answers. */
function prepared(compute) {
  let last = {};
  return {
    call() {
      tf.dispose(last);
      last = tf.tidy(compute);
    },
    answers: async () =>
      new Map(
        await Promise.all(
          Object.entries(last).map(async ([name, t]) => [name, { shape: t.shape, data: await t.data() }]),
        ),
      ),
    close: () => tf.dispose(last),
  };
}

const cases = {
  network({ A0, Y, ...weights }) {
    const layers = Object.keys(weights).length / 2;
    const names = Array.from({ length: layers }, (_, k) => [`W${k + 1}`, `b${k + 1}`]).flat();
    const loss = (...parameters) => {
      let A = A0;
      for (let k = 0; k < layers; k++)
        A = tf.fused.matMul({
          a: A,
          b: parameters[2 * k],
          bias: parameters[2 * k + 1],
          activation: k + 1 < layers ? 'relu' : 'linear',
        });
      return tf.losses.softmaxCrossEntropy(Y, A, undefined, 0, tf.Reduction.SUM);
    };
    const both = tf.valueAndGrads(loss);
    const at = names.map((name) => weights[name]);
    return prepared(() => {
      const { value, grads } = both(at);
      return { value, ...Object.fromEntries(names.map((name, i) => [`d${name}`, grads[i]])) };
    });
  },

  logistic({ X, y, w }) {
    return prepared(() => {
      const s = tf.sigmoid(tf.neg(tf.mul(y, tf.dot(X, w))));
      const dw = tf.neg(tf.dot(tf.mul(y, s), X));
      const v = tf.mul(tf.mul(s, tf.sub(1, s)), tf.square(y));
      const dwdw = tf.matMul(tf.transpose(tf.mul(X, tf.expandDims(v, 1))), X);
      return { dw, dwdw };
    });
  },
};
