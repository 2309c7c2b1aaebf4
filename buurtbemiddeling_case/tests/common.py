from datetime import date

from odoo.tests import TransactionCase
from odoo.tools import SQL

from odoo.addons.mail.tests.common import mail_new_test_user


class CaseCommon(TransactionCase):
    """An organisation with a coordinator, a colleague outside buurtbemiddeling, and builders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.company = cls.env["res.company"].create({"name": "Welzijn"})
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.coordinator = cls.make_user("coordinator", "buurtbemiddeling_case.group_user")
        cls.manager = cls.make_user("manager", "buurtbemiddeling_case.group_manager")
        cls.colleague = cls.make_user(
            "colleague", "base.group_user,base.group_partner_manager,base.group_allow_export"
        )
        cls.portal = cls.make_user("portal", "base.group_portal")
        cls.stranger = cls.make_user(
            "stranger", "buurtbemiddeling_case.group_manager", cls.other_company
        )

    @classmethod
    def make_user(cls, login, groups, company=None):
        company = company or cls.company
        return mail_new_test_user(
            cls.env,
            login=f"bb_{login}",
            name=f"{login.capitalize()} Tester",
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @staticmethod
    def get_texts(record):
        """Return the names of the text fields that are typed, also those of modules on top."""
        return [
            name
            for name, field in record._fields.items()
            if field.type in ("text", "html")
            and field.store
            and not (field.compute or field.related or field.readonly)
        ]

    @classmethod
    def code(cls, model, code):
        """Return the entry of a code list, by code."""
        return cls.env[f"buurtbemiddeling.{model}"].search([("code", "=", code)])

    @classmethod
    def stage(cls, code):
        return cls.code("case.stage", code)

    @classmethod
    def make_case(cls, user=None, **values):
        """Create a case as a coordinator would, by default one of 2 March 2026 that is suitable."""
        return (
            cls.env["buurtbemiddeling.case"]
            .with_user(user or cls.coordinator)
            .create(
                {
                    "registration_date": date(2026, 3, 2),
                    "company_id": cls.company.id,
                    "intake_decision": "suitable",
                    **values,
                }
            )
        )

    @classmethod
    def make_quarrel(cls, **values):
        """Create a case with two known neighbours: Anna reports, Bert is the neighbour."""
        return cls.make_case(
            **{
                "reporter_name": "Anna Melder",
                "reporter_email": "anna@example.com",
                "reporter_street": "Dorpsstraat 1",
                "neighbour_name": "Bert Buur",
                "neighbour_street": "Dorpsstraat 3",
                **values,
            }
        )

    @classmethod
    def make_referral_partner(cls, **values):
        """Create a housing corporation that refers residents; keywords are its own fields."""
        organisation = cls.env["res.partner"].create(
            {"name": "WBV", "is_company": True, "email": "office@wbv.example.com"}
        )
        return cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": organisation.id,
                "referrer_type_id": cls.code("referrer.type", "CORPORATIE").id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def make_contact_person(cls, referral_partner, name="Wil Consulent", **values):
        """Create a contact person of a referral partner, who can be mailed."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": referral_partner.partner_id.id,
                "email": "wil@wbv.example.com",
                **values,
            }
        )

    def count_queries(self, action):
        """Return how many queries ``action`` takes once the caches of the registry are warm."""
        for _round in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            action()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
        return queries

    def find_marker(self, mark):
        """Return ``[table.column]`` of the whole database in which a marker is."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = current_schema AND table_type = 'BASE TABLE'"
            " AND data_type IN ('character varying', 'text', 'jsonb', 'json', 'bytea')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE %s::text ILIKE %s LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    f"%{mark}%",
                )
            )
            if self.env.cr.fetchone():
                found.append(f"{table}.{column}")
        return found
