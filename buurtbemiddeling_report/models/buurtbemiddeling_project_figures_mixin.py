from odoo import fields, models


class BuurtbemiddelingProjectFiguresMixin(models.AbstractModel):
    """Figures that may be about one project: then they are for who may see that project's figures.

    Record rules see to reading; linking a closed project is refused for every model, see
    ``_check_linked_by`` of the project.
    """

    _name = "buurtbemiddeling.project.figures.mixin"
    _description = "Figures of a Project"

    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        "Only this project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
