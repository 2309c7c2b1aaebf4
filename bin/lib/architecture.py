"""Whether the code keeps to the shape of the house: what knows of what, and how long things are."""

from __future__ import annotations

import ast
import re

from .paths import ROOT, module_folder, modules, test_modules

FILE = 400  # lines; what is longer is about more than one thing
FUNCTION = 40
SUFFIXES = (".py", ".js", ".xml")
# lists of records, each in one file
DATA = ("data", "demo", "security", "migrations")
NAME = re.compile(r'^    _name = "([^"]+)"', re.MULTILINE)


def long_files():
    """No file is over FILE lines, but for data."""
    problems = []
    for file in _files():
        lines = len(file.read_text(encoding="utf-8").splitlines())
        name = file.relative_to(ROOT).as_posix()
        is_data = file.suffix == ".xml" and file.parent.name in DATA
        if lines > FILE and not is_data:
            problems.append(f"{name}: {lines} lines; cut it where it begins to be about more")
    return problems


def long_functions():
    """No function is over FUNCTION lines: not in a module, a command, a test or the bench."""
    return [
        f"{file.relative_to(ROOT)}:{first}: {name} has {lines} lines; give its steps a name"
        for file in _files()
        if file.suffix == ".py"
        for name, first, lines in functions(file.read_text(encoding="utf-8"))
        if lines > FUNCTION
    ]


def functions(text):
    """Yield `(name, first line, lines of its body)` of the functions in Python code.

    The docstring does not count, and a text of several lines, such as a query, counts as one.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            has_docstring = ast.get_docstring(node) is not None and len(node.body) > 1
            body = node.body[has_docstring:]
            texts = [n for item in body for n in ast.walk(item) if _is_text(n)]
            inside = {line for n in texts for line in range(n.lineno + 1, n.end_lineno + 1)}
            lines = set(range(body[0].lineno, node.end_lineno + 1)) - inside
            yield node.name, node.lineno, len(lines)


def _is_text(node):
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr)


def one_way():
    """No module mentions one that depends on it, nor a model that only such a module brings."""
    problems = []
    for place, name in enumerate(modules(), start=1):
        if later := modules()[place:]:
            problems += mentions(module_folder(name), [*later, *_only_in(later)])
    return problems


def mentions(folder, names):
    """Where the files of a module, but its tests, mention any of these modules and models."""
    # a longer name of a model, such as that of its lines, goes on with a dot
    words = [rf"{re.escape(name)}(?!\.[a-z])" if "." in name else name for name in names]
    words += [name.replace(".", "_") for name in names]
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(words)})(?!\w)")
    return [
        f"{folder.name}/{file.relative_to(folder)}:{number}: knows of {match[0]}, which comes later"
        for file in sorted(folder.rglob("*"))
        if file.suffix in (*SUFFIXES, ".csv", ".scss", ".sql")
        if "tests" not in file.relative_to(folder).parts
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def _only_in(later):
    """The names of the models that these modules bring."""
    earlier = {name for other in modules() if other not in later for name in _models(other)}
    return {name for other in later for name in _models(other)} - earlier


def _models(module):
    for file in module_folder(module).rglob("*.py"):
        if "tests" not in file.parts:
            yield from NAME.findall(file.read_text(encoding="utf-8"))


def _files():
    """The code of this repository."""
    folders = [module_folder(name) for name in [*modules(), *test_modules()]]
    folders += [ROOT / name for name in ("bin", "bench", "tests")]
    found = {
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in SUFFIXES and "fixtures" not in file.parts
    }
    return sorted(found)
