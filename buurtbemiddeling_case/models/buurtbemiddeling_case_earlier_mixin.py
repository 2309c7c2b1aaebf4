from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingCaseEarlierMixin(models.AbstractModel):
    """Same address, same neighbours: says that a door or resident was in earlier cases.

    Only numbers and dates are shown, never what those cases were about. Doors are compared by
    pseudonym, so that this also works after the names and addresses have been wiped.
    """

    _name = "buurtbemiddeling.case.earlier.mixin"
    _description = "Earlier Cases of a Door or Resident"

    earlier_case_ids = fields.Many2many(
        "buurtbemiddeling.case",
        string="Earlier cases",
        compute="_compute_earlier_case_ids",
        context={"active_test": False},
        help="Other cases of this organisation at one of these addresses, or with one of these"
        " residents.",
    )
    earlier_cases_text = fields.Char(compute="_compute_earlier_case_ids")

    @api.depends(
        "company_id",
        "party_ids.partner_id",
        "party_ids.postcode_key",
        "party_ids.street_key",
        *(
            f"{side}_{name}"
            for side in ("reporter", "neighbour")
            for name in ("street", "zip", "city")
        ),
    )
    def _compute_earlier_case_ids(self):
        cases = self.env["buurtbemiddeling.case"].with_context(active_test=False)
        for case in self:
            doors, residents = case._get_doors(), case.party_ids.partner_id._origin
            earlier, hidden = cases, []
            if doors or residents:
                party = (
                    Domain("postcode_key", "in", doors)
                    | Domain("street_key", "in", doors)
                    | Domain("partner_id", "in", residents.ids)
                )
                same = (
                    Domain("company_id", "=", case.company_id.id)
                    & Domain("id", "!=", case._origin.id or 0)
                    & Domain("party_ids", "any", party)
                )
                earlier = cases.search(same)
                hidden = self._get_hidden_days(same)
            case.earlier_case_ids = earlier
            texts = [
                f"{other.name} ({format_date(self.env, other.registration_date)})"
                for other in earlier
            ]
            texts += [
                self.env._("one in a closed project (%s)", format_date(self.env, day))
                for day in hidden
            ]
            case.earlier_cases_text = ", ".join(texts)

    def _get_hidden_days(self, domain):
        """Return on which days cases came in that are closed to the user, the latest first."""
        # sudo: that there were such cases, and when, is all that is told of them
        cases = self.sudo().with_context(active_test=False)
        closed = cases.env.user.buurtbemiddeling_closed_project_ids
        if not closed:
            return []
        return cases.search(domain & Domain("project_id", "in", closed.ids)).mapped(
            "registration_date"
        )

    def _get_doors(self):
        """Return the pseudonyms of all doors of a case, typed or stored."""
        self.ensure_one()
        parties = self.party_ids
        doors = {*parties.mapped("postcode_key"), *parties.mapped("street_key")}
        for side in ("reporter", "neighbour"):
            doors.update(
                parties._get_door_keys(
                    self[f"{side}_street"], self[f"{side}_zip"], self[f"{side}_city"]
                )
            )
        return [door for door in doors if door]

    def action_open_earlier_cases(self):
        """Open the list of earlier cases, for whoever may see them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Earlier cases"),
            "res_model": "buurtbemiddeling.case",
            "view_mode": "list,form",
            "domain": [("id", "in", self.earlier_case_ids.ids)],
            "context": {"active_test": False},
        }
