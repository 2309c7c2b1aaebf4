"""Run by the environment's Python: the generated tables in docs/dpia.md, as JSON.

Arguments: the folder of the checkout, then the names of the modules in order of dependency. Prints
{"tables": {name: Markdown}, "problems": [what has no Dutch word]}. What is there comes from the
inventory of personal data, the table of access and the defaults of the settings, with the Dutch
names that the modules themselves have in i18n/nl.po.
"""

import ast
import csv
import json
import sys
from pathlib import Path

import polib

ABOUT = {
    "party": "Bewoners (melder en wederpartij)",
    "case": "De zaak als geheel (kan iets over elke bewoner zeggen)",
    "sender": "Afzenders van mail die nog bij geen zaak hoort",
    "referrer": "Contactpersonen van verwijzers en andere organisaties",
    "imported": "Wie in een bestand staat dat geïmporteerd wordt",
    "applicant": "Mensen die zich als vrijwilliger aanmelden",
    "volunteer": "Vrijwilligers, ook na hun vertrek",
}
AFTER_TERM = {
    "blank": "leeggemaakt",
    "cut": "losgemaakt van de persoon",
    "delete": "verwijderd",
    "keep": "blijft",
}
# why something is kept: the English of the inventory, and the Dutch of the document
REASONS = {
    "the to-do goes with the case": "de taak verdwijnt met de zaak",
    "the to-do goes with the resident": "de taak verdwijnt met de bewoner",
    "told to the organisation from then on": "de organisatie komt ervoor in de plaats",
    "which file it was; nobody names a file after a resident on purpose": "welk bestand het was",
    "the name of a column": "de naam van een kolom",
    "a sentence of the server about rights or an error": "een zin over rechten of een fout",
    "codes and dates": "codes en datums, nodig voor de cijfers",
    "a pseudonym of the front door, see _compute_door_keys": "een pseudoniem van de voordeur, om"
    " een adres te herkennen dat terugkomt",
    "follows its own term": "volgt een eigen termijn",
    "of the contact": "hoort bij het contact",
    "bookkeeping": "de boekhouding vraagt het",
    "that of the contact: a number from then on": "de naam van het contact: vanaf dan een nummer",
    "the contact is emptied; one that the rest of Odoo uses is replaced by one without a name": (
        "het contact wordt leeggemaakt, of vervangen door een contact zonder naam"
    ),
    "what was paid to whom: kept 7 years by law (art. 52 AWR, art. 2:10 BW), removed after a term"
    " of its own": (
        "wat aan wie betaald is: 7 jaar verplicht (art. 52 AWR, art. 2:10 BW), daarna verwijderd"
    ),
}
TERMS = (
    "buurtbemiddeling_retention_",
    "buurtbemiddeling_expense_export_",
    "buurtbemiddeling_trace_",
)
UNITS = {"days": "dagen", "years": "jaar"}  # by the last word of a setting's name
ROLES = {
    "coordinator@own": "Coördinator",
    "administrator@own": "Beheerder",
    "extra@own": "Extra",
    "figures@own": "Alleen cijfers",
    "employee@any": "Andere collega",
    "odoo_admin@others": "Beheerder van Odoo",
    "mediator@live": "Bemiddelaar op de zaak",
    "referrer@own": "Verwijzer",
}
# without the table of access: what the rows of access give each group, itself and by another
GROUPS = {
    "coordinator@own": ("group_user",),
    "administrator@own": ("group_user", "group_manager"),
    "extra@own": ("group_user", "group_extra"),
    "figures@own": ("group_reporting",),
}
RIGHTS = {"r": "L", "w": "W", "c": "M", "u": "V"}


class Words:
    """The Dutch names of models and fields, from the modules' translations."""

    def __init__(self, root, modules):
        self.found, self.problems = {}, set()
        for module in modules:
            for entry in polib.pofile(str(root / module / "i18n" / "nl.po")):
                for place, _line in entry.occurrences:
                    kind, _, xml_id = place.partition(",")[2].partition(":")
                    if kind in ("name", "field_description"):
                        self.found[xml_id.partition(".")[2]] = entry.msgstr

    def get(self, xml_id, technical):
        """The Dutch of an XML id; a technical name, and a problem, when there is none."""
        if not self.found.get(xml_id):
            self.problems.add(f"no Dutch name in i18n/nl.po for {technical}")
            return f"`{technical}`"
        return self.found[xml_id]

    def model(self, model):
        return self.get(f"model_{model.replace('.', '_')}", model)

    def field(self, model, field):
        if field == "*":
            return "alle andere velden"
        if field.endswith("_key"):  # shown on no screen, so the modules have no word for it
            return "pseudoniem"
        if field == "activity_id":
            return "taak"
        return self.get(f"field_{model.replace('.', '_')}__{field}", f"{model}.{field}")


def data_table(lines, words):
    """For each group of people: which data, and what is left of them after the term."""
    parts = []
    for about, title in ABOUT.items():
        rows = {}
        for line in lines:
            if line["about"] == about:
                rows.setdefault((line["model"], after(line, words)), []).append(line["field"])
        if not rows:
            continue
        parts += [f"**{title}**", "", "| onderdeel | gegevens | na de termijn |", "|---|---|---|"]
        parts += sorted(
            f"| {words.model(model)} | "
            f"{', '.join(dict.fromkeys(words.field(model, field) for field in fields))} | {what} |"
            for (model, what), fields in rows.items()
        )
        parts.append("")
    colleagues = {line["model"] for line in lines if line["about"] == "colleague"}
    parts.append(
        f"**Collega's en leden van de stuurgroep.** In {len(colleagues)} onderdelen staat wie iets"
        " deed of wie erover gaat. Dat blijft zolang het feit zelf blijft."
    )
    return "\n".join(parts)


def after(line, words):
    """What is done after the term, in Dutch, with the reason for what is kept."""
    what = AFTER_TERM[line["after_term"]]
    if line["after_term"] != "keep":
        return what
    if line["why"] not in REASONS:
        words.problems.add(f"no Dutch in bin/lib/document_tables.py for: {line['why']}")
    return f"{what}: {REASONS.get(line['why'], line['why'])}"


def rights_table(root, modules, lines, words):
    """Who may do what with the models that hold data of people outside, alike ones together."""
    personal = sorted({line["model"] for line in lines if line["about"] in ABOUT})
    rights = access_table(root) or access_rows(root, modules)
    alike = {}
    for model in personal:
        row = rights.get(model, {})
        cells = tuple(letters(row.get(role, "")) for role in ROLES)
        alike.setdefault(cells, []).append(words.model(model))
    parts = [
        f"| {' | '.join(['onderdelen', *ROLES.values()])} |",
        f"|{'---|' * (len(ROLES) + 1)}",
        *sorted(f"| {', '.join(sorted(names))} | {' | '.join(c)} |" for c, names in alike.items()),
    ]
    return "\n".join(parts)


def letters(cell):
    """The Dutch letters of a cell such as `rw`; a dash for nothing."""
    return "".join(letter for right, letter in RIGHTS.items() if right in cell) or "–"


def access_table(root):
    """The table that the tests execute, of records as they are at first; {} without it."""
    file = root / "tests" / "test_buurtbemiddeling" / "access_table.csv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["model"]: row for row in rows if not row["state"]}


def access_rows(root, modules):
    """The same from the rows of access of the modules, for the groups that have such rows."""
    given = {}
    for module in modules:
        for row in read(root / module / "security" / "ir.model.access.csv"):
            model = row["model_id:id"].rpartition(".")[2].removeprefix("model_")
            group = row["group_id:id"].rpartition(".")[2]
            names = zip("rwcu", ("read", "write", "create", "unlink"), strict=True)
            letters_ = {letter for letter, name in names if row[f"perm_{name}"] == "1"}
            given.setdefault(model, {}).setdefault(group, set()).update(letters_)
    return {
        model.replace("_", "."): {
            role: "".join(sorted(set().union(*(groups.get(name, set()) for name in names))))
            for role, names in GROUPS.items()
        }
        for model, groups in given.items()
    }


def terms_table(root, modules, words):
    """The terms that an organisation may set, with what they are when nobody set them."""
    rows = []
    for module in modules:
        for file in sorted((root / module / "models").glob("*.py")):
            for name, default in term_defaults(file.read_text(encoding="utf-8")):
                label = words.get(f"field_res_company__{name}", f"res.company.{name}")
                rows.append(f"| {label} | {default} |")
    return "\n".join(["| instelling | standaard |", "|---|---|", *rows])


def term_defaults(text):
    """The settings of terms in a file, `(name, default)`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            name = getattr(node.targets[0], "id", "")
            if name.startswith(TERMS) and isinstance(node.value.func, ast.Attribute):
                kind = node.value.func.attr
                values = {keyword.arg: keyword.value for keyword in node.value.keywords}
                if kind == "Integer" and "related" not in values:
                    unit = UNITS.get(name.rpartition("_")[2], "maanden")
                    number = values["default"].value
                    unit = "maand" if (number, unit) == (1, "maanden") else unit
                    yield name, f"{number} {unit}"
                elif kind == "Boolean" and "related" not in values:
                    yield name, "aan" if "default" in values else "uit"


def read(file):
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main():
    """Print the tables."""
    root, *modules = Path(sys.argv[1]), *sys.argv[2:]
    words = Words(root, modules)
    lines = [
        line for module in modules for line in read(root / module / "security/personal_data.csv")
    ]
    tables = {
        "gegevens": data_table(lines, words),
        "rechten": rights_table(root, modules, lines, words),
        "termijnen": terms_table(root, modules, words),
    }
    print(json.dumps({"tables": tables, "problems": sorted(words.problems)}))


if __name__ == "__main__":
    main()
