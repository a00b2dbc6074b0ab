"""NumPy by hand: what somebody writes who has derived the formula on paper. Also the limits of the machine."""
import ctypes
import os
import threading

import numpy as np
from protocol import case, serve

threads = int(os.environ.get("OMP_NUM_THREADS", "1"))


def expit(t):
    # Overflow-safe without SciPy: tanh saturates.
    return 0.5 * (1 + np.tanh(0.5 * t))


@case("quadratic")
def quadratic(d):
    A = d["A"]
    return lambda: {"dxdx": A + A.T}


def logistic(d, hessian):
    X, y, w = d["X"], d["y"], d["w"]

    def call():
        s = expit(-y * (X @ w))
        return {"dw": -(X.T @ (y * s)), "dwdw": hessian(X, s * (1 - s) * y * y)}

    return call


@case("logistic")
def logistic_gemm(d):
    return logistic(d, lambda X, v: (X.T * v) @ X)


@case("logistic/syrk")
def logistic_syrk(d):
    def hessian(X, v):
        Z = X * np.sqrt(v)[:, None]
        # NumPy calls syrk for Z.T @ Z.
        return Z.T @ Z

    return logistic(d, hessian)


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def diagonal_minus_outer(p, factor):
    H = np.outer(-factor * p, p)
    H[np.diag_indices_from(H)] += factor * p
    return H


@case("logsumexp")
def logsumexp(d):
    x = d["x"]
    return lambda: {"dxdx": diagonal_minus_outer(softmax(x), 1.0)}


@case("crossentropy")
def crossentropy(d):
    x, y = d["x"], d["y"]
    return lambda: {"dxdx": diagonal_minus_outer(softmax(x), y.sum())}


@case("factorisation")
def factorisation(d):
    V = d["V"]
    return lambda: {"core": 2 * (V.T @ V), "rest": np.zeros(())}


@case("newton")
def newton(d):
    T, U, V = d["T"], d["U"], d["V"]

    def call():
        gradient = 2 * (U @ V.T - T) @ V
        return {"newtonU": np.linalg.solve(2 * (V.T @ V), gradient.T).T}

    return call


@case("tiny")
def tiny(d):
    A, x, y = d["A"], d["x"], d["y"]
    return lambda: {"dx": A.T @ (1 / (1 + np.exp(-(A @ x))) - y)}


def openblas():
    for name in ("libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.openblas_set_num_threads(threads)
        return library
    raise OSError("OpenBLAS is not installed (Debian: libopenblas0)")


def gemm(function, scalar, A, B):
    """C = A·B by a direct call of cblas_?gemm: NumPy only allocates."""
    m, k = A.shape
    n = B.shape[1]
    C = np.empty((m, n), A.dtype)
    pointer = [a.ctypes.data_as(ctypes.c_void_p) for a in (A, B, C)]
    row_major, plain = 101, 111

    def call():
        function(row_major, plain, plain, m, n, k, scalar(1), pointer[0], k, pointer[1], n, scalar(0), pointer[2], n)
        return {"value": C}

    return call


@case("contraction")
@case("dgemm")
def dgemm(d):
    return gemm(openblas().cblas_dgemm, ctypes.c_double, d["A"], d["B"])


@case("sgemm")
def sgemm(d):
    return gemm(openblas().cblas_sgemm, ctypes.c_float, d["A"].astype(np.float32), d["B"].astype(np.float32))


def in_threads(work):
    """Runs work(k) for k below `threads` at once; NumPy lets go of the interpreter's lock inside copies."""

    def call():
        others = [threading.Thread(target=work, args=(k,)) for k in range(1, threads)]
        for t in others:
            t.start()
        work(0)
        for t in others:
            t.join()
        return {}

    return call


@case("copy")
def copy(d):
    """Copies 64 MiB: reads and writes 128 MiB."""
    source = np.ones(2**23)
    target = np.zeros(2**23)
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads)))
    return in_threads(lambda k: np.copyto(parts[k][1], parts[k][0]))


@case("fill")
def fill(d):
    """Writes 64 MiB."""
    parts = np.array_split(np.zeros(2**23), threads)
    return in_threads(lambda k: parts[k].fill(1.5))


if __name__ == "__main__":
    serve(f"NumPy {np.__version__}", threads, lambda a: a, np.asarray)
