from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingArea(models.Model):
    """A municipality, or a district or neighbourhood inside one, with its CBS code.

    The municipalities and their inhabitants on 1 January 2022 come from CBS (Statistics
    Netherlands); districts and neighbourhoods are added by the organisation.
    """

    _name = "buurtbemiddeling.area"
    _description = "Area"
    _order = "municipality_name, kind_sequence, name, id"
    _rec_names_search = ["name", "code"]
    _parent_store = True

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(required=True, copy=False, help="Code of Statistics Netherlands (CBS).")
    kind = fields.Selection(
        [
            ("municipality", "Municipality"),
            ("district", "District"),
            ("neighbourhood", "Neighbourhood"),
        ],
        required=True,
        default="neighbourhood",
        help="A municipality holds districts, a district holds neighbourhoods.",
    )
    kind_sequence = fields.Integer(compute="_compute_kind_sequence", store=True, precompute=True)
    parent_id = fields.Many2one(
        "buurtbemiddeling.area",
        "Part of",
        ondelete="restrict",
        index="btree_not_null",
        help="The municipality or district that this area lies in.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("buurtbemiddeling.area", "parent_id", "Areas inside")
    municipality_id = fields.Many2one(
        "buurtbemiddeling.area",
        compute="_compute_municipality_id",
        store=True,
        recursive=True,
        index=True,
    )
    municipality_name = fields.Char(compute="_compute_municipality_id", store=True, recursive=True)
    inhabitants = fields.Integer(
        aggregator=None,
        help="Number of people who live there: figures per 10,000 inhabitants are worked out with"
        " it.",
    )
    merged_into_id = fields.Many2one(
        "buurtbemiddeling.area",
        ondelete="restrict",
        index="btree_not_null",
        help="The area that this one became a part of. In figures its cases count there from the"
        " year of the merger on; figures of earlier years stay as they were. Leave the areas inside"
        " where they are.",
    )
    merged_on = fields.Date()
    active = fields.Boolean(default=True)
    key_contact_ids = fields.Many2many(
        "buurtbemiddeling.key.contact",
        "buurtbemiddeling_key_contact_area_rel",
        "area_id",
        "key_contact_id",
        string="Key contacts",
        help="People who know this area well; a case here shows who they are.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "An area with this code exists already.")
    _merger_complete = models.Constraint(
        "CHECK((merged_into_id IS NULL) = (merged_on IS NULL))",
        "An area that merged has both: the area that it became a part of, and the day.",
    )
    _inhabitants_positive = models.Constraint(
        "CHECK(inhabitants >= 0)", "The number of inhabitants is 0 or more."
    )

    @api.depends("kind")
    def _compute_kind_sequence(self):
        order = {"neighbourhood": 0, "district": 1, "municipality": 2}  # most chosen first
        for area in self:
            area.kind_sequence = order.get(area.kind, 3)

    @api.depends("kind", "name", "parent_id.municipality_id", "parent_id.municipality_name")
    def _compute_municipality_id(self):
        for area in self:
            if area.kind == "municipality":
                area.municipality_id = area._origin or area
                area.municipality_name = area.name
            else:
                area.municipality_id = area.parent_id.municipality_id
                area.municipality_name = area.parent_id.municipality_name

    @api.depends("name", "kind", "municipality_name")
    def _compute_display_name(self):
        for area in self:
            if area.kind == "municipality" or not area.municipality_name:
                area.display_name = area.name
            else:
                area.display_name = f"{area.name} ({area.municipality_name})"

    def _get_around(self):
        """Return these areas and all areas that they lie in."""
        paths = (area.parent_path or "" for area in self._origin)
        return self.browse({int(part) for path in paths for part in path.split("/") if part})

    @api.constrains("kind", "parent_id")
    def _check_parent(self):
        """A municipality stands alone; a district or neighbourhood lies in a larger area."""
        if self._has_cycle():
            raise ValidationError(
                self.env._("An area can not lie inside itself. Choose another area.")
            )
        for area in self:
            if area.kind == "municipality" and area.parent_id:
                raise ValidationError(
                    self.env._("%s is a municipality and is not part of another area.", area.name)
                )
            if area.kind != "municipality" and not area.parent_id:
                raise ValidationError(
                    self.env._("Say in which municipality or district %s lies.", area.name)
                )

    @api.constrains("merged_into_id", "kind")
    def _check_merger(self):
        """An area becomes part of another one of its kind, and not by a detour of itself."""
        if self._has_cycle("merged_into_id"):
            raise ValidationError(
                self.env._("An area can not become a part of itself. Choose another area.")
            )
        for area in self.filtered("merged_into_id"):
            if area.kind != area.merged_into_id.kind:
                raise ValidationError(
                    self.env._(
                        "%(area)s can only merge with an area of the same kind, and %(other)s is"
                        " of another kind.",
                        area=area.name,
                        other=area.merged_into_id.name,
                    )
                )
