"""What is handed over with the code: versions, changelog, and the pages of the store."""

import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from lib import database, paths

KB = 1000
HEADING = re.compile(r"^## \[(?P<version>[\d.]+)\] - \d{4}-\d\d-\d\d$", re.MULTILINE)
# What the store takes out of a page, or what would fetch something from elsewhere.
NOT_PLAIN = {"a", "embed", "form", "iframe", "input", "link", "object", "script", "style", "video"}


class Page(HTMLParser):
    """The pictures that a page shows, and what is not plain in it."""

    def __init__(self, text):
        super().__init__()
        self.pictures, self.not_plain = {}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Look at one tag."""
        attrs = dict(attrs)
        if tag == "img":
            self.pictures[attrs["src"]] = attrs.get("alt")
        self.not_plain += [tag] * (tag in NOT_PLAIN)
        self.not_plain += [
            f"{name}={value}"
            for name, value in attrs.items()
            if name == "style" or name.startswith("on") or "//" in value
        ]


def description(module):
    """The folder of a module's page."""
    return paths.module_folder(module) / "static" / "description"


def page(module):
    """A module's page."""
    return Page((description(module) / "index.html").read_text(encoding="utf-8"))


def test_versions_agree():
    """The three modules have the version of the newest heading in the changelog."""
    versions = {database.manifest(module)["version"] for module in paths.modules()}
    changelog = (paths.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = HEADING.findall(changelog)
    assert versions == {told[0]}
    assert told == sorted(told, key=lambda each: [*map(int, each.split("."))], reverse=True)


@pytest.mark.parametrize("module", paths.MODULES)
def test_a_page_of_the_store_is_plain(module):
    """No script, no style, no address outside: the store refuses those."""
    assert page(module).not_plain == []


@pytest.mark.parametrize("module", paths.MODULES)
def test_a_page_shows_pictures_that_are_there(module):
    """Each picture is in the folder and told in words; none is there for nothing."""
    shown = page(module).pictures
    assert len(shown) >= 3 and all(shown.values())
    cover = [name.rpartition("/")[2] for name in database.manifest(module)["images"]]
    there = {file.name for file in description(module).glob("*.png")}
    assert there == {*shown, *cover, "icon.png"}


@pytest.mark.parametrize("module", paths.MODULES)
def test_pictures_are_small_and_of_the_size_of_the_store(module):
    """They come with every installation. The first of the manifest is the cover."""
    files = sorted(description(module).glob("*.png"))
    sizes = [file.stat().st_size for file in files]
    assert max(sizes) < 150 * KB and sum(sizes) < 500 * KB
    cover = database.manifest(module)["images"][0]
    assert Image.open(paths.module_folder(module) / cover).size == (560, 280)
    assert Image.open(description(module) / "icon.png").size == (256, 256)
    assert (description(module) / "icon.svg").exists()
