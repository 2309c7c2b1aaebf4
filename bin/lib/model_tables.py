"""The models of the modules as tables and diagrams for docs/data-model.md, read from their code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

PREFIX = "buurtbemiddeling."
STORED, VIEW, DIALOG, MIXIN = "Stored", "Queries (SQL views)", "Dialogs", "Mixins"
OF_ODOO = "of Odoo"
KINDS = {"Model": STORED, "TransientModel": DIALOG, "AbstractModel": MIXIN}
ARROWS = {"Many2one": "}o--o|", "Many2many": "}o--o{"}
REQUIRED = "}o--||"
# the models of each diagram, without their prefix; what relates them is read from their fields
DIAGRAMS = {
    "diagram_case": (
        *("case", "case.party", "case.stage", "case.phase", "outcome", "meeting"),
        *("case.agreement", "feedback", "project", "area", "referral.partner"),
    ),
    "diagram_volunteer": (
        *("case", "case.party", "assignment", "visit.report", "volunteer", "training"),
        *("training.session", "training.enrolment", "training.attendance", "expense"),
    ),
    "diagram_report": (
        *("benchmark", "benchmark.line", "benchmark.fact", "benchmark.release"),
        *("benchmark.reference", "indicator", "target", "layout", "layout.sheet"),
        *("layout.column", "year.report", "year.report.chapter"),
    ),
}


@dataclass
class Model:
    """A model where it is first made, with the fields and mixins that other files add."""

    name: str
    kind: str
    module: str
    file: str
    sentence: str
    inherits: list = field(default_factory=list)
    relations: list = field(default_factory=list)


def read_models(root, modules):
    """The models by name, and what is wrong with them."""
    models, problems = {}, []
    for module in modules:
        files = [
            file
            for file in sorted((root / module).rglob("*.py"))
            if not {"tests", "demo", "migrations"} & set(file.relative_to(root / module).parts)
        ]
        classes = [(file, node) for file in files for node in classes_in(file)]
        # what is made comes first, so that what another file adds finds it
        for file, node in sorted(
            classes, key=lambda pair: "_description" not in attributes(pair[1])
        ):
            problems += note(models, module, file.relative_to(root / module).as_posix(), node)
    return models, problems


def classes_in(file):
    """The classes at the top of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def attributes(node):
    """What a class sets by its name: `{name: node of the value}`."""
    return {
        target.id: line.value
        for line in node.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def note(models, module, file, node):
    """Keep what a class says of a model of ours; return what is wrong with it."""
    values = attributes(node)
    inherits = literal(values.get("_inherit")) or []
    inherits = [inherits] if isinstance(inherits, str) else list(inherits)
    name = literal(values.get("_name")) or (inherits[0] if len(inherits) == 1 else "")
    if not name:
        return []
    problems = []
    if name not in models:
        kind = kind_of(name, node, values)
        sentence = first_sentence(ast.get_docstring(node) or "")
        if not sentence and kind != OF_ODOO:
            problems.append(f"{module}/{file}: {name} has no docstring for docs/data-model.md")
        models[name] = Model(name, kind, module, file, sentence)
    models[name].inherits += [inherited for inherited in inherits if inherited != name]
    models[name].relations += relations(values)
    return problems


def kind_of(name, node, values):
    """Under which heading a model stands."""
    if not name.startswith(PREFIX):
        return OF_ODOO
    kind = KINDS[getattr(node.bases[0], "attr", "Model")]
    return VIEW if kind == STORED and literal(values.get("_auto")) is False else kind


def literal(node):
    """The value of a node that is a constant, a list or a tuple; None of another."""
    try:
        return ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None


def relations(values):
    """The fields of a class that point to a model of ours: `(field, arrow, model)`."""
    found = []
    for name, value in values.items():
        kind = getattr(getattr(value, "func", None), "attr", "")
        if kind in ARROWS:
            named = {keyword.arg: keyword.value for keyword in value.keywords}
            model = literal(value.args[0] if value.args else named.get("comodel_name"))
            is_kept = "related" not in named and ("compute" not in named or "store" in named)
            if model and model.startswith(PREFIX) and is_kept:
                is_required = kind == "Many2one" and literal(named.get("required"))
                found.append((name, REQUIRED if is_required else ARROWS[kind], model))
    return found


def first_sentence(docstring):
    """The first sentence of a docstring, on one line."""
    paragraph = " ".join(docstring.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")
    return paragraph.partition(". ")[0].rstrip(".:") + "." if paragraph else ""


def made_of(models, name):
    """A model and the models of ours that it is put together of, each once."""
    names = [name]
    for known in names:
        names += [other for other in models[known].inherits if other in models]
    return list(dict.fromkeys(names))


def model_table(models, modules):
    """For each module its models by kind, with a sentence and a link to their file."""
    users = {}
    for model in models.values():
        for inherited in dict.fromkeys(model.inherits):
            users.setdefault(inherited, []).append(short(model.name))
    parts = []
    for module in modules:
        parts += [f"### {module}", ""]
        for kind in (STORED, VIEW, DIALOG, MIXIN):
            rows = [m for m in models.values() if (m.module, m.kind) == (module, kind)]
            if rows:
                parts += [f"**{kind}**", "", *lines_of(rows, users if kind == MIXIN else None), ""]
    return "\n".join(parts).rstrip()


def lines_of(rows, users):
    """The lines of a table of models; of mixins with the models that they are part of."""
    lines = ["| model | what it is |" + (" part of |" if users else "")]
    lines.append(f"|{'---|' * (3 if users else 2)}")
    for row in sorted(rows, key=lambda row: row.name):
        line = f"| [`{short(row.name)}`](../{row.module}/{row.file}) | {row.sentence} |"
        lines.append(line + (f" {told(users.get(row.name, []))} |" if users else ""))
    return lines


def told(names):
    """Up to three names, and how many more."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"`{name}`" for name in sorted(names)[:3]) + more


def short(name):
    """The name of a model without what all have in common."""
    return name.removeprefix(PREFIX)


def diagram(models, names):
    """A diagram of some models, by the fields that point from one to another."""
    lines = ["```mermaid", "erDiagram"]
    for name in names:
        related = {}
        for part in made_of(models, PREFIX + name):
            for field_name, arrow, other in models[part].relations:
                if short(other) in names and other != PREFIX + name:
                    related.setdefault((short(other), arrow), []).append(field_name)
        lines += [
            f'    {box(name)} {arrow} {box(other)} : "{", ".join(dict.fromkeys(fields))}"'
            for (other, arrow), fields in related.items()
        ]
    return "\n".join([*lines, "```"])


def box(name):
    """The name of a model as a diagram can hold it."""
    return name.replace(".", "_")


def generate(root, modules):
    """The tables by name, and the problems that came up."""
    models, problems = read_models(root, modules)
    tables = {"models": model_table(models, modules)}
    for name, names in DIAGRAMS.items():
        gone = [known for known in names if PREFIX + known not in models]
        problems += [f"bin/lib/model_tables.py: there is no model {known}" for known in gone]
        tables[name] = diagram(models, [known for known in names if known not in gone])
    return {"tables": tables, "problems": problems}
