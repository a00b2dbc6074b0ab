/** jax-js on its WebAssembly backend. Every use of an array but the last takes `.ref`, its counted reference. */
import { blockUntilReady, defaultDevice, hessian, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';

export async function load({ version }) {
  await init('wasm');
  defaultDevice('wasm');
  return { version: `jax-js ${version}`, prepare: async (name, data) => cases[name](arrays(data)) };
}

const arrays = (data) =>
  Object.fromEntries(
    [...data].map(([name, { shape, data }]) => [
      name,
      np.array(data, { dtype: data instanceof Float64Array ? np.float64 : np.float32 }).reshape(shape),
    ]),
  );
const references = (tree) => Object.fromEntries(Object.entries(tree).map(([name, a]) => [name, a.ref]));

/** A case from a compiled function of a tree of arrays to a tree of arrays. */
function prepared(compiled, at) {
  let last = {};
  const drop = () => {
    for (const a of Object.values(last)) a.dispose();
  };
  return {
    async call() {
      drop();
      last = compiled(references(at));
      await blockUntilReady(last);
    },
    answers: async () =>
      new Map(
        await Promise.all(
          Object.entries(last).map(async ([name, a]) => [name, { shape: a.shape, data: await a.ref.data() }]),
        ),
      ),
    close: drop,
  };
}

const logisticLoss = (w, X, y) => nn.softplus(np.dot(X, w).mul(y).neg()).sum();

const cases = {
  network({ A0, Y, ...weights }) {
    const layers = Object.keys(weights).length / 2;
    const loss = (parameters, A0, Y) => {
      let A = A0;
      for (let k = 1; k <= layers; k++) {
        A = np.matmul(A, parameters[`W${k}`]).add(parameters[`b${k}`]);
        if (k < layers) A = nn.relu(A);
      }
      return nn.logSoftmax(A, -1).mul(Y).sum().neg();
    };
    const both = valueAndGrad(loss);
    const compiled = jit(({ A0, Y, ...parameters }) => {
      const [value, gradient] = both(parameters, A0, Y);
      return { value, ...Object.fromEntries(Object.entries(gradient).map(([name, g]) => [`d${name}`, g])) };
    });
    return prepared(compiled, { A0, Y, ...weights });
  },

  logistic(at) {
    const compiled = jit(({ X, y, w }) => {
      const dwdw = hessian((w) => logisticLoss(w, X.ref, y.ref))(w.ref);
      const [value, dw] = valueAndGrad(logisticLoss)(w, X, y);
      value.dispose();
      return { dw, dwdw };
    });
    return prepared(compiled, at);
  },

  'logistic/hand'(at) {
    const compiled = jit(({ X, y, w }) => {
      const s = nn.sigmoid(np.dot(X.ref, w).mul(y.ref).neg());
      const dw = np.dot(y.ref.mul(s.ref), X.ref).neg();
      const v = s.ref.mul(np.subtract(1, s)).mul(np.square(y));
      const dwdw = np.matmul(np.transpose(X.ref.mul(v.reshape([-1, 1]))), X);
      return { dw, dwdw };
    });
    return prepared(compiled, at);
  },

  tiny(at) {
    const gradient = jit((A, x, y) => np.dot(np.transpose(A.ref), nn.sigmoid(np.dot(A, x)).sub(y)));
    let last;
    return {
      call() {
        last = gradient(at.A.ref, at.x.ref, at.y.ref).dataSync();
      },
      answers: () => new Map([['dx', { shape: at.x.shape, data: last }]]),
    };
  },
};
