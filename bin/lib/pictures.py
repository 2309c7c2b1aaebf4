"""The table of pictures: docs/pictures.toml, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from .paths import ROOT, modules
from .say import Problem

TABLE = ROOT / "docs" / "pictures.toml"
VERBS = {"click", "press", "tab", "type", "scroll", "wait"}  # what a step begins with
SIZES = {"desktop": (1400, 900), "phone": (390, 844)}
FOLDERS = (
    "docs/images",
    "docs/handboek/images",
    *(f"{name}/static/description" for name in modules()),
)


@dataclass(frozen=True)
class Picture:
    """A row of the table: what is opened by whom, and what then has to be there."""

    name: str
    login: str  # empty for a visitor
    open: str  # a path at the server
    wait: str  # a CSS selector: the picture is taken when this is on the page
    to: tuple[str, ...]  # files, from the root of the checkout
    screen: str = "desktop"
    steps: tuple[str, ...] = field(default=())  # a verb and what it is for, see `camera`
    only: str = ""  # a CSS selector: the part of the page that is in the picture

    @property
    def size(self):
        """Width and height of the window."""
        return SIZES[self.screen]


def read(file=TABLE):
    """All rows of the table; a sentence about the first that is wrong."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"{file.name} can not be read: {error}.") from None
    pictures = [check(name, row) for name, row in rows.items()]
    files = [path for picture in pictures for path in picture.to]
    if twice := {path for path in files if files.count(path) > 1}:
        raise Problem(f"{file.name} has more than one picture for {', '.join(sorted(twice))}.")
    return pictures


def check(name, row):
    """A row as a `Picture`."""
    for key in ("to", "steps"):
        row[key] = tuple(row.get(key, ()))
    try:
        picture = Picture(name, **row)
    except TypeError as error:
        raise Problem(f"the picture {name}: {str(error).partition(' ')[2]}.") from None
    if picture.screen not in SIZES:
        raise Problem(f"the picture {name}: screen is {' or '.join(SIZES)}.")
    if not picture.to or any(str(Path(path).parent) not in FOLDERS for path in picture.to):
        raise Problem(f"the picture {name}: `to` names files in {', '.join(FOLDERS)}.")
    for step in picture.steps:
        verb, _space, rest = step.partition(" ")
        if verb not in VERBS or not rest or (verb == "type" and " = " not in rest):
            raise Problem(f"the picture {name}: `{step}` is no step. See bin/lib/camera.py.")
    return picture


def choose(pictures, names):
    """The pictures of these names, or all when there are none."""
    known = {picture.name: picture for picture in pictures}
    if unknown := set(names) - set(known):
        raise Problem(
            f"there is no picture {', '.join(sorted(unknown))}. Choose from {', '.join(known)}."
        )
    return [known[name] for name in names] if names else pictures
