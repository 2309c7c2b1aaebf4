from dateutil.relativedelta import relativedelta

from odoo import api, models

INFORM_TYPE = "buurtbemiddeling_case.mail_activity_type_inform"


class BuurtbemiddelingPartyInformMixin(models.AbstractModel):
    """Telling residents that their data are registered, when someone else gave them.

    AVG (GDPR) article 14(3)(a): within a month after the data were obtained. Until then the
    coordinator of the case has a to-do on the party. A party of whom only an address is known is
    not asked about before it is known who it is.
    """

    _name = "buurtbemiddeling.party.inform.mixin"
    _description = "Informing a Party"

    @api.model_create_multi
    def create(self, vals_list):
        parties = super(
            BuurtbemiddelingPartyInformMixin, self.with_context(inform_tasks_later=True)
        ).create(vals_list)
        parties = parties.with_env(self.env)
        parties._sync_inform_tasks()
        return parties

    def write(self, vals):
        res = super().write(vals)
        if not vals.keys().isdisjoint(("informed_date", "partner_id", "side", "case_id")):
            self._sync_inform_tasks()
        return res

    def _must_be_informed(self):
        """Tell whether someone else gave this resident's data, and it was not told yet."""
        self.ensure_one()
        case = self.case_id
        from_someone_else = self.side == "b" or case.referral_partner_id
        return bool(
            self.partner_id
            and not self.informed_date
            and from_someone_else
            and case.active
            and not case.is_closed
        )

    def _get_inform_deadline(self):
        """Return a month after the data came in: with the registration, or when added later."""
        self.ensure_one()
        added = self.create_date.date()
        with_case = added <= self.case_id.create_date.date()
        obtained = self.case_id.registration_date if with_case else added
        return obtained + relativedelta(months=1)

    def _sync_inform_tasks(self):
        """Make, hand over, finish or take away the to-dos so that they follow the parties.

        None is made for an import, or where the caller wants no tracking.
        """
        context = self.env.context
        if context.get("inform_tasks_later"):  # whoever is creating them does all at once
            return
        tasks = self.activity_search([INFORM_TYPE])
        needed = self.filtered(lambda party: party._must_be_informed())
        over = tasks.filtered(lambda task: task.res_id not in needed._ids)
        finished = over.filtered(lambda task: self.browse(task.res_id).informed_date)
        if finished:
            finished.action_feedback()
        (over - finished).unlink()
        tasks -= over
        for user, parties in needed.grouped(lambda party: party.case_id.user_id).items():
            tasks.filtered(
                lambda task, user=user, ids=parties._ids: (
                    task.res_id in ids and task.user_id != user
                )
            ).with_context(mail_activity_quick_update=True).user_id = user
        if not context.get("import_file") and not context.get("tracking_disable"):
            having = set(tasks.mapped("res_id"))
            needed.filtered(lambda party: party.id not in having)._make_inform_tasks()

    def _make_inform_tasks(self):
        activity_type = self.env.ref(INFORM_TYPE, raise_if_not_found=False)
        if not activity_type or not self:
            return
        model_id = self.env["ir.model"]._get_id(self._name)
        # without a mail to each coordinator: these make themselves
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "automated": True,
                    "date_deadline": party._get_inform_deadline(),
                    "res_model_id": model_id,
                    "res_id": party.id,
                    "summary": activity_type.summary,
                    "user_id": party.case_id.user_id.id,
                }
                for party in self
            ]
        )
