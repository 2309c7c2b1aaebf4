"""What the modules' own files say of rights: record rules, rows of access, what roles bring along.

The check of security compares this with what is in the database, where anyone who manages Odoo can
change it. No records are known here.
"""

import csv
import re
from typing import NamedTuple

from lxml import etree

MODES = ("read", "write", "create", "unlink")
REF = re.compile(r"ref\('([\w.]+)'\)")


class Rule(NamedTuple):
    """A record rule; ``model`` is the last part of the model's XML id, without ``model_``."""

    model: str
    domain: str
    groups: frozenset
    modes: frozenset


class Access(NamedTuple):
    """A row of access for one group."""

    model: str
    group: str
    modes: frozenset


def normal_domain(text):
    """Return a domain as text in which only what counts differs: spaces do not.

    >>> normal_domain("[('a', '=',  1)]") == normal_domain("[('a','=',1)]")
    True
    """
    return re.sub(r"\s+", "", text or "")


def model_key(xml_id):
    """Return of an XML id of a model what can be compared with its name.

    >>> model_key("base.model_res_partner")
    'res_partner'
    """
    return xml_id.rpartition(".")[2].removeprefix("model_")


def read_rules(module, text):
    """Return ``{xml id: Rule}`` of the record rules in an XML file of ``module``."""
    rules = {}
    for record in etree.fromstring(text).iter("record"):
        if record.get("model") != "ir.rule":
            continue
        fields = {field.get("name"): field for field in record.iter("field")}
        groups = fields["groups"].get("eval") if "groups" in fields else ""
        rules[full_id(module, record.get("id"))] = Rule(
            model_key(fields["model_id"].get("ref")),
            normal_domain(fields["domain_force"].text),
            frozenset(full_id(module, name) for name in REF.findall(groups)),
            frozenset(
                mode
                for mode in MODES
                if f"perm_{mode}" not in fields or fields[f"perm_{mode}"].get("eval") != "False"
            ),
        )
    return rules


def read_implied(module, text):
    """Return ``{xml id: {xml ids of the groups that it brings along}}`` of an XML file."""
    implied = {}
    for record in etree.fromstring(text).iter("record"):
        if record.get("model") == "res.groups":
            links = record.find("field[@name='implied_ids']")
            names = REF.findall(links.get("eval")) if links is not None else ()
            implied[full_id(module, record.get("id"))] = {full_id(module, name) for name in names}
    return implied


def read_access(module, lines):
    """Return ``{xml id: Access}`` of the lines of an ``ir.model.access.csv``."""
    return {
        full_id(module, row["id"]): Access(
            model_key(row["model_id:id"]),
            full_id(module, row["group_id:id"]),
            frozenset(mode for mode in MODES if row[f"perm_{mode}"] == "1"),
        )
        for row in csv.DictReader(lines)
    }


def full_id(module, xml_id):
    """Return an XML id with its module.

    >>> full_id("a", "b"), full_id("a", "c.b")
    ('a.b', 'c.b')
    """
    return xml_id if "." in xml_id or not xml_id else f"{module}.{xml_id}"
