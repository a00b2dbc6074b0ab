"""The side of a peer in the conversation with bench/processes.ts: one JSON object per line, answered in order.

  {"do": "hello"}                                   -> {"version": "NumPy 1.24.2", "threads": 1}
  {"do": "prepare", "case": c, "data": folder}      -> {}         reads every .npy of the folder by its name
  {"do": "answer", "case": c, "out": folder}        -> {"seconds": s, "names": [...]}   one call, results as .npy
  {"do": "time", "case": c, "calls": k}             -> {"seconds": s}   seconds per call, the mean of k calls in a row
  {"do": "release", "case": c}                      -> {}
  {"do": "memory", "case": c, "data": folder}       -> {"bytes": b}  peak of data and call above the bare process
  {"do": "quit"}

A failure answers {"error": "..."} and leaves the peer alive.
"""
import gc
import json
import os
import sys
import time

import numpy as np

cases = {}


def case(name):
    """
    Registers a function from the data (a dict of arrays) to a function without arguments, which is what is timed, or to
    that, a function that makes of its result what is compared, and a function that tells the seconds of earlier work
    on which the call builds.
    """

    def register(prepare):
        cases[name] = prepare
        return prepare

    return register


def read_folder(folder):
    return {f[:-4]: np.load(os.path.join(folder, f)) for f in sorted(os.listdir(folder)) if f.endswith(".npy")}


def resident(field, reset=False):
    """Bytes of this process in memory, now (VmRSS) or at most (VmHWM), which a reset starts anew; Linux only."""
    if reset:
        with open("/proc/self/clear_refs", "w") as f:
            f.write("5")
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) * 1024 for line in f if line.startswith(field))


def serve(version, threads, to_native, to_numpy):
    # Whatever libraries print goes to stderr: stdout carries answers only.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    data, prepared = {}, {}

    def read_native(folder):
        return {name: to_native(a) for name, a in read_folder(folder).items()}

    def prepare(m):
        folder = m["data"]
        if folder not in data:
            data.clear()
            data[folder] = read_native(folder)
        if m["case"] not in cases:
            raise KeyError(f"no case {m['case']}")
        made = cases[m["case"]](data[folder])
        parts = made if isinstance(made, tuple) else (made,)
        prepared[m["case"]] = (*parts, *(lambda result: result, lambda: 0)[len(parts) - 1 :])
        return {}

    def answer(m):
        call, compared, before = prepared[m["case"]]
        start = time.perf_counter()
        result = call()
        seconds = time.perf_counter() - start + before()
        result = compared(result)
        for name, value in result.items():
            np.save(os.path.join(m["out"], name + ".npy"), np.asarray(to_numpy(value), order="C"))
        return {"seconds": seconds, "names": list(result)}

    def timed(m):
        (call, _, before), calls = prepared[m["case"]], range(m["calls"])
        start = time.perf_counter()
        for _ in calls:
            call()
        return {"seconds": (time.perf_counter() - start) / m["calls"] + before()}

    def release(m):
        prepared.pop(m["case"], None)
        if not prepared:
            data.clear()
        gc.collect()
        return {}

    def memory(m):
        """Only a process that has prepared nothing yet tells the truth."""
        call = cases[m["case"]](read_native(m["data"]))
        call()
        del call
        gc.collect()
        before = resident("VmRSS", reset=True)
        call = cases[m["case"]](read_native(m["data"]))
        for _ in range(3):
            call()
        return {"bytes": resident("VmHWM") - before}

    commands = {
        "memory": memory,
        "hello": lambda m: {"version": version, "threads": threads},
        "prepare": prepare,
        "answer": answer,
        "time": timed,
        "release": release,
    }
    for line in sys.stdin:
        message = json.loads(line)
        if message["do"] == "quit":
            break
        try:
            reply = commands[message["do"]](message)
        except Exception as problem:  # The other side decides what a failure means.
            reply = {"error": f"{type(problem).__name__}: {problem}"}
        out.write(json.dumps(reply) + "\n")
        out.flush()
