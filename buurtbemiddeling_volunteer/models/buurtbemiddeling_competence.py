from odoo import fields, models


class BuurtbemiddelingCompetence(models.Model):
    """What a mediator is trained or experienced in: group mediation, coaching, psychiatry, ...

    It says itself which cases ask for it, so that an organisation can change that.
    """

    _name = "buurtbemiddeling.competence"
    _description = "Competence"
    _inherit = ["buurtbemiddeling.code.mixin"]

    intervention_ids = fields.Many2many(
        "buurtbemiddeling.intervention",
        "buurtbemiddeling_competence_intervention_rel",
        "competence_id",
        "intervention_id",
        string="For forms of help",
    )
    complexity_ids = fields.Many2many(
        "buurtbemiddeling.complexity",
        "buurtbemiddeling_competence_complexity_rel",
        "competence_id",
        "complexity_id",
        string="For complexity",
    )
    nuisance_type_ids = fields.Many2many(
        "buurtbemiddeling.nuisance.type",
        "buurtbemiddeling_competence_nuisance_type_rel",
        "competence_id",
        "nuisance_type_id",
        string="For nuisance",
    )
