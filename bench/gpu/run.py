"""Emitted closed forms beside automatic differentiation, on a GPU where there is one.

    node bench/gpu/emit.ts
    python3 bench/gpu/run.py                     PyTorch and JAX, whichever is there, at full size
    python3 bench/gpu/run.py --quick --device cpu

PyTorch: torch.func.hessian (before 2.0: torch.autograd.functional.hessian, vectorised) beside the emitted function.
JAX: jax.jit of jax.hessian beside jax.jit of the emitted function. Both on the same data, which lie on the device
before the clock starts; first the answers are compared, then both take turns, and medians are printed. The exit code
is 1 where answers differ.
"""
import argparse
import importlib.util
import inspect
import math
import os
import statistics
import sys
import time

import numpy as np

# Where the emitted modules are.
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "emitted")

# What a row computes, and its sizes: full, quick.
ROWS = {
    "quadratic": ("Hessian of x'Ax", {"n": 8192}, {"n": 31}),
    "logsumexp": ("Hessian of logsumexp", {"n": 8192}, {"n": 31}),
    "crossentropy": ("Hessian of softmax cross-entropy", {"n": 8192}, {"n": 31}),
    "logistic": ("logistic regression, gradient and Hessian", {"m": 20000, "n": 2000}, {"m": 37, "n": 11}),
    "factorisation": ("matrix factorisation, Hessian (core only)", {"m": 400, "n": 400, "k": 10}, {"m": 7, "n": 11, "k": 3}),
    "newton": ("matrix factorisation, Newton step", {"m": 400, "n": 400, "k": 10}, {"m": 7, "n": 11, "k": 3}),
    "firstlayer": ("10 layers, Hessian by the first weights", {"m": 128, "h": 40}, {"m": 7, "h": 5}),
}
LAYERS = 10


def make_data(row, size):
    """The same arrays for everybody, in float64."""
    rng = np.random.default_rng(1)
    normal = rng.standard_normal
    if row == "quadratic":
        return {"A": normal((size["n"], size["n"])), "x": normal(size["n"])}
    if row in ("logsumexp", "crossentropy"):
        y = rng.random(size["n"])
        return {"x": normal(size["n"]), "y": y / y.sum()}
    if row == "logistic":
        m, n = size["m"], size["n"]
        return {"X": normal((m, n)), "y": rng.choice([-1.0, 1.0], m), "w": 0.1 / math.sqrt(n) * normal(n)}
    if row in ("factorisation", "newton"):
        m, n, k = size["m"], size["n"], size["k"]
        return {"T": normal((m, n)), "U": normal((m, k)), "V": normal((n, k))}
    m, h = size["m"], size["h"]
    data = {"A0": normal((m, h)), "Y": np.eye(h)[rng.integers(0, h, m)]}
    for k in range(1, LAYERS + 1):
        data[f"W{k}"] = math.sqrt(2 / h) * normal((h, h))
        data[f"b{k}"] = 0.1 * normal(h)
    return data


def load(target, row):
    """The emitted function of a row."""
    path = os.path.join(options.emitted, f"{target}_{row}.py")
    if not os.path.exists(path):
        sys.exit(f"{path} is missing: run 'node bench/gpu/emit.ts' first")
    spec = importlib.util.spec_from_file_location(f"{target}_{row}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, row)


def arguments(function, data, size):
    """Arrays by position, and the keyword arguments that are sizes."""
    given, keywords = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind == parameter.KEYWORD_ONLY:
            if parameter.default is parameter.empty:
                keywords[name] = size[name]
        else:
            given.append(data[name])
    return given, keywords


class Torch:
    def __init__(self, device, dtype):
        import torch

        self.torch, self.device = torch, device
        self.dtype = {"float64": torch.float64, "float32": torch.float32}[dtype]
        self.name = f"PyTorch {torch.__version__}"
        torch.backends.cuda.matmul.allow_tf32 = False

    def to_device(self, data):
        return {k: self.torch.tensor(a, dtype=self.dtype, device=self.device) for k, a in data.items()}

    def sync(self, _):
        if self.device == "cuda":
            self.torch.cuda.synchronize()

    def hessian(self, f, at):
        """A function without arguments."""
        if hasattr(self.torch, "func"):
            h = self.torch.func.hessian(f)
            return lambda: h(at)
        return lambda: self.torch.autograd.functional.hessian(f, at, vectorize=True)

    def gradient(self, f, at):
        if hasattr(self.torch, "func"):
            g = self.torch.func.grad(f)
            return lambda: g(at)
        return lambda: self.torch.autograd.functional.jacobian(f, at)

    def emitted(self, row, data, size):
        function = load("torch", row)
        given, keywords = arguments(function, data, size)
        return lambda: function(*given, **keywords)

    def solve(self, H, g):
        return self.torch.linalg.solve(H, g)

    def functions(self, row, d):
        F, torch = self.torch.nn.functional, self.torch
        return {
            "quadratic": (lambda x: x @ (d["A"] @ x), "x"),
            "logsumexp": (lambda x: torch.logsumexp(x, 0), "x"),
            "crossentropy": (lambda x: -(d["y"] @ F.log_softmax(x, 0)), "x"),
            "logistic": (lambda w: F.softplus(-d["y"] * (d["X"] @ w)).sum(), "w"),
            "factorisation": (lambda U: ((d["T"] - U @ d["V"].T) ** 2).sum(), "U"),
            "newton": (lambda U: ((d["T"] - U @ d["V"].T) ** 2).sum(), "U"),
            "firstlayer": (lambda W: network(d, W, torch.relu, lambda z: F.log_softmax(z, 1)), "W1"),
        }[row]

    def numpy(self, a):
        return a.detach().cpu().numpy()


class Jax:
    def __init__(self, device, dtype):
        import jax

        jax.config.update("jax_enable_x64", True)
        # float32 shall mean float32 on both sides, also on hardware with shorter types.
        jax.config.update("jax_default_matmul_precision", "highest")
        self.jax = jax
        self.device = jax.devices("cpu" if device == "cpu" else "gpu")[0]
        self.dtype = np.dtype(dtype)
        self.name = f"JAX {jax.__version__}"

    def to_device(self, data):
        return {k: self.jax.device_put(a.astype(self.dtype), self.device) for k, a in data.items()}

    def sync(self, result):
        self.jax.block_until_ready(result)

    def hessian(self, f, at):
        h = self.jax.jit(self.jax.hessian(f))
        return lambda: h(at)

    def gradient(self, f, at):
        g = self.jax.jit(self.jax.grad(f))
        return lambda: g(at)

    def emitted(self, row, data, size):
        function = load("jax", row)
        given, keywords = arguments(function, data, size)
        compiled = self.jax.jit(lambda *arrays: function(*arrays, **keywords, dtype=self.dtype))
        return lambda: compiled(*given)

    def solve(self, H, g):
        return self.jax.numpy.linalg.solve(H, g)

    def functions(self, row, d):
        nn, jnp = self.jax.nn, self.jax.numpy
        return {
            "quadratic": (lambda x: x @ (d["A"] @ x), "x"),
            "logsumexp": (nn.logsumexp, "x"),
            "crossentropy": (lambda x: -(d["y"] @ nn.log_softmax(x)), "x"),
            "logistic": (lambda w: nn.softplus(-d["y"] * (d["X"] @ w)).sum(), "w"),
            "factorisation": (lambda U: ((d["T"] - U @ d["V"].T) ** 2).sum(), "U"),
            "newton": (lambda U: ((d["T"] - U @ d["V"].T) ** 2).sum(), "U"),
            "firstlayer": (lambda W: network(d, W, lambda z: jnp.maximum(z, 0), lambda z: nn.log_softmax(z, 1)), "W1"),
        }[row]

    def numpy(self, a):
        return np.asarray(a)


def network(d, W1, relu, log_softmax):
    """Softmax cross-entropy of ten ReLU layers, as a function of the first weights."""
    A = d["A0"]
    for k in range(1, LAYERS + 1):
        Z = A @ (W1 if k == 1 else d[f"W{k}"]) + d[f"b{k}"]
        A = relu(Z)
    return -(d["Y"] * log_softmax(Z)).sum()


def contestants(library, row, data, size):
    """Two functions without arguments (automatic, emitted), and one that takes both results to pairs of arrays."""
    f, wrt = library.functions(row, data)
    hessian = library.hessian(f, data[wrt])
    emitted = library.emitted(row, data, size)
    if row == "logistic":
        gradient = library.gradient(f, data[wrt])
        return lambda: (gradient(), hessian()), emitted, lambda a, e: [(a[0], e.dw), (a[1], e.dwdw)]
    if row == "newton":
        gradient, count = library.gradient(f, data[wrt]), data[wrt].shape[0] * data[wrt].shape[1]

        def step():
            return library.solve(hessian().reshape(count, count), gradient().reshape(count)).reshape(data[wrt].shape)

        return step, emitted, lambda a, e: [(a, e.newtonU)]
    if row == "factorisation":

        def blocks(a, e):
            """Every row's block is the core, and nothing stands outside of the blocks."""
            core, full = library.numpy(e.dUdU[0]), library.numpy(a)
            m, k = full.shape[0], core.shape[0]
            expected = np.zeros((m, k, m, k), core.dtype)
            expected[np.arange(m), :, np.arange(m), :] = core
            return [(full, expected)]

        return hessian, emitted, blocks
    return hessian, emitted, lambda a, e: [(a, e[0])]


def difference(library, pairs):
    worst = 0.0
    for a, b in pairs:
        a, b = (x if isinstance(x, np.ndarray) else library.numpy(x) for x in (a, b))
        if a.shape != b.shape or not np.isfinite(b).all():
            return math.inf
        worst = max(worst, float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-300)))
    return worst


def measure(library, calls, rounds, slot):
    """Median seconds per call of each, in turns."""
    counts = []
    for call in calls:
        count, spent = 1, 0.0
        while spent < slot:
            start = time.perf_counter()
            for _ in range(count):
                result = call()
            library.sync(result)
            spent = time.perf_counter() - start
            if spent < slot:
                count = max(count + 1, min(16 * count, math.ceil(1.1 * slot * count / max(spent, 1e-9))))
        counts.append(count)
    samples = [[] for _ in calls]
    for _ in range(rounds):
        for call, count, taken in zip(calls, counts, samples):
            start = time.perf_counter()
            for _ in range(count):
                result = call()
            library.sync(result)
            taken.append((time.perf_counter() - start) / count)
    return [statistics.median(taken) for taken in samples]


def milliseconds(seconds):
    return f"{1e3 * seconds:.3g} ms"


def describe(device):
    if device == "cuda":
        import torch

        return torch.cuda.get_device_name()
    return f"{os.cpu_count()} processor threads"


def has_gpu():
    try:
        import torch

        return torch.cuda.is_available()
    except ImportError:
        try:
            import jax

            return jax.default_backend() == "gpu"
        except ImportError:
            return False


def read_options():
    parser = argparse.ArgumentParser(description="emitted closed forms beside automatic differentiation")
    parser.add_argument("--device", choices=["auto", "cuda", "cpu"], default="auto")
    parser.add_argument("--only", default="", help="rows, separated by commas")
    parser.add_argument("--libraries", default="torch,jax")
    parser.add_argument("--emitted", default=FOLDER, help="folder of the emitted modules")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that everything works")
    return parser.parse_args()


def main():
    device = options.device if options.device != "auto" else "cuda" if has_gpu() else "cpu"
    rows = [row for row in ROWS if not options.only or row in options.only.split(",")]
    lines, failed = [], False
    for name, make in (("torch", Torch), ("jax", Jax)):
        if name not in options.libraries.split(","):
            continue
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed: left out", file=sys.stderr)
            continue
        for row in rows:
            title, full, quick = ROWS[row]
            size = quick if options.quick else full
            for dtype, tolerance in (("float64", 1e-9), ("float32", 2e-3)):
                library = make(device, dtype)
                data = library.to_device(make_data(row, size))
                automatic, emitted, pairs = contestants(library, row, data, size)
                try:
                    off = difference(library, pairs(automatic(), emitted()))
                    if not off <= tolerance:
                        raise ArithmeticError(f"answers differ by {off:.1e}")
                    a, e = measure(library, [automatic, emitted], *((2, 0.001) if options.quick else (9, 0.05)))
                    figures = [milliseconds(a), milliseconds(e), f"{a / e:.3g}×", f"{off:.0e}"]
                except Exception as problem:  # Out of memory, for one: the other rows go on.
                    failed = True
                    figures = ["", "", f"{type(problem).__name__}: {str(problem).splitlines()[0][:60]}", ""]
                sizes = ", ".join(f"{k} = {v}" for k, v in size.items())
                line = [f"{title}, {sizes}", dtype, library.name, *figures]
                lines.append(line)
                print("  ".join(line), file=sys.stderr, flush=True)
                del data, automatic, emitted, pairs
    print(f"{describe(device)}\n")
    print("| work | type | library | hessian | emitted | faster by | difference |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: |")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    options = read_options()
    main()
