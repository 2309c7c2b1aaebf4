"""What documents name has to be there: files, links, headings, commands, models and code."""

from __future__ import annotations

import posixpath
import re
import subprocess
from fnmatch import fnmatch
from urllib.parse import unquote

LEFT_OUT = ("CHANGELOG.md", "tests/fixtures/*")  # names of the past
OF_OTHERS = ("docs/operations.md",)  # has names of PostgreSQL, Odoo and nginx between backticks
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.S | re.M)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.M)
COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*(bin/\w+)((?: .*)?)$")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
FILE = re.compile(r"^[\w<>*….-]+\.(py|csv|xml|sql|md|js|scss|json|toml|txt|po|pot)$")
FOLDER_OR_FILE = re.compile(r"^[\w.*<>…-]+(/[\w.*<>…-]+)*/?$")
NAME = re.compile(r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*(?<!_)(\(\))?$")
PREFIX = "buurtbemiddeling."
ROUTE = re.compile(r"^/buurtbemiddeling/[\w/-]*$")
# made on a machine, not kept in the repository; and what stands for a name to be chosen
NOT_KEPT = re.compile(r"^(\.local|dist|~|odoo|home|var|etc|tmp|backup|mnt|usr)\b|^[A-Z_]+$")


def check(root):
    """One line for each name in a document of which nothing is there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    tracked = [name for name in listed.stdout.split("\0") if name and (root / name).is_file()]
    here = Here(root, tracked)
    return [
        f"{document} names {name}: {what}"
        for document in tracked
        if document.endswith(".md") and not any(fnmatch(document, way) for way in LEFT_OUT)
        for name, what in sorted(here.missing(document))
    ]


class Here:
    """What there is in a checkout."""

    def __init__(self, root, tracked):
        self.root = root
        self.files = set(tracked)
        self.folders = {folder for name in tracked for folder in parents(name) if folder}
        self.text = "\n".join(
            (root / name).read_text(encoding="utf-8")
            for name in tracked
            if name.endswith((".py", ".xml", ".js", ".sql", ".csv")) or name.startswith("bin/")
        )
        self.words = set(re.findall(r"\w+", self.text))

    def missing(self, document):
        """The names in a document of which nothing is there, each with what it should be."""
        text = (self.root / document).read_text(encoding="utf-8")
        prose = FENCE.sub("", text)
        found = {(link, "no such page or heading") for link in links(prose)}
        found = {(link, what) for link, what in found if not self.has_link(document, link)}
        fenced = "".join(match[0] for match in FENCE.finditer(text))
        lines = [line.partition("#")[0].strip() for line in fenced.splitlines()]
        commands = [line for line in lines if COMMAND.match(line)]
        for name in [*CODE.findall(prose), *commands]:
            what = self.fault(document, name.strip())
            if what:
                found.add((name, what))
        return found

    def fault(self, document, name):
        """What is wrong with a name between backticks; empty when nothing is, or it is not ours."""
        command = COMMAND.match(name)
        if command:
            return self.command_fault(command[1], command[2])
        if ROUTE.match(name):
            return "" if name.rstrip("/") in self.text else "no such address"
        is_path = "/" in name and FOLDER_OR_FILE.match(name) and not NOT_KEPT.match(name)
        if FILE.match(name) or is_path:
            return "" if self.has_path(document, name) else "no such file or folder"
        if NAME.match(name) and (document not in OF_OTHERS or name.startswith(PREFIX)):
            return "" if self.has_name(name) else "no such model, setting or name in the code"
        return ""

    def has_name(self, name):
        """Whether a model, with or without its prefix, a field or a method is there."""
        name = name.removesuffix("()")
        if "." not in name:
            return name in self.words
        if name in self.text or PREFIX + name in self.text:
            return True
        return not name.startswith(PREFIX) and name.rpartition(".")[2] in self.words

    def command_fault(self, script, arguments):
        """What is wrong with a command of ours: the script, or an option that it does not know."""
        if script in self.folders:
            return ""
        if script not in self.files:
            return "no such command"
        if script == "bin/odoo":  # its options are Odoo's
            return ""
        program = self.root / "bin" / "lib" / f"{script.removeprefix('bin/')}.py"
        known = (self.root / script).read_text(encoding="utf-8")
        known += program.read_text(encoding="utf-8") if program.is_file() else ""
        gone = [option for option in OPTION.findall(arguments) if option not in known]
        return f"{script} does not know {', '.join(gone)}" if gone else ""

    def has_path(self, document, name):
        """Whether a path is there: from the top, from the document, or at the end of another."""
        wanted = re.sub(r"<[^>]*>|…|x\.y\.z", "*", name.rstrip("/"))
        places = (self.folders | self.files) if "/" in name else self.files
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(document), wanted))
        return any(
            fnmatch(place, way) for place in places for way in (wanted, beside, f"*/{wanted}")
        )

    def has_link(self, document, link):
        """Whether the page of a link is there, and the heading in it."""
        if re.match(r"[a-z]+:", link):  # another site
            return True
        path, _, anchor = unquote(link).partition("#")
        page = self.root / document
        page = (page.parent / path).resolve() if path else page
        if not page.exists():
            return False
        return not anchor or anchor in anchors(page.read_text(encoding="utf-8"))


def parents(name):
    """The folders that a file is in."""
    parts = name.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]


def links(text):
    """What the links and pictures of a text point to."""
    return [first or second for first, second in LINK.findall(CODE.sub("", text))]


def anchors(text):
    """The names that forges give the headings of a page."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = 1
        name = slug
        while name in found:
            name, number = f"{slug}-{number}", number + 1
        found.add(name)
    return found
