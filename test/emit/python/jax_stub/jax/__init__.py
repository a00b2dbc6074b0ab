"""Not JAX: NumPy under the names that emitted JAX code uses.

It lets that code run where JAX is not installed. What it shows is that the
code computes the right numbers, not that JAX would accept it.
"""

import math
import sys
import types

import numpy as np


class Array(np.ndarray):
    """An array with `x.at[index].set(y)` and `.add(y)`, which return copies."""

    @property
    def at(self):
        return _At(self)


class _At:
    def __init__(self, array):
        self.array = array

    def __getitem__(self, index):
        return _Place(self.array, index)


class _Place:
    def __init__(self, array, index):
        self.array, self.index = array, index

    def set(self, value):
        copy = self.array.copy()
        copy[self.index] = value
        return copy

    def add(self, value):
        return self.set(self.array[self.index] + value)


def _module(name, **names):
    module = types.ModuleType(name)
    module.__dict__.update(names)
    sys.modules[name] = module
    return module


def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def _softmax(x, axis):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def _logsumexp(x, axis=None):
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    total = np.log(np.sum(np.exp(x - top), axis=axis))
    return total + np.squeeze(top, axis=axis)


def _array(function):
    return lambda *args, **keywords: np.asanyarray(function(*args, **keywords)).view(Array)


numpy = _module("jax.numpy", **vars(np))
for _name in ("asarray", "zeros", "full", "ones", "eye", "where", "outer", "tensordot", "einsum"):
    setattr(numpy, _name, _array(getattr(np, _name)))
nn = _module("jax.nn", sigmoid=_sigmoid, softmax=_softmax)
_special = _module(
    "jax.scipy.special",
    erf=np.vectorize(math.erf, otypes=[float]),
    erfc=np.vectorize(math.erfc, otypes=[float]),
    logsumexp=_logsumexp,
)
_linalg = _module("jax.scipy.linalg", cholesky=lambda a: np.linalg.cholesky(a.T).T)
scipy = _module("jax.scipy", special=_special, linalg=_linalg)


class config:
    """Flags have no meaning here."""

    @staticmethod
    def update(name, value):
        pass
