"""Run by Odoo's own Python: list the tests of modules as Odoo would collect them, as JSON.

Arguments: the addons path, then the names of modules. No database is needed. Also lists the test
methods in the modules' `tests` folders that Odoo would never run: in a file that
`tests/__init__.py` does not import, or merely inherited.
"""

import ast
import inspect
import json
import re
import sys
from pathlib import Path

import odoo.init  # noqa: F401
from odoo.tests import HttpCase
from odoo.tests.loader import get_module_test_cases, get_test_modules
from odoo.tools import config

BROWSER = re.compile(r"\b(start_tour|browser_js|ChromeBrowser)\(")


def collected(module):
    """The tests of a module as Odoo collects them, each with the definitions it stands for."""
    for test_module in get_test_modules(module):
        for case in get_module_test_cases(test_module):
            cls, method = type(case), case._testMethodName
            yield {
                "id": f"{cls.__module__}:{cls.__qualname__}.{method}",
                "module": module,
                "class": cls.__name__,
                "method": method,
                "file": str(Path(sys.modules[cls.__module__].__file__).resolve()),
                "tags": sorted(getattr(cls, "test_tags", ())),
                "needs": needs(cls),
                "defined": [
                    f"{base.__module__}:{base.__qualname__}.{method}"
                    for base in cls.__mro__
                    if method in vars(base)
                ],
            }


def needs(cls):
    """What the tests of a class need beside the database: "web server", "browser" or nothing."""
    if not issubclass(cls, HttpCase):
        return "database"
    own = [base for base in cls.__mro__ if base.__module__.startswith("odoo.addons.")]
    return "browser" if any(BROWSER.search(inspect.getsource(c)) for c in own) else "web server"


def defined(module, folder):
    """Every test method written down in a module's `tests` folder."""
    for file in sorted(folder.glob("tests/**/*.py")):
        path = f"odoo.addons.{module}.{'.'.join(file.relative_to(folder).with_suffix('').parts)}"
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                for item in node.body:
                    if isinstance(item, ast.FunctionDef) and item.name.startswith("test"):
                        yield f"{path}:{node.name}.{item.name}"


def main():
    """Print {"tests": [...], "unreachable": [...], "broken": {module: error}} for the modules."""
    addons_path, *modules = sys.argv[1:]
    config.parse_config([f"--addons-path={addons_path}"])
    result = {"tests": [], "unreachable": [], "broken": {}}
    for module in modules:
        folder = next(
            Path(path) / module for path in addons_path.split(",") if (Path(path) / module).is_dir()
        )
        try:
            tests = list(collected(module))
        except Exception as error:
            result["broken"][module] = f"{type(error).__name__}: {error}"
            tests = []
        result["tests"] += tests
        reachable = {name for test in tests for name in test["defined"]}
        result["unreachable"] += [name for name in defined(module, folder) if name not in reachable]
    print(json.dumps(result))


if __name__ == "__main__":
    main()
