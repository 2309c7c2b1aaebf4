from odoo import api, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    @api.model
    def _get_buurtbemiddeling_losses(self, module_names):
        losses = super()._get_buurtbemiddeling_losses(module_names)
        if "buurtbemiddeling_report" not in module_names:
            return losses
        return [
            *losses,
            (
                self.env._("Frozen benchmarks, which can not be computed again"),
                self._count_lost("buurtbemiddeling.benchmark", [("state", "=", "frozen")]),
            ),
            (
                self.env._("Annual and progress reports"),
                self._count_lost("buurtbemiddeling.year.report"),
            ),
            (self.env._("Targets"), self._count_lost("buurtbemiddeling.target")),
            (self.env._("Year plans"), self._count_lost("buurtbemiddeling.plan")),
        ]
