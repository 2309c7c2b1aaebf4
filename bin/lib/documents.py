"""Documents of which parts are generated: they stand between marks, and may not go stale."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from . import venv
from .paths import LOG, ROOT, modules
from .run import failure_sentence
from .say import Problem

DPIA = ROOT / "docs" / "dpia.md"
PART = re.compile(r"(?P<begin><!-- begin: (?P<name>\w+) [^>]*-->\n).*?(?P<end><!-- end -->)", re.S)
TEST = re.compile(r"`(?P<name>test_\w+\.py)`")


def check():
    """What is stale or lacks in the documents, one line each."""
    text = DPIA.read_text(encoding="utf-8")
    fresh, problems = refreshed(text)
    if fresh != text:
        problems.append(f"{DPIA.relative_to(ROOT)} is stale: run bin/lint --write-documents")
    files = {file.name for file in ROOT.rglob("test_*.py")}
    return problems + [
        f"{DPIA.relative_to(ROOT)} names {name}, a test that is not there"
        for name in sorted({match["name"] for match in TEST.finditer(text)} - files)
    ]


def write():
    """Write the generated parts anew; return what lacks a Dutch word."""
    fresh, problems = refreshed(DPIA.read_text(encoding="utf-8"))
    DPIA.write_text(fresh, encoding="utf-8")
    return problems


def refreshed(text):
    """The text with its generated parts anew, and the problems that came up."""
    made = generate()
    names = [match["name"] for match in PART.finditer(text)]
    problems = made["problems"] + [
        f"{DPIA.name} has no place for the part “{name}”"
        for name in made["tables"]
        if name not in names
    ]

    def replace(match):
        table = made["tables"].get(match["name"])
        if table is None:
            problems.append(f"{DPIA.name}: nothing makes the part “{match['name']}”")
            return match[0]
        return f"{match['begin']}\n{table}\n\n{match['end']}"

    return PART.sub(replace, text), problems


def generate():
    """What document_tables.py makes of this checkout."""
    script = Path(__file__).with_name("document_tables.py")
    done = subprocess.run([venv.python(), script, ROOT, *modules()], capture_output=True, text=True)
    if done.returncode:
        raise Problem(failure_sentence("Making tables", ["document_tables.py"], done.stderr, LOG))
    return json.loads(done.stdout)
