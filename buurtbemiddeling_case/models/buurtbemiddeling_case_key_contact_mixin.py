from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingCaseKeyContactMixin(models.AbstractModel):
    """Whom buurtbemiddeling knows in the neighbourhood of a case; nothing of the case is told."""

    _name = "buurtbemiddeling.case.key.contact.mixin"
    _description = "Key Contacts near a Case"

    key_contact_count = fields.Integer("Key contacts", compute="_compute_key_contact_count")

    @api.depends("area_id", "company_id")
    def _compute_key_contact_count(self):
        """Count those of the neighbourhood and of the areas around it, each once."""
        around = {case: case.area_id._get_around() for case in self}
        groups = self.env["buurtbemiddeling.key.contact"]._read_group(
            Domain("area_ids", "in", self.area_id.browse().union(*around.values()).ids)
            & Domain("company_id", "in", self.company_id.ids),
            ["company_id", "area_ids"],
            ["id:array_agg"],
        )
        known = {(company, area): ids for company, area, ids in groups}
        for case, areas in around.items():
            found = (known.get((case.company_id, area), ()) for area in areas)
            case.key_contact_count = len(set().union(*found))

    def action_open_key_contacts(self):
        """Open the key contacts of the neighbourhood of this case, and of the areas around it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_key_contact_action"
        )
        return {
            **action,
            "domain": [
                ("area_ids", "in", self.area_id._get_around().ids),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {"create": False},
        }
