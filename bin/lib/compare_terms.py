"""Run in the project's environment (it needs polib): compare, or refresh, a module's translations.

Arguments: "check" or "write", the module's folder, and the .pot that Odoo exported just now.
Prints what is wrong, one line each.
"""

import re
import sys
from pathlib import Path

import polib

COMPLETE = "nl"  # other languages may have terms that are not translated yet
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


def untranslated(fresh, translated, name, complete):
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
            if complete:
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


def languages(folder):
    """The languages of a translation: Dutch always, and those of which there is a file."""
    return sorted({COMPLETE, *(file.stem for file in (folder / "i18n").glob("*.po"))})


def check(folder, exported):
    """What is wrong with a module's translations."""
    fresh = terms(load(exported))
    pot = folder / "i18n" / f"{folder.name}.pot"
    problems = stale(fresh, terms(load(pot)), f"{folder.name}/i18n/{pot.name}")
    for language in languages(folder):
        po = folder / "i18n" / f"{language}.po"
        name = f"{folder.name}/i18n/{po.name}"
        problems += untranslated(fresh, terms(load(po)), name, language == COMPLETE)
    return sorted(problems)


def write(folder, exported):
    """Refresh the template and merge the translations: what is translated stays, new is empty."""
    fresh = load(exported)
    pot = folder / "i18n" / f"{folder.name}.pot"
    pot.parent.mkdir(exist_ok=True)
    old_pot = load(pot)
    for date in ("POT-Creation-Date", "PO-Revision-Date"):
        fresh.metadata[date] = old_pot.metadata.get(date) or fresh.metadata.get(date, "")
    fresh.save(str(pot))
    for language in languages(folder):
        merge(load(exported), fresh.metadata, folder / "i18n" / f"{language}.po")


def merge(fresh, metadata, po):
    """Write a translation with the terms that there are now, and what it had of them."""
    old_po = load(po)
    own = {"Language": po.stem}
    if po.stem == COMPLETE:
        own["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    old_po.merge(fresh)
    merged = polib.POFile(wrapwidth=78)
    merged.header = fresh.header.replace("* ", "* ")
    merged.metadata = {**metadata, **old_po.metadata, **own}
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
