"""What ties a mediator to a party: plain Python, without records.

Compared is who and where they are, never what was told. The kinds of tie are in the order of how
close they are; of several ties of place only the closest is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from odoo.addons.buurtbemiddeling_case.tools import front_doors, plain_text

# a Dutch postcode; those that begin with 0 are not given out
POSTCODE = re.compile(r"[1-9]\d{3}[A-Z]{2}")
# ties of place, the closest first
PLACES = ("household", "street", "postcode", "neighbourhood")


@dataclass(frozen=True)
class Home:
    """An address as it was typed, and in a form in which it can be compared, empty when unknown.

    The forms are worked out when they are asked for: most homes are nowhere near.
    """

    typed_street: str = ""
    typed_postcode: str = ""
    typed_town: str = ""

    @classmethod
    def at(cls, street, postcode, town):
        """Return the home at an address as it was typed.

        >>> Home.at("Dorpsstr. 12 A", "1234ab", "Dorp").street
        'dorpsstraat'
        >>> Home.at("Dorpsstraat", None, None).street
        'dorpsstraat'
        """
        return cls(street or "", postcode or "", town or "")

    @cached_property
    def postcode(self):
        """The Dutch postcode, without spaces."""
        postcode = re.sub(r"\W", "", self.typed_postcode).upper()
        return postcode if POSTCODE.fullmatch(postcode) else ""

    @cached_property
    def doors(self):
        """The front door, by postcode and by street."""
        by_postcode, _door = front_doors(self.typed_street, self.postcode, None)
        _door, by_street = front_doors(self.typed_street, None, None)
        return by_postcode, by_street

    @cached_property
    def street(self):
        """The name of the street, without the number."""
        _door, by_street = front_doors(self.typed_street, None, None)
        name = by_street.rpartition(" ")[0] if by_street else plain_text(self.typed_street)
        return re.sub(r"str$", "straat", name)

    @cached_property
    def town(self):
        """The name of the town."""
        return plain_text(self.typed_town)

    def is_in_street_of(self, other):
        """Return whether both are in one street; an unknown town may be the same town.

        >>> here = Home.at("Dorpsstraat 1", None, "Dorp")
        >>> here.is_in_street_of(Home.at("Dorpsstr. 30", None, None))
        True
        >>> here.is_in_street_of(Home.at("Dorpsstraat 30", None, "Elders"))
        False
        """
        if not self.street or self.street != other.street:
            return False
        if self.town and other.town:
            return self.town == other.town
        if self.postcode and other.postcode:
            return self.postcode[:4] == other.postcode[:4]
        return True

    def nearness(self, other):
        """Return "household", "street" or "postcode", or ``None`` when the homes are apart."""
        in_street = self.is_in_street_of(other)
        at_postcode = bool(self.postcode) and self.postcode == other.postcode
        if in_street and _shared(self.doors[1:], other.doors[1:]):
            return "household"
        if at_postcode and _shared(self.doors[:1], other.doors[:1]):  # the postcode is part of it
            return "household"
        if in_street:
            return "street"
        return "postcode" if at_postcode else None


def _shared(doors, others):
    return any(door and door in others for door in doors)


@dataclass(frozen=True)
class Person:
    """A mediator, a party, or whom a mediator declared to know. Ids are of contacts, 0 unknown."""

    contact: int = 0
    family: int = 0  # the person under whom the contact is kept
    employer: int = 0  # the organisation under which it is kept
    landlord: int = 0
    neighbourhood: int = 0  # id of the area that the person lives in
    name: str = ""
    phone: str = ""
    email: str = ""
    home: Home = Home()

    def find_ties(self, other):
        """Return the kinds of tie between this mediator and a party, a set.

        >>> anna = Person(contact=1, phone="+31612345678")
        >>> Person(contact=1).find_ties(anna)
        {'party'}
        >>> Person(contact=2, family=1).find_ties(anna)
        {'family'}
        >>> Person(contact=2, phone="+31612345678").find_ties(anna)
        {'household'}
        """
        if self.contact and self.contact == other.contact:
            return {"party"}
        ties = set()
        near = self.home.nearness(other.home)
        if (self.phone and self.phone == other.phone) or (self.email and self.email == other.email):
            near = "household"
        if near:
            ties.add(near)
        if (self.family and self.family in (other.contact, other.family)) or (
            other.family and other.family == self.contact
        ):
            ties.add("family")
        return ties

    def find_ties_with_case(self, facts):
        """Return the kinds of tie between this mediator and a case, a set.

        Of several ties of place the closest says enough.

        >>> anna = Person(contact=1, landlord=9, home=Home.at("Dreef 3", "1234 AB", "Dorp"))
        >>> facts = CaseFacts(1, (anna,), frozenset({9}), neighbourhood=4)
        >>> here = Home.at("Dreef 8", "1234 AB", "Dorp")
        >>> sorted(Person(contact=2, neighbourhood=4, employer=9, home=here)
        ...        .find_ties_with_case(facts))
        ['organisation', 'street']
        """
        ties = set().union(*(self.find_ties(party) for party in facts.parties))
        if self.neighbourhood and self.neighbourhood == facts.neighbourhood:
            ties.add("neighbourhood")
        if self.employer in facts.organisations:
            ties.add("organisation")
        near = [kind for kind in PLACES if kind in ties]
        return ties.difference(near[1:])

    def may_be(self, other):
        """Return whether the one whom a mediator declared to know may be this party.

        The same contact is. Else the surname has to be the same and the place not another; of a
        party whose name is not known yet, the street has to be the same. It rather stops one too
        many: the coordinator knows better, and says why.

        >>> declared = Person(name="Jan Bakker", home=Home.at(None, None, "Dorp"))
        >>> declared.may_be(Person(name="J. Bakker", home=Home.at("Dreef 3", None, "Dorp")))
        True
        >>> declared.may_be(Person(name="J. Bakker", home=Home.at("Dreef 3", None, "Elders")))
        False
        >>> declared.may_be(Person(home=Home.at("Dreef 3", None, "Dorp")))
        False
        """
        if self.contact and self.contact == other.contact:
            return True
        here, there = self.home, other.home
        if not self.name or not (here.street or here.town):
            return False
        elsewhere = here.town and there.town and here.town != there.town
        if elsewhere or (here.street and there.street and here.street != there.street):
            return False
        if not other.name:
            return here.is_in_street_of(there)
        return plain_text(self.name).split()[-1:] == plain_text(other.name).split()[-1:]


@dataclass(frozen=True)
class CaseFacts:
    """A case as far as independence is concerned. Ids are of a case, contacts and an area."""

    case: int
    parties: tuple  # of Person
    organisations: frozenset = frozenset()  # landlords of the parties, and who referred
    neighbourhood: int = 0


@dataclass(frozen=True)
class Declared:
    """What a mediator declared: to know someone, a street, an organisation, or a party of a case.

    Ids are of a case, 0 unknown.
    """

    kind: str  # of the declaration
    case: int = 0
    known: Person = Person()  # or the organisation, or with whose home the street is

    def concerns(self, facts):
        """Return whether this is about a case.

        >>> facts = CaseFacts(1, (Person(home=Home.at("Dreef 3", None, "Dorp")),), frozenset({9}))
        >>> Declared("street", known=Person(home=Home.at("Dreef", None, "Dorp"))).concerns(facts)
        True
        >>> Declared("organisation", known=Person(contact=8)).concerns(facts)
        False
        >>> Declared("case", case=1).concerns(facts)
        True
        """
        if self.kind == "case":
            return self.case == facts.case
        if self.kind == "organisation":
            return self.known.contact in facts.organisations
        if self.kind == "street":
            return any(self.known.home.is_in_street_of(party.home) for party in facts.parties)
        return any(self.known.may_be(party) for party in facts.parties)
