import re

from odoo import api, fields, models


def make_tel(phone):
    """Return the link that phones a number, or ``None``.

    >>> make_tel("06 - 1234 5678"), make_tel("+31 (0)20"), make_tel("unknown"), make_tel(False)
    ('tel:0612345678', 'tel:+31020', None, None)
    """
    digits = re.sub(r"[^0-9+]", "", phone or "")
    return f"tel:{digits}" if digits else None


class BuurtbemiddelingAssignmentPortalMixin(models.AbstractModel):
    """Which assignments a mediator sees on the portal: only their own, only while they last.

    Volunteers have no access to any record of ours. The portal asks for an assignment here, and
    shows values that it picks from it. Nothing is ever asked by the id of a case, a party or a
    talk alone: those are reached from one's own assignment. What has ended is not found any more,
    the moment it ends.
    """

    _name = "buurtbemiddeling.assignment.portal.mixin"
    _description = "Assignments on the Portal"

    @api.model
    def _get_mine(self, states):
        """Return the live assignments of the user who acts, with all rights.

        :param states: such as ``("accepted",)`` or ``("invited",)``
        """
        volunteers = self.env["buurtbemiddeling.volunteer"]._get_mine()
        # sudo: only those of the user's own volunteer record, on a case that is open
        return self.sudo().search(
            [
                ("volunteer_id", "in", volunteers.ids),
                ("state", "in", states),
                ("case_id.is_closed", "=", False),
                ("case_id.active", "=", True),
            ]
        )

    @api.model
    def _find_mine(self, assignment_id, states=("accepted",)):
        """Return the user's own live assignment with this id, or none: who asks may guess ids.

        Whoever mediates in the case gets to see it then, and that leaves a trace.
        """
        found = self._get_mine(states).filtered(lambda row: row.id == assignment_id)
        cases = found.filtered(lambda row: row.state == "accepted").case_id
        self.env["buurtbemiddeling.trace"]._add("open", cases)
        return found

    def _find_party(self, party_id):
        """Return the party of this case with this id, or none."""
        return self.case_id.party_ids.filtered(lambda party: party.id == party_id)

    # ------------------------------------------------------------
    # WHAT THE PAGES SHOW
    # ------------------------------------------------------------

    def _get_portal_row_values(self):
        """Return what the overview shows of one case: no resident and no address."""
        self.ensure_one()
        case = self.case_id
        contact, today = case.last_contact_date, fields.Date.context_today(self)
        return {
            "assignment_id": self.id,
            "number": case.name,
            "help": case.intervention_id.name,
            "neighbourhood": case.area_id.name,
            "next_step": self._get_next_step(),
            "days_since_contact": (today - contact).days if contact else None,
        }

    def _get_portal_case_values(self):
        """Return what the page of one case shows to its mediator: plain values, no record.

        Left out are what a party told, signals, notes of the office, who referred the case, and
        any other case. Texts, unless said otherwise; what is not known is empty.

        :return: a dict with ``assignment_id`` (id), ``number``, ``help``, ``next_step`` (see
            ``_get_next_step``), ``coordinator`` and ``colleagues`` (people: ``name``, ``phone``,
            ``tel``), ``parties`` (dicts) and ``knows_party`` (bool)
        """
        self.ensure_one()
        case = self.case_id
        colleagues = case.assignment_ids.filtered(
            lambda row: row.state == "accepted" and row.volunteer_id != self.volunteer_id
        ).volunteer_id.partner_id
        return {
            "assignment_id": self.id,
            "number": case.name,
            "help": case.intervention_id.name,
            "next_step": self._get_next_step(),
            "coordinator": self._get_portal_coordinator(),
            "colleagues": [self._get_portal_person(person) for person in colleagues],
            "parties": [self._get_portal_party(party) for party in case.party_ids],
            "knows_party": self._has_declared_tie(),
        }

    @api.model
    def _get_portal_person(self, partner, phone=None):
        """Return how to reach someone: by name and phone."""
        phone = phone or partner.phone
        return {"name": partner.name, "phone": phone, "tel": make_tel(phone)}

    def _get_portal_coordinator(self):
        """Return who answers the questions of this mediator; by default the organisation."""
        self.ensure_one()
        office = self.company_id.partner_id
        coordinator = self._get_answered_to() or office
        return self._get_portal_person(coordinator, coordinator.phone or office.phone)

    @api.model
    def _get_portal_party(self, party):
        """Return what a mediator needs to know of one party, and nothing of what it told."""
        choices = {
            name: dict(party._fields[name]._description_selection(self.env)).get(party[name])
            for name in ("side", "home_relation", "willing")
        }
        return {
            "party_id": party.id,
            **self._get_portal_person(party.partner_id),
            **choices,
            "address": party.address,
            "language": party.language_id.name,
            "needs_interpreter": party.needs_interpreter,
            "is_informed": bool(party.informed_date),
            "note": party.mediator_note,
        }
