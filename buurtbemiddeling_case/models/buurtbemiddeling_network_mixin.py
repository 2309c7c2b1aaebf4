from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingNetworkMixin(models.AbstractModel):
    """What an organisation does, or whom it knows, in neighbourhoods.

    The model that inherits this has ``area_ids``. Its contacts are ordinary ones: a resident of a
    case is never part of the network.
    """

    _name = "buurtbemiddeling.network.mixin"
    _description = "Network in Neighbourhoods"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The project that serves these areas. Empty: of all projects together.",
    )

    def _get_project_user(self):
        """Return the user whose only project it is when no area is given, or none."""
        return self.env["res.users"]

    @api.depends("area_ids", "company_id")
    def _compute_project_id(self):
        """The project that serves all areas, none when there are several.

        Without areas a project that was filled in stays; else it is the only one there is.
        """
        projects = self.env["buurtbemiddeling.project"]
        places = {
            record: {(record.company_id.id, area, False) for area in record.area_ids}
            for record in self
        }
        found = projects._get_of_places(set().union(*places.values()))
        users = self.env["res.users"].union(*(record._get_project_user() for record in self))
        only = projects._get_only(users, self.company_id)
        for record in self:
            serving = {found.get(place) for place in places[record]}
            if serving:
                record.project_id = serving.pop() if len(serving) == 1 else False
            elif not record.project_id or record.project_id.company_id != record.company_id:
                record.project_id = only.get((record.company_id, record._get_project_user()))

    @api.constrains("project_id", "area_ids")
    def _check_areas_of_project(self):
        """An area lies where the project works, as far as that is said of the project."""
        for record in self:
            outside = record.project_id._get_areas_outside(record.area_ids)[:1]
            if outside:
                raise ValidationError(
                    self.env._(
                        "%(area)s does not lie in the areas that “%(project)s” serves. Choose"
                        " another area or another project, or leave the project empty.",
                        area=outside.name,
                        project=record.project_id.name,
                    )
                )

    def _check_ordinary_contacts(self, contacts):
        """Raise ``ValidationError`` when one of ``contacts`` is a resident of a case."""
        # sudo: the flag is not for everyone to read; no name is told
        if any(contacts.sudo().mapped("is_confidential")):
            raise ValidationError(
                self.env._(
                    "A confidential contact is a resident of a case and stays out of the network."
                    " Choose another contact, or make one for this purpose."
                )
            )
