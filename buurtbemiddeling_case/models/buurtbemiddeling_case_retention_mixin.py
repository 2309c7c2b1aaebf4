from odoo import api, fields, models
from odoo.fields import Domain

#: Decisions at intake after which a request is not continued as a case.
NOT_CONTINUED = ("advice", "refer", "unsuitable")


class BuurtbemiddelingCaseRetentionMixin(models.AbstractModel):
    """How long a case is kept, with its residents, and what of it can be kept longer.

    The term counts from closing, or from aftercare when that was later. A case that is open has no
    term: merging and splitting, which closed cases refuse, can not start one anew.

    A request that was not continued has a shorter term of its own: the decision at intake was
    another than suitable, or it ended as something that does not count as handled before a talk was
    held or a form of help was chosen, as when the resident withdrew.
    """

    _name = "buurtbemiddeling.case.retention.mixin"
    _description = "Term of a Case"
    # no thread among its parents: it would come before the to-dos, which add followers
    _inherit = ["buurtbemiddeling.retention.mixin"]
    _anonymized_about = ("case", "party", "sender")

    retention_date = fields.Date(
        "Personal data kept until",
        compute="_compute_retention_date",
        help="The term of the organisation after closing, or after aftercare when that was later.",
    )

    @api.depends(
        "company_id", "close_date", "aftercare_date", "intake_decision", "outcome_id",
        "intervention_id", "meeting_ids.state", "retention_hold_until", "anonymized_date",
    )  # fmt: skip
    def _compute_retention_date(self):
        closed = self.filtered(lambda case: case.close_date and not case.anonymized_date)
        (self - closed).retention_date = False
        requests = closed.filtered_domain(self._get_not_continued_domain())
        for kind, cases in (("request", requests), ("case", closed - requests)):
            for case, day in cases._get_due_dates(kind).items():
                hold = case.retention_hold_until
                case.retention_date = max(day, hold) if hold else day

    @api.model
    def _get_not_continued_domain(self):
        """Return which closed cases are requests that were not continued, see above."""
        withdrawn = (
            Domain("outcome_id", "!=", False)
            & Domain("outcome_id.counts_handled", "=", False)
            & Domain("intervention_id", "=", False)
            & Domain("meeting_ids", "not any", [("state", "=", "done")])
        )
        return Domain("intake_decision", "in", NOT_CONTINUED) | withdrawn

    @api.model
    def _get_due_domain(self, company, kind, day):
        domain = super()._get_due_domain(company, kind, day)
        if kind not in ("case", "request"):
            return domain
        limit = company._get_retention_limit(kind, day)
        not_continued = self._get_not_continued_domain()
        return (
            Domain("company_id", "=", company.id)
            & Domain("close_date", "<=", limit)
            & (Domain("aftercare_date", "=", False) | Domain("aftercare_date", "<=", limit))
            & Domain("anonymized_date", "=", False)
            & (not_continued if kind == "request" else ~not_continued)
        )

    @api.model
    def _get_asking_domain(self, asking):
        contacts = Domain("partner_id", "any", self._get_asked_by(asking, "partner_id"))
        return Domain("party_ids", "any", contacts | self._get_asked_by(asking, "party_id"))

    def _get_retention_starts(self, kind):
        return {
            case: max(filter(None, (case.close_date, case.aftercare_date)), default=False)
            for case in self
        }

    def _get_announced_kind(self):
        """Return by which term residents are told how long their data are kept."""
        return "request" if self.intake_decision in NOT_CONTINUED else "case"

    def _prepare_retention_values(self):
        values = super()._prepare_retention_values()
        # sudo: how many there are; nothing else of them is read
        cases = self.sudo().with_context(active_test=False)
        party_model = cases.party_ids._name
        messages, files = self._count_hanging(
            {self._name: self.ids, party_model: cases.party_ids.ids}
        )
        for case in cases:
            keys = [(self._name, case.id)]
            keys += [(party_model, id_) for id_ in case.party_ids.ids]
            values[case].update(
                name=case.name,
                user_id=case.user_id.id,
                project_id=case.project_id.id,
                resident_count=len(case.party_ids),
                talk_count=len(case.meeting_ids),
                message_count=sum(messages.get(key, 0) for key in keys),
                file_count=sum(files.get(key, 0) for key in keys),
            )
        return values

    def _get_anonymized_subjects(self):
        # sudo: all residents go, whoever may read them
        cases = self.sudo().with_context(active_test=False)
        return [*super()._get_anonymized_subjects(), cases.party_ids]

    # ------------------------------------------------------------
    # AFTERWARDS
    # ------------------------------------------------------------

    def write(self, vals):
        if vals.get("stage_id"):
            stage = self.env["buurtbemiddeling.case.stage"].browse(vals["stage_id"])
            if not stage.is_closed:
                self._refuse_anonymized()
        return super().write(vals)

    def unlink(self):
        parties = self.party_ids  # which the database deletes, so not by their own method
        contacts = parties.partner_id
        res = super().unlink()
        parties._note_untied(contacts)
        return res

    def message_post(self, **kwargs):
        self._refuse_anonymized()
        return super().message_post(**kwargs)

    def action_keep_longer(self):
        """Ask until when, and why, the personal data of this case are kept longer."""
        self.ensure_one()
        view = self.env.ref("buurtbemiddeling_case.buurtbemiddeling_case_view_form_keep_longer")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Keep longer"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }
