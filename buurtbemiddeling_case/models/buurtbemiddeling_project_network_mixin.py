from odoo import fields, models


class BuurtbemiddelingProjectNetworkMixin(models.AbstractModel):
    """What a project does to be known, and whom it knows in its neighbourhoods."""

    _name = "buurtbemiddeling.project.network.mixin"
    _description = "Network of a Project"

    network_activity_ids = fields.One2many(
        "buurtbemiddeling.network.activity",
        "project_id",
        "Network activities",
        groups="buurtbemiddeling_case.group_user",
    )
    network_activity_count = fields.Integer(
        "Number of network activities",
        compute="_compute_network_counts",
        groups="buurtbemiddeling_case.group_user",
    )
    key_contact_ids = fields.One2many(
        "buurtbemiddeling.key.contact",
        "project_id",
        "Key contacts",
        groups="buurtbemiddeling_case.group_user",
    )
    key_contact_count = fields.Integer(
        "Number of key contacts",
        compute="_compute_network_counts",
        groups="buurtbemiddeling_case.group_user",
    )

    def _compute_network_counts(self):
        """Activities that were held or are planned; cancelled ones are not counted."""
        counts = {}
        for name, domain in (
            ("buurtbemiddeling.network.activity", [("state", "!=", "cancelled")]),
            ("buurtbemiddeling.key.contact", []),
        ):
            groups = self.env[name]._read_group(
                [("project_id", "in", self.ids), *domain], ["project_id"], ["__count"]
            )
            counts[name] = {project.id: count for project, count in groups}
        for project in self:
            project.network_activity_count = counts["buurtbemiddeling.network.activity"].get(
                project.id, 0
            )
            project.key_contact_count = counts["buurtbemiddeling.key.contact"].get(project.id, 0)

    def _get_areas_outside(self, areas):
        """Return those of ``areas`` that lie in no area served; none when no area is named."""
        served = set(self.area_ids.ids)
        if not served:
            return areas.browse()
        return areas.filtered(lambda area: served.isdisjoint(area._get_around().ids))

    def _adopt_network(self):
        """Activities and key contacts in the areas served fall under this project, too."""
        for name in ("buurtbemiddeling.network.activity", "buurtbemiddeling.key.contact"):
            records = self.env[name].with_context(active_test=False)
            records = records.search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("project_id", "=", False),
                    ("area_ids", "!=", False),
                ]
            )
            records._compute_project_id()

    def action_open_network(self):
        """Open the network log of this project."""
        return self._open_of_project("buurtbemiddeling_network_activity_action")

    def action_open_key_contacts(self):
        """Open the key contacts of this project."""
        return self._open_of_project("buurtbemiddeling_key_contact_action")

    def _open_of_project(self, action):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"buurtbemiddeling_case.{action}")
        return {
            **action,
            "display_name": self.name,
            "domain": [("project_id", "=", self.id)],
            "context": {"default_project_id": self.id},
        }
