"""The project's own checks find what they are there for."""

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import polib
import pytest
import yaml

from lib import architecture, compare_terms, lint, paths, venv

CATALOGUE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def module(tmp_path):
    """A module whose translation is complete, and what Odoo exports of it."""
    folder = tmp_path / "bb_module"
    (folder / "i18n").mkdir(parents=True)
    terms = {"Case": "Zaak", "%(count)s open cases": "%(count)s open zaken"}
    write(folder / "i18n" / "bb_module.pot", dict.fromkeys(terms, ""))
    write(folder / "i18n" / "nl.po", terms)
    write(tmp_path / "exported.pot", dict.fromkeys(terms, ""))
    return folder


def write(file, terms, flag=""):
    """Write a catalogue."""
    file.write_text(
        CATALOGUE + "".join(f'{flag}msgid "{a}"\nmsgstr "{b}"\n\n' for a, b in terms.items())
    )


def problems(module):
    """What the check of translations says."""
    return compare_terms.check(module, module.parent / "exported.pot")


def test_a_complete_translation_is_good(module):
    """Nothing to say."""
    assert problems(module) == []


def test_a_new_term_is_missed_in_both_files(module):
    """A term that Odoo exports must be in the template and translated."""
    write(module.parent / "exported.pot", {"Case": "", "%(count)s open cases": "", "Party": ""})
    assert problems(module) == [
        'bb_module/i18n/bb_module.pot lacks the term "Party"',
        'bb_module/i18n/nl.po lacks the term "Party"',
    ]


def test_a_term_that_is_gone_must_go(module):
    """Neither file keeps what no code says any more."""
    write(module.parent / "exported.pot", {"Case": ""})
    assert [problem.split(" still has")[0] for problem in problems(module)] == [
        "bb_module/i18n/bb_module.pot",
        "bb_module/i18n/nl.po",
    ]


@pytest.mark.parametrize(
    ("translation", "flag", "said"),
    [
        ({"Case": "", "%(count)s open cases": "%(count)s open zaken"}, "", "does not translate"),
        ({"Case": "Zaak", "%(count)s open cases": "open zaken"}, "", "other placeholders"),
        ({"Case": "Zaak", "%(count)s open cases": "%(count)s open zaken"}, "#, fuzzy\n", "fuzzy"),
    ],
)
def test_a_bad_translation_is_named(module, translation, flag, said):
    """Empty, without its placeholder, or tentative."""
    write(module / "i18n" / "nl.po", translation, flag)
    assert problems(module) and all(said in problem for problem in problems(module))


def test_a_module_without_translations_is_named(module):
    """The files need not exist for the check to work."""
    (module / "i18n" / "nl.po").unlink()
    (module / "i18n" / "bb_module.pot").unlink()
    assert len(problems(module)) == 4


def test_refreshing_keeps_translations(module):
    """What was translated stays, what is new is empty, what is gone goes."""
    write(module.parent / "exported.pot", {"Case": "", "Party": ""})
    compare_terms.write(module, module.parent / "exported.pot")
    after = polib.pofile(str(module / "i18n" / "nl.po"))
    assert {entry.msgid: entry.msgstr for entry in after} == {"Case": "Zaak", "Party": ""}
    assert problems(module) == ['bb_module/i18n/nl.po does not translate "Party"']
    before = (module / "i18n" / "nl.po").read_text()
    compare_terms.write(module, module.parent / "exported.pot")
    assert (module / "i18n" / "nl.po").read_text() == before


def test_another_language_may_be_unfinished_but_not_wrong(module):
    """It follows the terms when these are refreshed, and need not have them all."""
    french = module / "i18n" / "fr.po"
    write(french, {"Case": ""})
    assert problems(module) == ['bb_module/i18n/fr.po lacks the term "%(count)s open cases"']
    compare_terms.write(module, module.parent / "exported.pot")
    assert problems(module) == []
    assert polib.pofile(str(french)).metadata["Language"] == "fr"
    write(french, {"Case": "", "%(count)s open cases": "dossiers ouverts"})
    assert "other placeholders" in problems(module)[0]


@pytest.mark.parametrize(
    ("arch", "said"),
    [
        ("<tree/>", "<list>"),
        ("<field name='a' attrs=\"{}\"/>", "attrs="),
        ("<t t-name='kanban-box'/>", "card"),
        ("<div class='oe_chatter'/>", "<chatter/>"),
        ("<t t-raw='x'/>", "t-out"),
        ("<field>", "not well-formed"),
    ],
)
def test_old_xml_is_named_with_its_line(tmp_path, monkeypatch, arch, said):
    """Odoo 19 refuses these, ignores them, or crashes on them in the browser."""
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    file = tmp_path / "view.xml"
    file.write_text(f"<odoo>\n<!-- <tree/> is fine in a comment -->\n{arch}\n</odoo>")
    (problem,) = lint.xml_problems(file)
    assert said in problem
    assert problem.startswith("view.xml:3: ") or "not well-formed" in problem


def test_manifest_and_files_must_agree(tmp_path):
    """A file that is named must exist, a data file that exists must be named."""
    folder = tmp_path / "bb_module"
    (folder / "views").mkdir(parents=True)
    (folder / "views" / "forgotten.xml").touch()
    manifest = {
        "data": ["views/gone.xml"],
        "assets": {"web.assets_backend": ["bb_module/static/src/**/*", "web/static/other.js"]},
    }
    assert lint.manifest_problems(folder, manifest) == [
        "bb_module: views/gone.xml is in the manifest but does not exist",
        "bb_module: the asset bb_module/static/src/**/* matches no file",
        "bb_module: views/forgotten.xml is not in the manifest",
    ]


def test_an_address_of_a_registry_is_found():
    """Whatever the case, and with what stands before the name."""
    # put together here, so that no such address stands in a file, this one included
    for parts in (("deb", "debian", "org"), ("PyPI", "org"), ("files", "pythonhosted", "org")):
        host = ".".join(parts)
        assert lint.REGISTRY_HOST.search(f"see https://{host}/x")
    assert not lint.REGISTRY_HOST.search("https://www.odoo.com and the Debian release")


def test_the_scripts_start_on_a_bare_python():
    """bin/ uses the standard library only: it runs before anything is installed."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from lib import demo, lint, prepare, terms, testrun\n"
        "print([name for name in sys.modules if 'site-packages' in "
        "(getattr(sys.modules[name], '__file__', '') or '')])"
    )
    folder = Path(lint.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, folder], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import subprocess\nsubprocess.call('ls ' + name, shell=True)\n", "B602"),
        ("import hashlib\nhashlib.md5(b'x')\n", "B324"),
        ("eval(text)\n", "B307"),
        ("import pickle\npickle.loads(data)\n", "B301"),
        ("import requests\nrequests.get('https://x', timeout=1, verify=False)\n", "B501"),
        ("from markupsafe import Markup\nMarkup(name)\n", "B704"),
    ],
)
def test_bandit_finds_a_planted_problem(tmp_path, code, said):
    """With the settings of this project, and no matter how bad bandit thinks it is."""
    (tmp_path / "planted.py").write_text(code)
    assert any(f" {said} " in problem for problem in lint.bandit_problems([tmp_path]))


def test_bandit_leaves_tests_and_reasons_out(tmp_path):
    """A test may assert; what is marked with its reason is known."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_planted.py").write_text("assert eval('1')\n")
    (tmp_path / "known.py").write_text("eval(text)  # nosec B307: a constant of ours\n")
    assert lint.bandit_problems([tmp_path]) == []


def test_pylint_odoo_finds_a_planted_problem(tmp_path, monkeypatch):
    """A query put together of text, and a request that may wait for ever."""
    folder = tmp_path / "bb_planted"
    folder.mkdir()
    (folder / "__init__.py").write_text("from . import planted\n")
    (folder / "__manifest__.py").write_text("{'name': 'Planted', 'license': 'LGPL-3'}\n")
    (folder / "planted.py").write_text(
        "import requests\n\nfrom odoo import models\n\n\n"
        "class Planted(models.Model):\n    _name = 'bb.planted'\n    _description = 'Planted'\n\n"
        "    def get(self, name):\n"
        "        self.env.cr.execute(f'SELECT id FROM bb_planted WHERE name = {name}')\n"
        "        return requests.get(name)\n"
    )
    monkeypatch.setattr(lint, "ours", lambda: [folder])
    said = "\n".join(lint.pylint_odoo())
    assert "sql-injection" in said and "external-request-timeout" in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(self):\n    return self.sudo().name\n", "sudo()"),
        ("def g(self):\n    # sudo: why\n    pass\n\n\ndef f(self):\n    self.sudo()\n", "sudo()"),
        ("def f(self):\n    return self.mapped('x').sudo(\n    ).name\n", "sudo()"),
        ("@http.route('/x', csrf=False)\ndef f(self):\n    pass\n", "csrf"),
        ("@http.route('/x', auth='none')\ndef f(self):\n    pass\n", "none"),
    ],
)
def test_a_way_around_rights_is_named(code, said):
    """Without a reason in the same function."""
    (problem,) = lint.forbidden_in("planted.py", code)
    assert problem.startswith("planted.py:") and said in problem


@pytest.mark.parametrize(
    "code",
    [
        "def f(self):\n    # sudo: only whether there is one\n    return bool(self.sudo().name)\n",
        "def f(self):\n    return bool(self.sudo().name)  # sudo: only whether there is one\n",
    ],
)
def test_a_reason_is_enough(code):
    """Above it, or beside it."""
    assert lint.forbidden_in("planted.py", code) == []


def test_pre_commit_runs_the_quick_checks(tmp_path):
    """Before a commit those of bin/lint --quick, before a push all of bin/lint."""
    program = [venv.python(), "-m", "pre_commit"]
    run = partial(subprocess.run, cwd=paths.ROOT, capture_output=True, text=True)
    valid = run([*program, "validate-config"])
    assert not valid.returncode and not valid.stderr, valid.stdout + valid.stderr
    config = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [(hook["entry"], *hook["stages"]) for repo in config["repos"] for hook in repo["hooks"]]
    assert hooks == [("bin/lint --quick", "pre-commit"), ("bin/lint", "pre-push")]
    done = run(
        [*program, "run", "--all-files", "--verbose"],
        env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path)},
    )
    assert re.search(r"^\d+ passed, \d+ failed$", done.stdout, re.MULTILINE), done.stdout


def test_a_long_function_is_named(tmp_path, monkeypatch):
    """Its docstring does not count, and a query of many lines is one thing."""
    query = '    return f"""' + "\nSELECT 1" * 50 + '"""\n'
    steps = "    x = 1\n" * (architecture.FUNCTION + 1)
    code = f'def asks():\n    """Long\n\n{steps}    """\n{query}\n\ndef goes_on():\n{steps}'
    assert [(name, lines) for name, _first, lines in architecture.functions(code)] == [
        ("asks", 1),
        ("goes_on", architecture.FUNCTION + 1),
    ]


def test_a_long_function_is_named_wherever_it_is(tmp_path, monkeypatch):
    """In a test, the bench and the demo as well as in a module."""
    steps = "    x = 1\n" * (architecture.FUNCTION + 1)
    names = ["bench/a.py", "models/b.py", "module/demo/c.py", "module/tests/test_d.py"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"def goes_on():\n{steps}")
    monkeypatch.setattr(architecture, "ROOT", tmp_path)
    monkeypatch.setattr(architecture, "_files", lambda: sorted(tmp_path.rglob("*.py")))
    assert [line.partition(":")[0] for line in architecture.long_functions()] == names


def test_a_long_file_is_named_and_a_long_list_is_not(tmp_path, monkeypatch):
    """Views and code are cut; a file of records is as long as its list."""
    for name in ("views/a.xml", "data/b.xml", "models/c.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("\n" * (architecture.FILE + 1))
    monkeypatch.setattr(architecture, "ROOT", tmp_path)
    monkeypatch.setattr(architecture, "_files", lambda: sorted(tmp_path.rglob("*.*")))
    assert [line.partition(":")[0] for line in architecture.long_files()] == [
        "models/c.py",
        "views/a.xml",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('_inherit = "bb.later"', "bb.later"),
        ("FROM bb_later_row JOIN bb_later", "bb_later"),
        ('env["bb.later.row"]', None),
        ('self.env.ref("bb_module.later")', "bb_module"),
    ],
)
def test_a_module_that_knows_of_a_later_one_is_named(tmp_path, text, found):
    """By name or by table, and not because a longer name begins the same."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.py").write_text(f"# nothing\n{text}\n")
    problems = architecture.mentions(tmp_path, ["bb.later", "bb_module"])
    assert [line.split(" knows of ")[1].split(",")[0] for line in problems] == [found] * bool(found)
