from odoo import api, fields, models
from odoo.exceptions import UserError


class BaseModuleUninstall(models.TransientModel):
    """Whoever removes buurtbemiddeling is told what is lost for good, and says so to be sure."""

    _inherit = "base.module.uninstall"

    buurtbemiddeling_losses = fields.Text(
        "Lost for good", compute="_compute_buurtbemiddeling_losses"
    )
    buurtbemiddeling_is_sure = fields.Boolean("I have a backup, and this may be deleted for good")

    @api.depends("module_ids")
    def _compute_buurtbemiddeling_losses(self):
        for wizard in self:
            names = set(wizard._get_modules().mapped("name"))
            losses = self._get_buurtbemiddeling_losses(names)
            wizard.buurtbemiddeling_losses = "\n".join(
                self.env._("%(label)s: %(count)s", label=label, count=count)
                for label, count in losses
                if count
            )

    @api.model
    def _get_buurtbemiddeling_losses(self, module_names):
        """Return ``[(label, count)]`` of what goes with modules.

        Each module of ours tells its own; what comes with its installation does not count.

        :param module_names: of all modules that would be removed
        """
        if "buurtbemiddeling_case" not in module_names:
            return []
        return [
            (self.env._("Cases"), self._count_lost("buurtbemiddeling.case")),
            (
                self.env._("Contacts of residents"),
                self._count_lost("res.partner", [("is_confidential", "=", True)]),
            ),
            (
                self.env._("Referral partners (their contacts stay)"),
                self._count_lost("buurtbemiddeling.referral.partner"),
            ),
            (
                self.env._("Requests from the website that wait"),
                self._count_lost("buurtbemiddeling.web.request"),
            ),
            (
                self.env._("Talks, with their appointments in the calendar"),
                self._count_lost("buurtbemiddeling.meeting"),
            ),
        ]

    @api.model
    def _count_lost(self, model_name, domain=()):
        # sudo: who removes modules may not read what is in them, and is told a number
        return self.env[model_name].sudo().with_context(active_test=False).search_count(domain)

    def action_uninstall(self):
        """Nothing is lost by one click.

        :raise UserError: when it was not said that it may be deleted
        """
        for wizard in self:
            if wizard.buurtbemiddeling_losses and not wizard.buurtbemiddeling_is_sure:
                raise UserError(
                    self.env._(
                        "Nothing is uninstalled yet. This would be deleted for good:\n\n%s\n\n"
                        "Make a backup first. Then tick the box that says so.",
                        wizard.buurtbemiddeling_losses,
                    )
                )
        return super().action_uninstall()
