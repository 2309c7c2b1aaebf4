"""Checks of the code that need no database. Each returns the problems it found, one line each."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import xml.etree.ElementTree as ET

from . import architecture, database, documents, venv
from .paths import CACHE, ROOT, module_folder, modules, test_modules
from .testlog import Outcome

REGISTRY_HOST = re.compile(
    r"://[a-z0-9.-]*(debian|pypi|pythonhosted|npmjs)[a-z0-9.-]*", re.IGNORECASE
)
# What Odoo 19 refuses, ignores, or crashes on in the browser.
DEPRECATED_XML = (
    (re.compile(r"<tree\b"), "<tree> is now <list>"),
    (re.compile(r"\battrs=\s*[\"']"), "attrs= is gone: use invisible=, readonly=, required="),
    (re.compile(r"<(field|button)\b[^>]*\sstates=\s*[\"']"), "states= is gone: use invisible="),
    (re.compile(r"""t-name=["']kanban-box["']"""), 'the template kanban-box is now t-name="card"'),
    (re.compile(r"\boe_chatter\b"), "the class oe_chatter does nothing: use <chatter/>"),
    (re.compile(r"<group\b[^>]*\bexpand="), "expand= on <group> is refused"),
    (re.compile(r"\bt-(raw|esc)="), "t-raw and t-esc are deprecated: use t-out"),
    (re.compile(r"<openerp\b"), "<openerp> is now <odoo>"),
    (re.compile(r"""view_mode["']>[^<]*\btree\b"""), "view mode tree is now list"),
)
# Ways around access rights and checks for which there is no good reason in these modules. t-raw is
# among DEPRECATED_XML, eval and Markup on what a variable holds are bandit's.
FORBIDDEN = (
    (re.compile(r"\bcsrf\s*=\s*False"), "csrf=False: another site could send this form"),
    (re.compile(r"""\bauth\s*=\s*["']none["']"""), 'auth="none": use auth="public"'),
    (re.compile(r"\b_allow_sudo_commands\s*=\s*True"), "commands on a relation with all rights"),
    (re.compile(r"\bverify\s*=\s*False"), "verify=False: whoever answers is not checked"),
)
ODOO_VERSION = "19.0"
# Rules for modules of the Odoo Community Association, which these are not.
# no-search-all: our code lists, phases and definitions are short by nature
PYLINT_LEFT_OUT = ("manifest-required-author", "missing-readme", "no-search-all")
BANDIT_LEFT_OUT_IN_BIN = ("B314", "B404", "B405", "B603", "B607")
READ_BY_CODE = ("personal_data.csv",)  # beside the data, and not for Odoo to load
# Left out of bin/lint --quick, as are the translations: minutes on a machine that is busy.
SLOW = ("pylint-odoo", "bandit")
DATA_FOLDERS = ("data", "demo", "security", "views", "wizard", "wizards", "report", "reports")


def static_checks(quick=False):
    """The outcomes of all checks in this file, or of those that take seconds."""
    checks = {
        "ruff": ruff,
        "pylint-odoo": pylint_odoo,
        "bandit": bandit,
        "no forbidden ways": forbidden_ways,
        "documents": documents.check,
        "XML": xml,
        "manifests name existing files": manifests,
        "no address of a package registry": registry_hosts,
        "modules know only what comes before": architecture.one_way,
        "no long files": architecture.long_files,
        "no long functions": architecture.long_functions,
    }
    return [
        outcome(f"lint: {name}", check())
        for name, check in checks.items()
        if not (quick and name in SLOW)
    ]


def outcome(name, problems):
    """Passed without problems, failed with them."""
    return Outcome(name, "failed" if problems else "passed", "\n".join(problems))


def ours():
    """The folders of our modules, tests included."""
    return [module_folder(name) for name in [*modules(), *test_modules()]]


def tracked():
    """The files of the repository: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def ruff():
    """Style and likely mistakes, as pyproject.toml says."""
    return tool("ruff", "check", "--output-format=concise", "--no-cache", ".")


def pylint_odoo():
    """Odoo's conventions."""
    if not ours():
        return []
    return tool(
        "pylint",
        "--load-plugins=pylint_odoo",
        "--disable=all",
        "--enable=odoolint",
        f"--disable={','.join(PYLINT_LEFT_OUT)}",
        f"--valid-odoo-versions={ODOO_VERSION}",
        "--score=n",
        "--jobs=1",
        "--msg-template={path}:{line}: {msg_id} {symbol}: {msg}",
        *ours(),
    )


def bandit():
    """What often makes code unsafe, of every severity, as pyproject.toml says.

    In the modules only what is marked `# nosec` with its reason is left out. The commands in bin/
    do run other programs, named by us, and read files of this checkout.
    """
    for_modules = bandit_problems(ours())
    return for_modules + bandit_problems([ROOT / "bin"], "--skip", ",".join(BANDIT_LEFT_OUT_IN_BIN))


def bandit_problems(folders, *arguments):
    """The lines that bandit prints of folders, without tests and demo data."""
    if not folders:
        return []
    return tool(
        "bandit",
        *("--configfile", ROOT / "pyproject.toml", "--quiet", "--recursive", "--format", "custom"),
        *("--msg-template", "{relpath}:{line}: {test_id} {msg}"),
        *arguments,
        *(os.path.relpath(folder, ROOT) for folder in folders),
    )


def tool(module, *arguments):
    """The lines that a tool of the environment prints when it finds something."""
    command = [venv.python(), "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return said or [f"{module} ended with exit code {done.returncode}"]


def xml():
    """XML files are well-formed and hold nothing that Odoo 19 dropped."""
    return [
        problem
        for folder in ours()
        for file in sorted(folder.rglob("*.xml"))
        for problem in xml_problems(file)
    ]


def xml_problems(file):
    """What is wrong with one XML file."""
    name = os.path.relpath(file, ROOT)
    try:
        ET.parse(file)
    except ET.ParseError as error:
        return [f"{name}: not well-formed: {error}"]
    text = re.sub(
        r"<!--.*?-->",
        lambda comment: "\n" * comment[0].count("\n"),
        file.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        for pattern, what in DEPRECATED_XML
        for match in pattern.finditer(text)
    ]


def manifests():
    """Every file that a manifest names exists, and every data file is named."""
    return [
        problem
        for name in [*modules(), *test_modules()]
        for problem in manifest_problems(module_folder(name), database.manifest(name))
    ]


def manifest_problems(folder, manifest):
    """What is wrong between a module's manifest and its files."""
    named = [*manifest.get("data", ()), *manifest.get("demo", ())]
    problems = [
        f"{folder.name}: {name} is in the manifest but does not exist"
        for name in [*named, *manifest.get("images", ())]
        if not (folder / name).exists()
    ]
    for pattern in (
        item[-1] if isinstance(item, (tuple, list)) else item
        for items in manifest.get("assets", {}).values()
        for item in items
    ):
        inside = pattern.lstrip("/").removeprefix(f"{folder.name}/")
        if inside != pattern.lstrip("/") and not any(folder.glob(inside)):
            problems.append(f"{folder.name}: the asset {pattern} matches no file")
    present = [
        file.relative_to(folder).as_posix()
        for part in DATA_FOLDERS
        for file in (folder / part).rglob("*")
        if file.suffix in (".xml", ".csv") and file.name not in READ_BY_CODE
    ]
    return problems + [
        f"{folder.name}: {name} is not in the manifest"
        for name in sorted(set(present) - set(named))
    ]


def registry_hosts():
    """No file names a package registry's host, this checkout's folder or this user's cache."""
    places = re.compile("|".join(re.escape(f"{path}/") for path in (ROOT, CACHE.parent)))
    problems = []
    for file in tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        problems += [
            f"{file.relative_to(ROOT)}:{number}: names a package registry or this machine's folder"
            for number, line in enumerate(text.splitlines(), 1)
            if REGISTRY_HOST.search(line) or places.search(line)
        ]
    return problems


def forbidden_ways():
    """No way around access rights or escaping in the modules without a reason beside it."""
    return [
        problem
        for name in modules()
        for file in sorted(module_folder(name).rglob("*.py"))
        if not {"tests", "demo"} & set(file.relative_to(module_folder(name)).parts)
        for problem in forbidden_in(file.relative_to(ROOT), file.read_text(encoding="utf-8"))
    ]


def forbidden_in(name, text):
    """What is wrong with the text of one Python file.

    The reason of a sudo() stands above it, or beside it, in the same function.
    """
    lines = text.splitlines()
    problems = [
        f"{name}:{number}: {what}"
        for number, line in enumerate(lines, 1)
        for way, what in FORBIDDEN
        if way.search(line.partition("#")[0])
    ]
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "sudo":
            around = [f.lineno for f in functions if f.lineno <= node.lineno <= f.end_lineno]
            before = lines[max(around, default=1) - 1 : node.end_lineno]
            if not any("# sudo:" in line for line in before):
                problems.append(
                    f"{name}:{node.end_lineno}: sudo() without a comment `# sudo: …` that says why"
                )
    return problems
