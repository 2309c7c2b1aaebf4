"""The handbook says what is on the screens: its pictures, its labels and its words."""

import re
from functools import cache

import polib
import pytest

from lib import paths, pictures, say

ROOT = paths.ROOT
HANDBOOK = ROOT / "docs" / "handboek"
CHAPTERS = sorted(HANDBOOK.glob("*.md"))
# of Odoo itself: its own menus, and what its web client calls things
OF_ODOO = {
    "Acties",
    "Beveiliging",
    "Contacten",
    "Gebruikers & bedrijven",
    "Mijn voorkeuren",
    "Nieuw",
    "Regel toevoegen",
    "Uitvouwen",
}
NOT_OF_US = {"icon.png", "banner.png"}  # of a module's page in the store, made by hand


def named_pictures(document):
    """The files of pictures that a document shows, from the root of the checkout."""
    names = re.findall(r'!\[[^\]]*\]\(([^)]+\.png)\)|src="([^"]+\.png)"', document.read_text())
    return {
        str((document.parent / name).resolve().relative_to(ROOT))
        for pair in names
        for name in pair
        if name and not name.startswith("http") and name not in NOT_OF_US
    }


def documents():
    """All documents that may show a picture of the table."""
    pages = [paths.module_folder(name) / "static/description/index.html" for name in paths.MODULES]
    return [
        *CHAPTERS,
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        *(page for page in pages if page.exists()),
    ]


@cache
def translations():
    """The terms of the modules in Dutch: pairs of the source and what is on the screen."""
    files = [paths.module_folder(name) / "i18n" / "nl.po" for name in paths.modules()]
    return {
        (plain(entry.msgid), plain(entry.msgstr))
        for file in files
        for entry in polib.pofile(str(file))
    }


def plain(text):
    """A term as it is read: without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def test_every_picture_is_there_and_taken_by_the_table():
    """What a document shows exists, and bin/screenshots can take it anew."""
    taken = {file for picture in pictures.read() for file in picture.to}
    for document in documents():
        shown = named_pictures(document)
        assert not shown - taken, f"{document.name} shows what docs/pictures.toml has not"
        assert not {file for file in shown if not (ROOT / file).exists()}, document.name


def test_every_row_of_the_table_is_shown_somewhere():
    """A picture that nobody sees is not taken."""
    shown = {file for document in documents() for file in named_pictures(document)}
    unseen = [picture.name for picture in pictures.read() if not shown & set(picture.to)]
    assert not unseen


def test_pictures_are_small():
    """A page of the handbook opens at once, also on a phone."""
    large = [
        file
        for picture in pictures.read()
        for file in picture.to
        if (ROOT / file).exists() and (ROOT / file).stat().st_size > 150_000
    ]
    assert not large


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_bold_labels_are_on_the_screens(chapter):
    """What is bold in the handbook is a Dutch label of ours, or one of Odoo's own that we list."""
    labels = {label for _source, label in translations()} | OF_ODOO
    text = " ".join(chapter.read_text().split())
    bold = {label.strip() for label in re.findall(r"\*\*(.+?)\*\*", text)}
    assert bold or chapter.stem in ("woordenlijst",)
    assert not bold - labels


def test_words_of_the_glossary_are_those_of_the_screens():
    """Each Dutch word of the glossary is what a term with its English word is translated with."""
    rows = re.findall(
        r"^\| ([^|]+?) \| [^|]+ \| ([^|]+?) \|$", (HANDBOOK / "woordenlijst.md").read_text(), re.M
    )
    pairs = [(source.lower(), label.lower()) for source, label in translations()]
    words = [row for row in rows if row[0] not in ("woord", "---")]
    assert len(words) > 40
    stale = [
        (dutch, english)
        for dutch, english in words
        if not any(english in source and dutch.lower() in label for source, label in pairs)
    ]
    assert not stale


@pytest.mark.parametrize(
    "row, sentence",
    [
        ('open = "/odoo"\nwait = "a"\nto = ["docs/images/a.png"]', "login"),
        ('login = ""\nopen = "/"\nwait = "a"\nto = ["a.png"]', "names files in"),
        (
            'login = ""\nopen = "/"\nwait = "a"\nto = ["docs/images/a.png"]\nsteps = ["jump a"]',
            "jump a",
        ),
        (
            'login = ""\nopen = "/"\nwait = "a"\nto = ["docs/images/a.png"]\nscreen = "tv"',
            "desktop",
        ),
        ('login = ""\nopen = "/"\nto = ["docs/images/a.png"', "can not be read"),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence(tmp_path, row, sentence):
    """Whoever edits the table reads what is wrong before a demo is made."""
    file = tmp_path / "pictures.toml"
    file.write_text(f"[one]\n{row}\n")
    with pytest.raises(say.Problem, match=sentence):
        pictures.read(file)


def test_two_pictures_never_write_one_file(tmp_path):
    """The second would replace the first without a word."""
    row = 'login = ""\nopen = "/"\nwait = "a"\nto = ["docs/images/a.png"]\n'
    file = tmp_path / "pictures.toml"
    file.write_text(f"[one]\n{row}[two]\n{row}")
    with pytest.raises(say.Problem, match="more than one"):
        pictures.read(file)


def test_pictures_are_chosen_by_name():
    """A name that is not in the table gets a sentence with those that are."""
    table = pictures.read()
    assert pictures.choose(table, [table[1].name]) == [table[1]]
    assert pictures.choose(table, []) == table
    with pytest.raises(say.Problem, match=table[0].name):
        pictures.choose(table, ["nothing"])
