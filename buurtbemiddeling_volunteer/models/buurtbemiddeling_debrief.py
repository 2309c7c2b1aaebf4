from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.buurtbemiddeling_case.anonymity import find_identifying

from .buurtbemiddeling_visit_report import WORKED_STATES

CARD = ("card_situation", "card_dilemma", "card_question")


class BuurtbemiddelingDebrief(models.Model):
    """Looking back on a case with its mediators (nabespreking): on the work, not on the residents.

    What may be learned from it goes to an evening of peer review as a case card: a text typed anew,
    that is refused when it tells who the neighbours are, next to a few codes of the case.
    """

    _name = "buurtbemiddeling.debrief"
    _description = "Debrief"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        default=lambda self: self.env["buurtbemiddeling.case"]._default_user_id(),
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        string="Mediators present",
        default=lambda self: self._default_volunteer_ids(),
        check_company=True,
        help="Which mediators talked the case over with you.",
    )
    went_well = fields.Text()
    could_be_better = fields.Text()
    learning_point = fields.Text()

    # the card, and what it shows of the case
    is_case_card = fields.Boolean(
        "Case card", help="Bring this case, without names, to an evening of peer review."
    )
    card_situation = fields.Text("Situation")
    card_dilemma = fields.Text("Dilemma")
    card_question = fields.Text("Question to the group")
    main_nuisance_type_id = fields.Many2one(related="case_id.main_nuisance_type_id")
    intervention_id = fields.Many2one(related="case_id.intervention_id")
    outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome", "Result", compute="_compute_outcome_id"
    )
    talk_count = fields.Integer("Talks held", compute="_compute_talk_count")

    @api.model
    def _default_volunteer_ids(self):
        case = self.env["buurtbemiddeling.case"].browse(self.env.context.get("default_case_id"))
        worked = case.assignment_ids.filtered(lambda row: row.state in WORKED_STATES)
        return worked.volunteer_id

    @api.depends("case_id.outcome_id", "case_id.aftercare_outcome_id")
    def _compute_outcome_id(self):
        for debrief in self:
            case = debrief.case_id
            debrief.outcome_id = case.aftercare_outcome_id or case.outcome_id

    @api.depends("case_id.meeting_ids.state")
    def _compute_talk_count(self):
        for debrief in self:
            talks = debrief.case_id.meeting_ids
            debrief.talk_count = len(talks.filtered(lambda talk: talk.state == "done"))

    @api.depends("case_id.name", "date")
    def _compute_display_name(self):
        for debrief in self:
            debrief.display_name = self.env._("Debrief %s", debrief.case_id.name)

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(debrief.date > today for debrief in self):
            raise ValidationError(
                self.env._("A debrief is noted once it was held. Choose today or earlier.")
            )

    @api.constrains("is_case_card", *CARD)
    def _check_card(self):
        """A card is complete enough to talk about, and tells nobody who the neighbours are."""
        for card in self.filtered("is_case_card"):
            if not all((card[name] or "").strip() for name in ("card_situation", "card_question")):
                raise ValidationError(
                    self.env._(
                        "A case card needs a situation and a question. Type them anew, without"
                        " names or addresses."
                    )
                )
        self._check_card_is_anonymous()

    def _check_card_is_anonymous(self):
        """Refuse a card that tells who the neighbours are.

        :raise ValidationError: repeats what was typed, and tells no more of the neighbours
        """
        for debrief in self:
            case, parties = debrief.case_id, debrief.case_id.party_ids
            text = "\n".join(debrief[name] or "" for name in CARD)
            contacts = parties.partner_id | parties.partner_id.child_ids
            places = [home[name] for home in (*parties, *contacts) for name in ("street", "zip")]
            if case.area_id.kind != "municipality":
                places.append(case.area_id.name)
            found = find_identifying(
                text,
                names=contacts.mapped("name"),
                places=places,
                numbers=contacts.mapped("phone"),
                emails=contacts.mapped("email"),
            )
            found += [case.name] * (case.name in text)
            if found:
                raise ValidationError(
                    self.env._(
                        "A case card tells nobody who the neighbours are. Take this out, or say it"
                        " in other words: %s.",
                        ", ".join(found),
                    )
                )
