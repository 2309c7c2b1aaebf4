"""What is generated in the documents is fresh, and what they name is there."""

import re
import subprocess

import pytest

from lib import document_names, documents, model_tables

MODELS = '''
class Case(models.Model):
    """A quarrel. Between neighbours."""

    _name = "buurtbemiddeling.case"
    _description = "Case"
    _inherit = ["mail.thread", "buurtbemiddeling.clock.mixin"]

    stage_id = fields.Many2one("buurtbemiddeling.stage", required=True)
    own_ids = fields.Many2many("buurtbemiddeling.stage", compute="_compute_own_ids")


class Stage(models.Model):
    """A phase of a case."""

    _name = "buurtbemiddeling.stage"
    _description = "Phase"


class Clock(models.AbstractModel):
    """How long it takes."""

    _name = "buurtbemiddeling.clock.mixin"
    _description = "Clock"

    pause_stage_id = fields.Many2one("buurtbemiddeling.stage")
'''


def test_a_stale_part_of_a_document_is_named(tmp_path, monkeypatch):
    """What is generated is made anew where its marks stand, and the rest stays as it was."""
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(documents, "DOCUMENTS", tmp_path)
    made = {"a": "| new |", "b": "| b |"}
    monkeypatch.setattr(documents, "generate", lambda: {"tables": made, "problems": []})
    document = tmp_path / "dpia.md"
    document.write_text(
        "Own.\n<!-- begin: a (x) -->\n<!-- end -->\n"
        "<!-- begin: b -->\n\n| b |\n\n<!-- end -->\nEnd.\n"
    )
    assert documents.check() == ["dpia.md is stale: run bin/lint --write-documents"]
    documents.write()
    assert documents.check() == []
    after = document.read_text()
    assert after.startswith("Own.\n<!-- begin: a (x) -->\n\n| new |\n\n<!-- end -->\n")
    assert after.endswith("<!-- end -->\nEnd.\n")
    made["c"] = ""
    assert documents.check() == ["no document has a place for the part “c”"]


def test_the_tables_say_what_the_modules_say():
    """Of a resident's story, its Dutch name and that it is emptied; who reads a case; the terms."""
    tables = documents.generate()["tables"]
    assert re.search(
        r"\| Partij \| [^|]*Wat is er aan de hand[^|]* \| leeggemaakt \|", tables["gegevens"]
    )
    assert "| Signaal voor Buurtbemiddeling Extra | – | – | LWMV |" in tables["rechten"]
    assert "24 maanden" in tables["termijnen"]
    assert "`benchmark.line`" in tables["models"]
    assert 'benchmark_line }o--|| indicator : "indicator_id"' in tables["diagram_report"]


def test_models_are_read_from_their_code(tmp_path, monkeypatch):
    """A row a model with its first sentence; where a mixin is used; relations that are kept."""
    (tmp_path / "bb").mkdir()
    (tmp_path / "bb" / "case.py").write_text(MODELS)
    monkeypatch.setattr(model_tables, "DIAGRAMS", {"diagram": ("case", "stage", "gone")})
    made = model_tables.generate(tmp_path, ["bb"])
    rows = made["tables"]["models"].splitlines()
    assert "| [`case`](../bb/case.py) | A quarrel. |" in rows
    assert "| [`clock.mixin`](../bb/case.py) | How long it takes. | `case` |" in rows
    assert made["tables"]["diagram"].splitlines()[2:-1] == [
        '    case }o--|| stage : "stage_id"',
        '    case }o--o| stage : "pause_stage_id"',
    ]
    assert made["problems"] == ["bin/lib/model_tables.py: there is no model gone"]


def test_a_model_without_a_docstring_is_named(tmp_path):
    """The table would have nothing to say of it."""
    (tmp_path / "bb").mkdir()
    (tmp_path / "bb" / "case.py").write_text(MODELS.replace('"""A phase of a case."""', ""))
    problems = model_tables.read_models(tmp_path, ["bb"])[1]
    assert problems == [
        "bb/case.py: buurtbemiddeling.stage has no docstring for docs/data-model.md"
    ]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A small checkout; gives what is wrong with the text of a document in it."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "bin").mkdir()
    (folder / "docs").mkdir()
    (folder / "bb" / "models").mkdir(parents=True)
    (folder / "bin" / "lint").write_text('"""Usage: bin/lint [--write-terms]"""')
    (folder / "bb" / "models" / "case.py").write_text(MODELS)
    (folder / "bb" / "door.py").write_text('@route("/buurtbemiddeling/aanmelden")\n')
    (folder / "docs" / "other.md").write_text(
        "# Other\n\n## Where is `stage_id`?\n\n## Twice\n\n## Twice\n"
    )
    subprocess.run(["git", "init", "--quiet", folder], check=True)

    def problems(text):
        (folder / "docs" / "page.md").write_text(text)
        return [line.removeprefix("docs/page.md names ") for line in document_names.check(folder)]

    return problems


@pytest.mark.parametrize(
    "name",
    [
        "`bb/models/case.py`, `models/case.py`, `case.py`, `models/`",
        "`bb/models/<topic>.py`, `c*.py`, `../bb/door.py`, `bb/mod…x.y.z`, `stage_`",
        "`bin/lint --write-terms`, `BB=1 bin/lint`, `/buurtbemiddeling/aanmelden`",
        "`buurtbemiddeling.case`, `clock.mixin`, `case._compute_own_ids`, `_compute_own_ids()`",
        '[a](other.md) [b](other.md#where-is-stage_id) [c](other.md#twice-1) <img src="other.md">',
        "[`a`](#own-heading-of-ours)\n\n# Own heading, of [ours](other.md)",
        "[a](https://example.org/nowhere), `~/.cache/x`, `.local/log`, `two words`, `DATABASE`",
        "```\nbin/lint --write-terms   # refreshes\npsql nowhere/nothing.py\n```",
    ],
)
def test_what_is_there_may_be_named(checkout, name):
    """Files, folders, patterns, commands, addresses, models, code, links and headings."""
    assert checkout(name) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("`models/gone.py`", "models/gone.py: no such file or folder"),
        ("`test_gone.py`", "test_gone.py: no such file or folder"),
        ("`bb/views/`", "bb/views/: no such file or folder"),
        ("`bin/gone now`", "bin/gone now: no such command"),
        ("```\nbin/lint --gone\n```", "bin/lint --gone: bin/lint does not know --gone"),
        (
            "`buurtbemiddeling.gone`",
            "buurtbemiddeling.gone: no such model, setting or name in the code",
        ),
        ("`case._gone`", "case._gone: no such model, setting or name in the code"),
        ("`gone_id`", "gone_id: no such model, setting or name in the code"),
        ("`/buurtbemiddeling/gone`", "/buurtbemiddeling/gone: no such address"),
        ("[a](gone.md)", "gone.md: no such page or heading"),
        ("![a](gone.png)", "gone.png: no such page or heading"),
        ("[a](other.md#gone)", "other.md#gone: no such page or heading"),
        ("[`a`](#gone)", "#gone: no such page or heading"),
    ],
)
def test_what_is_gone_is_named(checkout, text, said):
    """A reader who looks for it would find nothing."""
    assert checkout(text) == [said]
