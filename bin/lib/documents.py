"""Documents: some parts are generated and may not go stale, and what they name has to be there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from . import document_names, model_tables, venv
from .paths import LOG, ROOT, modules
from .run import failure_sentence
from .say import Problem

DOCUMENTS = ROOT / "docs"
PART = re.compile(r"(?P<begin><!-- begin: (?P<name>\w+) [^>]*-->\n).*?(?P<end><!-- end -->)", re.S)


def check():
    """What is stale, lacks or is gone in the documents, one line each."""
    fresh, problems = refreshed()
    stale = [
        f"{file.relative_to(ROOT)} is stale: run bin/lint --write-documents"
        for file, text in fresh.items()
        if text != file.read_text(encoding="utf-8")
    ]
    return stale + problems + document_names.check(ROOT)


def write():
    """Write the generated parts anew; return what stops that from being complete."""
    fresh, problems = refreshed()
    for file, text in fresh.items():
        file.write_text(text, encoding="utf-8")
    return problems


def refreshed():
    """The documents with their generated parts anew, and the problems that came up."""
    made = generate()
    tables, problems, placed = made["tables"], made["problems"], set()
    fresh = {}

    def replace(match):
        table = tables.get(match["name"])
        if table is None:
            problems.append(f"{file.name}: nothing makes the part “{match['name']}”")
            return match[0]
        placed.add(match["name"])
        return f"{match['begin']}\n{table}\n\n{match['end']}"

    for file in sorted(DOCUMENTS.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        if PART.search(text):
            fresh[file] = PART.sub(replace, text)
    problems += [
        f"no document has a place for the part “{name}”" for name in tables if name not in placed
    ]
    return fresh, problems


def generate():
    """The parts by name, and the problems: those of personal data, and those of the models."""
    script = Path(__file__).with_name("document_tables.py")
    done = subprocess.run([venv.python(), script, ROOT, *modules()], capture_output=True, text=True)
    if done.returncode:
        raise Problem(failure_sentence("Making tables", ["document_tables.py"], done.stderr, LOG))
    made, of_models = json.loads(done.stdout), model_tables.generate(ROOT, modules())
    return {
        "tables": made["tables"] | of_models["tables"],
        "problems": made["problems"] + of_models["problems"],
    }
