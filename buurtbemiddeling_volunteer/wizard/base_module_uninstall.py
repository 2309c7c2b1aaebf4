from odoo import api, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    @api.model
    def _get_buurtbemiddeling_losses(self, module_names):
        losses = super()._get_buurtbemiddeling_losses(module_names)
        if "buurtbemiddeling_volunteer" not in module_names:
            return losses
        return [
            *losses,
            (
                self.env._("Volunteers (their contacts stay)"),
                self._count_lost("buurtbemiddeling.volunteer"),
            ),
            (
                self.env._("Who mediated in which case"),
                self._count_lost("buurtbemiddeling.assignment"),
            ),
            (
                self.env._("Participants of trainings, with their certificates"),
                self._count_lost("buurtbemiddeling.training.enrolment"),
            ),
            (self.env._("Expenses"), self._count_lost("buurtbemiddeling.expense")),
        ]
