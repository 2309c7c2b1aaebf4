"""Run in the project's environment (it needs polib): compare, or refresh, a module's translations.

Arguments: "check" or "write", the module's folder, and the .pot that Odoo exported just now.
Prints what is wrong, one line each.
"""

import re
import sys
from pathlib import Path

import polib

LANGUAGE = "nl"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif]|\{\{.*?\}\}|\{\w*\}")


def terms(catalogue):
    """The entries of a catalogue by what makes a term unique."""
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def stale(fresh, committed, name):
    """Where the committed template differs from what Odoo exports now."""
    return [f"{name} lacks the term {shown(term)}" for term in fresh.keys() - committed.keys()] + [
        f"{name} still has the term {shown(term)}, which is gone"
        for term in committed.keys() - fresh.keys()
    ]


def untranslated(fresh, translated, name):
    """Terms that have no good translation, and translations of terms that are gone."""
    problems = [
        f"{name} still has the term {shown(term)}, which is gone"
        for term in translated.keys() - fresh.keys()
    ]
    for term in fresh:
        entry = translated.get(term)
        if entry is None:
            problems.append(f"{name} lacks the term {shown(term)}")
        elif not entry.msgstr.strip():
            problems.append(f"{name} does not translate {shown(term)}")
        elif entry.fuzzy:
            problems.append(f"{name} translates {shown(term)} only tentatively (fuzzy)")
        elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            problems.append(f"{name} translates {shown(term)} with other placeholders")
    return problems


def shown(term):
    """A term, short enough for a line."""
    text = term[1].replace("\n", "\\n")
    return f'"{text if len(text) <= 90 else text[:87] + "…"}"'


def load(file):
    """A catalogue from a file, empty when there is none."""
    return polib.pofile(str(file), wrapwidth=78) if file.exists() else polib.POFile(wrapwidth=78)


def check(folder, exported):
    """What is wrong with a module's translations."""
    fresh = terms(load(exported))
    pot, po = folder / "i18n" / f"{folder.name}.pot", folder / "i18n" / f"{LANGUAGE}.po"
    return sorted(
        stale(fresh, terms(load(pot)), f"{folder.name}/i18n/{pot.name}")
        + untranslated(fresh, terms(load(po)), f"{folder.name}/i18n/{po.name}")
    )


def write(folder, exported):
    """Refresh the template and merge the translation: what is translated stays, new is empty."""
    fresh = load(exported)
    pot, po = folder / "i18n" / f"{folder.name}.pot", folder / "i18n" / f"{LANGUAGE}.po"
    pot.parent.mkdir(exist_ok=True)
    old_pot, old_po = load(pot), load(po)
    for date in ("POT-Creation-Date", "PO-Revision-Date"):
        fresh.metadata[date] = old_pot.metadata.get(date) or fresh.metadata.get(date, "")
    fresh.save(str(pot))
    old_po.merge(fresh)
    merged = polib.POFile(wrapwidth=78)
    merged.header = fresh.header.replace("* ", "* ")
    merged.metadata = {
        **fresh.metadata,
        **old_po.metadata,
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    translated = terms(old_po)
    for term, entry in terms(fresh).items():
        entry.msgstr = translated[term].msgstr
        entry.flags = [
            *entry.flags,
            *(["fuzzy"] if translated[term].fuzzy and "fuzzy" not in entry.flags else []),
        ]
        merged.append(entry)
    merged.save(str(po))


def main():
    """Do what the arguments say."""
    action, folder, exported = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if action == "write":
        write(folder, exported)
    else:
        print("\n".join(check(folder, exported)))


if __name__ == "__main__":
    main()
