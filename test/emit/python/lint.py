"""Reads emitted files as Python does, and says what a careful reader would object to; a JSON list of sentences.

Unused imports, functions and variables, lines beyond 79 columns, calls that
run text, and statements at the top level that would run on import.
"""

import ast
import json
import sys

TOP = {"Expr", "Import", "ImportFrom", "ClassDef", "FunctionDef", "If"}


def findings(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    tree = ast.parse(text, path)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > 79 and not line.lstrip().startswith(("#", '"')):
            yield f"line {number} has {len(line)} columns: {line}"
    for node in tree.body:
        if type(node).__name__ not in TOP:
            yield f"{type(node).__name__} at the top level"
    loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name = (alias.asname or alias.name).split(".")[0]
                if name not in loaded:
                    yield f"{name} is imported and not used"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec", "compile"}:
            yield f"{node.func.id} is called"
        if isinstance(node, ast.FunctionDef):
            yield from unused(node, loaded, tree)


def unused(function, loaded, tree):
    if function in tree.body and function.name not in loaded and not function.name.startswith("expand_"):
        if function.name != tree_main(tree):
            yield f"{function.name} is defined and not used"
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name)]
    inside = {n.id for n in names if isinstance(n.ctx, ast.Load)}
    for n in names:
        if isinstance(n.ctx, ast.Store) and n.id not in inside:
            yield f"{n.id} is assigned in {function.name} and not used"


def tree_main(tree):
    """The emitted function is the first one."""
    return next(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


print(json.dumps([f"{path}: {f}" for path in sys.argv[1:] for f in findings(path)]))
