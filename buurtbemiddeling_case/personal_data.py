"""Which field holds whose personal data, and what is left of it after the term.

Each module says so of the fields that it adds in ``security/personal_data.csv``, and so may any
other module. Forgetting, access requests and the documents for a security officer all read these
files, and nothing else; a test fails for a field that is in none of them. No records are known
here.

The columns:

- ``model``: a model of ours;
- ``path``: fields from a record to the one whose data it holds, ``.`` for the record itself;
- ``field``: a stored field that holds text, a file, a person or structured data; ``*`` stands for
  all fields of the model that have no line of their own;
- ``about``: whose data these are, see ``ABOUT``;
- ``after_term``: what is done when the term is over, see ``AFTER_TERM``;
- ``why``: the reason, always there for what is kept of anyone but a colleague.

A field that may be about two has a line for each: a report of a talk goes with its resident, and
with the case. All that hangs on a record goes as well, also of a record that has a path but of
which the fields are kept.
"""

import csv
from typing import NamedTuple

ABOUT = {
    "party": "one resident",
    "case": "a case as a whole: it may say something of each resident",
    "volunteer": "a mediator, also one who left",
    "applicant": "who asked to become a volunteer",
    "referrer": "a contact person of a referrer or another organisation",
    "sender": "who sent a mail that belongs to no case",
    "imported": "whoever is in a sheet that is being imported",
    "colleague": "who works with Odoo, or sits in a steering group: kept as long as the fact is",
    "nobody": "no person",
}
# about whom what is kept needs no reason of its own
KEPT = ("colleague", "nobody")
AFTER_TERM = {
    "blank": "the field is emptied, the record stays as a fact",
    "cut": "the tie to the person is cut",
    "delete": "the record goes",
    "keep": "stays",
}


class PersonalField(NamedTuple):
    """One line of the file."""

    model: str
    path: str
    field: str
    about: str
    after_term: str
    why: str


def read_personal_fields(lines):
    """Return the ``PersonalField`` of the lines of a file, its header included.

    :raise ValueError: for a line that says something else than the columns allow

    >>> read_personal_fields([
    ...     "model,path,field,about,after_term,why",
    ...     "buurtbemiddeling.case.party,.,story,party,blank,",
    ... ])
    [PersonalField(model='buurtbemiddeling.case.party', path='.', field='story', about='party', \
after_term='blank', why='')]
    """
    found = []
    for row in csv.DictReader(lines):
        line = PersonalField(**row)
        if line.about not in ABOUT or line.after_term not in AFTER_TERM:
            raise ValueError(f"Unknown word in the line {line}")
        if line.after_term == "keep" and not line.why and line.about not in KEPT:
            raise ValueError(f"Say why this is kept: {line}")
        if line.after_term != "keep" and not line.path:
            raise ValueError(f"Say whose record this belongs to: {line}")
        found.append(line)
    return found
