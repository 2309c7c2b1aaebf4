from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import escape_psql

from .buurtbemiddeling_import_target_mixin import Column, read_headings

CASE = "buurtbemiddeling.case"
PARTY = "buurtbemiddeling.case.party"
# Columns of a case, in the order of a sheet: the field, and what an entry of a list is known by.
OF_CASE = {
    "external_ref": ("external_ref", None),
    "registration_date": ("registration_date", None),
    "channel": ("channel", None),
    "referrer_type": ("referrer_type_id", "code"),
    "referrer": ("referral_partner_id", "id"),
    "referrer_ref": ("referrer_ref", None),
    "tipped_by": ("tipped_by_type_id", "code"),
    "area": ("area_id", "code"),
    "coordinator": ("user_id", "login"),
    "nuisance": ("nuisance_type_ids", "code"),
    "main_nuisance": ("main_nuisance_type_id", "code"),
    "quarrel_duration": ("quarrel_duration", None),
    "escalation": ("escalation", None),
    "talked_with_neighbour": ("talked_with_neighbour", None),
    "complexities": ("complexity_ids", "code"),
    "contraindications": ("contraindication_ids", "code"),
    "intake_decision": ("intake_decision", None),
    "intake_reason": ("intake_reason_id", "code"),
    "intake_date": ("intake_date", None),
    "stage": ("stage_id", "code"),
    "intervention": ("intervention_id", "code"),
    "outcome": ("outcome_id", "code"),
    "close_date": ("close_date", None),
    "aftercare_date": ("aftercare_date", None),
    "aftercare_outcome": ("aftercare_outcome_id", "code"),
}
# Columns of each neighbour, and their fields. A street may come in parts.
OF_PARTY = {
    "name": "contact_name",
    "street": "street",
    "house_number": "street",
    "addition": "street",
    "zip": "zip",
    "city": "city",
    "phone": "phone",
    "email": "email",
    "tenure": "tenure",
    "household": "household",
    "age_band": "age_band",
    "story": "story",
    "consent_date": "consent_date",
    "informed_date": "informed_date",
}
STREET = ("street", "house_number", "addition")
SIDES = {"a_": "a", "b_": "b"}
NEEDED = ("external_ref", "registration_date")
UNSEEN = "\N{WORD JOINER}"
UNKNOWN = {"channel": False, "user_id": False}
HEADINGS = "buurtbemiddeling_case/import_headings.csv"
# What sheets call the one who reports, and the other.
SIDE_NAMES = {
    "a": ("melder", "aanmelder", "partij a", "a", "partij 1", "buur 1", "klager", "bewoner a"),
    "b": (
        "wederpartij", "tegenpartij", "partij b", "b", "partij 2", "buur 2", "buur", "andere buur",
        "beklaagde", "bewoner b", "overlastgever",
    ),
}  # fmt: skip
COLUMNS = {
    **{name: Column(CASE, field, key, name in NEEDED) for name, (field, key) in OF_CASE.items()},
    **{
        f"{prefix}{name}": Column(PARTY, field)
        for prefix in SIDES
        for name, field in OF_PARTY.items()
    },
}


class BuurtbemiddelingCaseImportMixin(models.AbstractModel):
    """History that moves in from another system: one row a case, with both neighbours."""

    _name = "buurtbemiddeling.case.import.mixin"
    _description = "Import of Cases"
    _inherit = ["buurtbemiddeling.import.target.mixin"]

    @api.model
    def _get_import_columns(self):
        return {**super()._get_import_columns(), **COLUMNS}

    @api.model
    def _get_import_label(self, name):
        """Of a neighbour, whose it is comes first; the parts of a street are no fields."""
        prefix, part = name[:2], name[2:]
        if name == "intake_reason":
            return self.env._("Reason of the intake decision")
        if prefix not in SIDES or part not in OF_PARTY:
            return super()._get_import_label(name)
        sides = dict(self.env[PARTY]._fields["side"]._description_selection(self.env))
        labels = {
            "house_number": self.env._("House number"),
            "addition": self.env._("Addition to the house number"),
        }
        label = labels.get(part) or super()._get_import_label(name)
        return f"{sides[SIDES[prefix]]}: {label}"

    def _complete_row(self, values, company):
        """A street may come in parts."""
        values = super()._complete_row(values, company)
        for prefix in SIDES:
            parts = [values.pop(f"{prefix}{part}", None) for part in STREET]
            values[f"{prefix}street"] = " ".join(filter(None, parts))
        return values

    def _get_needed_columns(self, columns, values):
        """Without its day, a case of long ago would be closed today."""
        needed = super()._get_needed_columns(columns, values)
        stage = self.env["buurtbemiddeling.case.stage"].browse(values.get("stage") or [])
        is_ended = stage.is_closed or values.get("outcome")
        return [*needed, "close_date"] if is_ended else needed

    def _prepare_row(self, columns, values, company):
        parties = {
            prefix: {
                columns[name].field: value
                for name, value in values.items()
                if name.startswith(prefix) and columns[name].model == PARTY and value
            }
            for prefix in SIDES
        }
        of_case = {n: value for n, value in values.items() if columns[n].model != PARTY}
        # what a sheet does not say of the past, is not what is usual today
        vals = {**UNKNOWN, **super()._prepare_row(columns, of_case, company)}
        vals["party_ids"] = [
            Command.create({"side": SIDES[prefix], **typed})
            for prefix, typed in parties.items()
            if typed
        ]
        return vals

    def _find_known(self, rows, company):
        """A case that was merged with another has the numbers of both."""
        known = super()._find_known(rows, company)
        merged = self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id)
            & Domain("merged_external_refs", "!=", False),
            ["merged_external_refs"],
        )
        for case in merged:
            for reference in case.merged_external_refs:
                known.setdefault(reference, case.id)
        return known

    def _mark_as_trial(self, vals_list):
        """A number that was taken does not come back when the case is rolled back.

        Sentences name the case by the number in the old system. What is behind it is not seen, and
        makes it no number of ours.
        """
        return [
            {**vals, "name": f"{vals['external_ref']}{UNSEEN}"}
            for vals in super()._mark_as_trial(vals_list)
        ]

    # ------------------------------------------------------------
    # MATCHING A SHEET
    # ------------------------------------------------------------

    @api.model
    def _get_import_headings(self):
        """Sheets call the one who reports and the other by many names: each before each part."""
        headings = super()._get_import_headings()
        for name, column in read_headings(HEADINGS):
            prefix, _colon, part = column.partition(":")
            if not part:
                headings[name] = column
                continue
            for side in SIDE_NAMES[prefix]:
                for form in (f"{side}: {name}", f"{side} {name}", f"{name} {side}"):
                    headings.setdefault(form, f"{prefix}_{part}")
        for prefix, names in SIDE_NAMES.items():
            for name in names:  # who it is, when a sheet says no more than that
                if len(name) > 1:
                    headings.setdefault(name, f"{prefix}_name")
        return headings

    @api.model
    def _get_import_entries(self, name, company):
        if name == "stage":
            return self.env["buurtbemiddeling.case.stage"]._get_of_company(company)
        if name == "coordinator":
            users = self.env["res.users"].with_context(active_test=False)
            group = self.env.ref("buurtbemiddeling_case.group_user")
            return users.search(
                [("company_ids", "in", company.ids), ("all_group_ids", "in", group.ids)]
            )
        return super()._get_import_entries(name, company)

    @api.model
    def _is_of_person(self, name):
        return name[:2] in SIDES or super()._is_of_person(name)

    @api.model
    def _get_import_new(self):
        return (*super()._get_import_new(), "referrer")

    @api.model
    def _get_import_people(self):
        return (*super()._get_import_people(), "coordinator")

    @api.model
    def _make_import_entry(self, code, company):
        """Make the referral partner that a sheet names; return its id.

        :param code: record of ``buurtbemiddeling.import.code``
        :raise UserError: when its type was not filled in
        """
        if not code.new_type_id:
            raise UserError(
                self.env._("Fill in the type of “%s”, or choose another referrer.", code.text)
            )
        name = " ".join(code.text.split())
        partners = self.env["res.partner"]
        domain = Domain("name", "=ilike", escape_psql(name)) & Domain("is_company", "=", True)
        found = partners.search(domain & Domain(partners._check_company_domain(company)), limit=1)
        referrers = self.env["buurtbemiddeling.referral.partner"].with_context(active_test=False)
        there = referrers.search([("partner_id", "=", found.id), ("company_id", "=", company.id)])
        if not there:
            there = referrers.create(
                {
                    "partner_id": (found or partners.create({"name": name, "is_company": True})).id,
                    "company_id": company.id,
                    "referrer_type_id": code.new_type_id.id,
                }
            )
        return str(there.id)

    @api.model
    def _get_import_example(self):
        """A made-up case: nobody's name, and a postcode that is not in use."""
        return {
            "external_ref": "2025-017",
            "registration_date": "31-12-2025",
            "channel": "phone",
            "referrer_type": "ZELF",
            "area": "GM0014",
            "nuisance": "GELUID_PERSONEN",
            "quarrel_duration": "months",
            "escalation": "irritation",
            "talked_with_neighbour": "yes",
            "intake_decision": "suitable",
            "intake_date": "5-1-2026",
            "intervention": "BEMIDDELING",
            "outcome": "OPG_BEM",
            "close_date": "2-3-2026",
            "a_name": "A. Voorbeeld",
            "a_street": "Voorbeeldstraat",
            "a_house_number": "12",
            "a_addition": "B",
            "a_zip": "0000 AA",
            "a_phone": "06 00000000",
            "a_tenure": "corporation",
            "b_name": "B. Voorbeeld",
            "b_street": "Voorbeeldstraat 14",
            "b_zip": "0000 AA",
        }
