"""Calls emitted functions at given points and prints their results as JSON.

The first argument is a JSON file: a list of cases with the path of a module,
the name of its function, inputs in order, and sizes, positions and functions
by keyword. The second names the library of the arrays.
"""

import functools
import importlib.util
import inspect
import json
import math
import sys
import traceback

import numpy as np


def stand_in(np_like, to, order, x):
    """sin(x), or sin(P * x) with P[i, j] = cos(1 + 7 i + 3 j), or a derivative."""
    if to is None:
        return np_like.sin(x + order * math.pi / 2)
    x = np.asarray(x)
    i = np.arange(math.prod(to))[:, None]
    P = np.cos(1 + 7 * i + 3 * np.arange(x.size)).reshape(tuple(to) + x.shape)
    y = np.sin(np.tensordot(P, x, x.ndim) + order * np.pi / 2)
    for k in range(order):
        spread = tuple(to) + (1,) * (k * x.ndim) + x.shape
        y = y.reshape(y.shape + (1,) * x.ndim) * P.reshape(spread)
    return arrays(y)


def arrays(x):
    """An array of the library under test."""
    if library == "torch":
        return torch.tensor(x, dtype=torch.float64)
    if library == "dask":
        # Two chunks along the first axis, so that chunks meet.
        return da.from_array(x, chunks=tuple(n if k else (n + 1) // 2 for k, n in enumerate(x.shape)))
    return x


def load(case):
    spec = importlib.util.spec_from_file_location("emitted", case["path"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(case):
    module = load(case)
    function = getattr(module, case["fn"])
    inputs = [arrays(np.array([float(v) for v in a["data"]]).reshape(a["shape"])) for a in case["inputs"]]
    functions = {
        name: functools.partial(stand_in, np_like, to, order)
        for name, (to, order) in case["functions"].items()
    }
    known = {**case["keywords"], **functions}
    result = function(*inputs, **accepted(function, known))
    outputs = []
    for field, value in zip(result._fields, result):
        expand = getattr(module, f"expand_{field.rstrip('_')}", None)
        if expand is not None:
            value = expand(value, **accepted(expand, known))
        outputs.append(value)
    return outputs


def accepted(function, known):
    names = inspect.signature(function).parameters
    return {name: value for name, value in known.items() if name in names}


def listed(value):
    array = np.asarray(value, dtype=float)
    flat = [float(v) if np.isfinite(v) else str(v) for v in array.ravel()]
    return {"shape": list(array.shape), "data": flat}


def main():
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    results = []
    for case in cases:
        try:
            results.append({"outputs": run(case)})
        except Exception:
            results.append({"error": traceback.format_exc(limit=-2)})
    if library == "dask":
        results = computed(results)
    for result in results:
        if "outputs" in result:
            result["outputs"] = [listed(value) for value in result["outputs"]]
    print(json.dumps(results))


def computed(results):
    """All lazy arrays at once; one case after the other where that fails."""
    try:
        return dask.compute(results)[0]
    except Exception:
        return [computed_alone(result) for result in results]


def computed_alone(result):
    try:
        return dask.compute(result)[0]
    except Exception:
        return {"error": traceback.format_exc(limit=-2)}


library = sys.argv[2]
np_like = np
if library == "torch":
    import torch

    np_like = torch
if library == "dask":
    import dask
    import dask.array as da

    np_like = da
if library == "jax":
    import jax

    jax.config.update("jax_enable_x64", True)
np.seterr(all="ignore")

if __name__ == "__main__":
    if library == "dask" and "cluster" in sys.argv:
        from distributed import Client, LocalCluster

        # Two processes on this machine, without a dashboard.
        with LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=40,
        ) as cluster, Client(cluster):
            main()
    elif library == "dask":
        with dask.config.set(scheduler="synchronous"):
            main()
    else:
        main()
