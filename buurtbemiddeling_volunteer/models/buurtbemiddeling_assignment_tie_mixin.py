from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.independence import CaseFacts, Home, Person

MET_STATES = ("accepted", "ended")
# what is compared of contacts
CONTACT = (
    "id",
    "name",
    "parent_id",
    "street",
    "zip",
    "city",
    "phone_sanitized",
    "email_normalized",
)


class BuurtbemiddelingAssignmentTieMixin(models.AbstractModel):
    """Who volunteers and parties are, as plain facts: one query each, however many there are.

    They are read by the rules of the user. What those hide raises ``AccessError`` and is not taken
    for unknown: that would make someone independent.
    """

    _name = "buurtbemiddeling.assignment.tie.mixin"
    _description = "Facts of Independence"

    @api.model
    def _get_facts_of_cases(self, cases):
        """Return ``{case id: CaseFacts}``: the parties, and where and with whom the case is."""
        cases = cases.with_context(active_test=False)
        parties = cases.env["buurtbemiddeling.case.party"]
        areas = cases.env["buurtbemiddeling.area"]
        referrers = cases.env["buurtbemiddeling.referral.partner"]
        query = cases._search([("id", "in", cases.ids)])
        area = query.left_join(query.table, "area_id", areas._table, "id", "area_id")
        # the case says who referred: of the referrer only the organisation is compared
        referrer = query.left_join(
            query.table, "referral_partner_id", referrers._table, "id", "referral_partner_id"
        )
        theirs = parties._search([("case_id", "in", cases.ids)])
        columns = ("id", "case_id", "partner_id", "landlord_id", "street", "zip", "city")
        query.add_join(
            "LEFT JOIN",
            "party",
            theirs.subselect(*(parties._field_to_sql(theirs.table, name) for name in columns)),
            SQL("party.case_id = %s", SQL.identifier(query.table, "id")),
        )
        rows = cases.env.execute_query_dict(
            query.select(
                SQL("%s AS case_id", SQL.identifier(query.table, "id")),
                SQL("%s AS area_id", cases._field_to_sql(query.table, "area_id")),
                SQL("%s AS area_kind", areas._field_to_sql(area, "kind")),
                SQL("%s AS referrer_id", referrers._field_to_sql(referrer, "partner_id")),
                SQL(
                    "party.id AS party_id, party.partner_id, party.landlord_id,"
                    " party.street, party.zip, party.city",
                    to_flush=cases._fields["referral_partner_id"],
                ),
                *_join_contact(cases.env, query, SQL("party.partner_id")),
            )
        )
        _check_readable(cases, {row["case_id"] for row in rows})
        _check_contacts(cases.env, rows)
        rows_of = defaultdict(list)
        for row in rows:
            rows_of[row["case_id"]].append(row)
        return {case_id: _as_case(case_id, of_case) for case_id, of_case in rows_of.items()}

    @api.model
    def _get_persons(self, volunteers):
        """Return ``{volunteer id: Person}``."""
        volunteers = volunteers.with_context(active_test=False)
        query = volunteers._search([("id", "in", volunteers.ids)])
        rows = volunteers.env.execute_query_dict(
            query.select(
                SQL("%s AS volunteer_id", SQL.identifier(query.table, "id")),
                volunteers._field_to_sql(query.table, "partner_id"),
                volunteers._field_to_sql(query.table, "area_id"),
                *_join_contact(volunteers.env, query, SQL.identifier(query.table, "partner_id")),
            )
        )
        _check_readable(volunteers, {row["volunteer_id"] for row in rows})
        _check_contacts(volunteers.env, rows)
        return {
            row["volunteer_id"]: _as_person(row, neighbourhood=row["area_id"] or 0) for row in rows
        }

    @api.model
    def _get_declared(self, volunteers):
        """Return ``{volunteer id: [Declared, ...]}``."""
        declarations = self.env["buurtbemiddeling.volunteer.declaration"]
        found = declarations._get_declared([("volunteer_id", "in", volunteers.ids)])
        by_volunteer = defaultdict(list)
        for volunteer_id, declared in found.values():
            by_volunteer[volunteer_id].append(declared)
        return by_volunteer

    @api.model
    def _get_past(self, cases, volunteers):
        """Return ``{(volunteer id, case id): kinds of tie}`` that earlier work tells of.

        Who mediated in another case of a party or door has met a party. Doors are compared by
        pseudonym, so that this also works after addresses were wiped. And who declined or stopped
        for knowing a party has told so.
        """
        parties, rows = self.env["buurtbemiddeling.case.party"], self.env[self._name]
        own = parties._search([("case_id", "in", cases.ids)])
        told = rows._search(
            Domain("case_id", "in", cases.ids)
            & Domain("volunteer_id", "in", volunteers.ids)
            & Domain("reason_id.is_tie", "=", True)
        )
        compared = ("case_id", "partner_id", "postcode_key", "street_key")
        # Of the other cases no rule is asked: who met a party is not independent, also when it was
        # in a project that is closed to the user. Who met is told, and not in which case.
        found = self.env.execute_query(
            SQL(
                """
                SELECT work.volunteer_id, own.case_id, 'met'
                  FROM %(own)s own
                  JOIN buurtbemiddeling_case_party other
                    ON other.case_id != own.case_id
                   AND other.company_id IN %(companies)s
                   AND (other.partner_id = own.partner_id
                        OR other.postcode_key = own.postcode_key
                        OR other.street_key = own.street_key)
                  JOIN buurtbemiddeling_assignment work ON work.case_id = other.case_id
                 WHERE work.volunteer_id = ANY(%(volunteers)s) AND work.state IN %(met)s
                 UNION
                %(told)s
                """,
                own=own.subselect(*(parties._field_to_sql(own.table, name) for name in compared)),
                companies=tuple(cases.company_id.ids),
                volunteers=volunteers.ids,
                met=MET_STATES,
                told=told.select(
                    rows._field_to_sql(told.table, "volunteer_id"),
                    rows._field_to_sql(told.table, "case_id"),
                    SQL("'declared_case'"),
                ),
                to_flush=(parties._fields["company_id"], rows._fields["state"]),
            )
        )
        past = defaultdict(set)
        for volunteer_id, case_id, kind in found:
            past[volunteer_id, case_id].add(kind)
        return past


def _join_contact(env, query, column):
    """Join a contact and under whom it is kept to a query, and return the columns.

    :param column: that holds the id of the contact
    """
    partners = env["res.partner"].with_context(active_test=False)
    contacts, parents = partners._search([]), partners._search([])
    query.add_join(
        "LEFT JOIN",
        "contact",
        contacts.subselect(*(partners._field_to_sql(contacts.table, name) for name in CONTACT)),
        SQL("contact.id = %s", column),
    )
    query.add_join(
        "LEFT JOIN",
        "parent",
        parents.subselect(
            *(partners._field_to_sql(parents.table, name) for name in ("id", "is_company"))
        ),
        SQL("parent.id = contact.parent_id"),
    )
    return [
        *(
            SQL("%s AS %s", SQL.identifier("contact", name), SQL.identifier(f"contact_{name}"))
            for name in CONTACT
        ),
        SQL("parent.id AS parent_id, parent.is_company AS parent_is_company"),
    ]


def _check_readable(records, found):
    """Raise ``AccessError`` when a rule hid some of these records."""
    hidden = records.filtered(lambda record: record.id not in found)
    hidden.check_access("read")


def _check_contacts(env, rows):
    """Raise ``AccessError`` when a rule hid a contact, or under whom it is kept."""
    hidden = {row["partner_id"] for row in rows if row["partner_id"] and not row["contact_id"]}
    hidden |= {
        row["contact_parent_id"]
        for row in rows
        if row["contact_parent_id"] and not row["parent_id"]
    }
    env["res.partner"].browse(hidden).check_access("read")


def _as_case(case_id, rows):
    """Return the facts of a case, of its rows: one for each party."""
    persons = tuple(
        _as_person(row, landlord=row["landlord_id"] or 0) for row in rows if row["party_id"]
    )
    place = rows[0]
    return CaseFacts(
        case=case_id,
        parties=persons,
        organisations=frozenset(
            {place["referrer_id"] or 0, *(person.landlord for person in persons)} - {0}
        ),
        neighbourhood=place["area_id"] if place["area_kind"] == "neighbourhood" else 0,
    )


def _as_person(row, **facts):
    """Return a row as a person; who has no contact yet has an address of its own."""
    parent = row["parent_id"] or 0
    place = "contact_" if row["partner_id"] else ""
    return Person(
        contact=row["partner_id"] or 0,
        family=0 if row["parent_is_company"] else parent,
        employer=parent if row["parent_is_company"] else 0,
        name=row["contact_name"] or "",
        phone=row["contact_phone_sanitized"] or "",
        email=row["contact_email_normalized"] or "",
        home=Home.at(row[f"{place}street"], row[f"{place}zip"], row[f"{place}city"]),
        **facts,
    )
