from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.answers import read_day
from .buurtbemiddeling_assignment_portal_talk_mixin import DAYS_AHEAD

AGREEMENT_LIMITS = {"name": 300}  # characters


class BuurtbemiddelingAssignmentPortalAgreementMixin(models.AbstractModel):
    """What neighbours agreed, and attempts to reach them, as mediators note it on the portal."""

    _name = "buurtbemiddeling.assignment.portal.agreement.mixin"
    _description = "Agreements and Attempts on the Portal"
    _inherit = ["buurtbemiddeling.assignment.portal.talk.mixin"]

    def _get_portal_case_values(self):
        return {
            **super()._get_portal_case_values(),
            "agreements": [
                self._get_portal_agreement_values(row) for row in self.case_id.agreement_ids
            ],
            "approaches": self._get_portal_approaches(),
        }

    # ------------------------------------------------------------
    # AGREEMENTS
    # ------------------------------------------------------------

    def _find_portal_agreement(self, agreement_id):
        """Return the agreement of the case with this id, or none."""
        return self.case_id.agreement_ids.filtered(lambda row: row.id == agreement_id)

    def _get_portal_agreement_values(self, agreement):
        """Return what a page shows of an agreement: plain values."""
        fields_ = agreement._fields
        who = dict(fields_["who"]._description_selection(self.env))
        kept = dict(fields_["kept"]._description_selection(self.env))
        return {
            "id": agreement.id,
            "name": agreement.name,
            "who": who[agreement.who],
            "before": agreement.date_due and format_date(self.env, agreement.date_due),
            "kept": kept.get(agreement.kept),
        }

    def _get_portal_agreement_form(self, agreement=None):
        """Return the choices of the form of an agreement, and what is in it.

        :param agreement: the agreement to correct; none for a new one
        """
        options = self.case_id.agreement_ids._fields["who"]._description_selection(self.env)
        form = {
            "limits": AGREEMENT_LIMITS,
            "who_options": options,
            "answers": {"who": "both"},
            "seen": self._sign_portal_agreement(agreement),
        }
        if agreement:
            form["answers"] = {
                "name": agreement.name,
                "who": agreement.who,
                "date_due": agreement.date_due and agreement.date_due.isoformat(),
            }
        return form

    def _read_portal_agreement(self, answers):
        """Return what was typed as values of an agreement, and what is wrong with it.

        :param answers: ``{name: text}`` of anyone
        :return: ``(values, {name of the question: sentence})``
        """
        values, errors = self.env["buurtbemiddeling.door.key"]._read_texts(
            answers, AGREEMENT_LIMITS
        )
        if not values["name"]:
            errors["name"] = self.env._("Write what the neighbours agreed.")
        values["who"] = answers.get("who")
        if values["who"] not in dict(self._get_portal_agreement_form()["who_options"]):
            errors["who"] = self.env._("Choose who does it.")
        values["date_due"] = False
        if answers.get("date_due"):
            values["date_due"] = day = read_day(answers["date_due"])
            first = self.case_id.registration_date
            last = fields.Date.context_today(self) + timedelta(days=DAYS_AHEAD)
            if not day or not first <= day <= last:
                errors["date_due"] = self.env._(
                    "Fill in a day in the coming year, or leave it empty. Is the year right?"
                )
        return values, errors

    @api.model
    def _sign_portal_agreement(self, agreement):
        """Return what tells whether an agreement is still as someone saw it on a page."""
        if not agreement:
            return ""
        seen = f"{agreement.who}|{agreement.date_due}|{agreement.name}"
        return sha256(seen.encode()).hexdigest()

    def _write_portal_agreement(self, agreement, values, seen):
        """Add an agreement, or correct ``agreement``.

        :param seen: what ``_sign_portal_agreement`` gave for the page on which it is corrected
        :raise UserError: when it was asked already whether it is kept: then it stays as it was;
            or when somebody else corrected it meanwhile
        """
        if agreement.kept:
            raise UserError(
                self.env._(
                    "It was asked already whether this agreement is kept. Call your coordinator to"
                    " have something corrected."
                )
            )
        if agreement:
            if seen != self._sign_portal_agreement(agreement):
                raise UserError(
                    self.env._(
                        "Somebody else corrected this agreement while you had it open. It is now:"
                        " “%(name)s” (%(who)s). What you typed is still here. Look at both, and"
                        " save again.",
                        **{
                            key: value
                            for key, value in self._get_portal_agreement_values(agreement).items()
                            if key in ("name", "who")
                        },
                    )
                )
            agreement.write(values)
        else:
            agreement.create({"case_id": self.case_id.id, **values})

    # ------------------------------------------------------------
    # AT THE DOOR
    # ------------------------------------------------------------

    def _get_portal_approaches(self):
        """Return the attempts to reach the other party, as pages show them."""
        approaches = self.case_id.approach_ids
        modes = dict(approaches._fields["mode"]._description_selection(self.env))
        outcomes = dict(approaches._fields["outcome"]._description_selection(self.env))
        return [
            {
                "date": format_date(self.env, row.date),
                "mode": modes[row.mode],
                "outcome": outcomes[row.outcome],
                "party": self._get_portal_party_name(row.party_id),
            }
            for row in approaches
            if row.party_id.side == "b"
        ]

    def _get_portal_approach_form(self):
        """Return the choices of the form of an attempt, and what is in it."""
        approaches, today = self.case_id.approach_ids, fields.Date.context_today(self).isoformat()
        parties = self.case_id.party_ids.filtered(lambda party: party.side == "b")
        return {
            "parties": [(str(row.id), self._get_portal_party_name(row)) for row in parties],
            "modes": approaches._fields["mode"]._description_selection(self.env),
            "outcomes": approaches._fields["outcome"]._description_selection(self.env),
            "today": today,
            "answers": {
                "party": str(parties[:1].id or ""),
                "mode": "visit",
                "date": today,
            },
        }

    def _read_portal_approach(self, answers):
        """Return what was typed as values of an attempt, and what is wrong with it.

        :param answers: ``{name: text}`` of anyone
        :return: ``(values, {name of the question: sentence})``
        """
        form, errors = self._get_portal_approach_form(), {}
        day = read_day(answers.get("date"))
        today = fields.Date.context_today(self)
        if not day or not self.case_id.registration_date <= day <= today:
            errors["date"] = self.env._("Fill in the day on which you were there.")
        party = answers.get("party")
        if party not in dict(form["parties"]):
            errors["party"] = self.env._("Choose whom you wanted to reach.")
        values = {"date": day, "party_id": 0 if "party" in errors else int(party)}
        values |= {name: answers.get(name) for name in ("mode", "outcome")}
        if values["mode"] not in dict(form["modes"]):
            errors["mode"] = self.env._("Choose how you tried.")
        if values["outcome"] not in dict(form["outcomes"]):
            errors["outcome"] = self.env._("Choose what came of it.")
        return values, errors

    def _write_portal_approach(self, values):
        """Note an attempt to reach the other party."""
        self.env["buurtbemiddeling.approach"].create(values)
