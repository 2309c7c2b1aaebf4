from odoo import models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Files on the page of a steering group meeting are for coordinators.

        The steering group reads a meeting, and prints agenda and minutes from what it may read.
        """
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        name = "buurtbemiddeling.steering.meeting"
        if not self.env.su and not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            for res_id in model_and_ids.get(name) or ():
                yield name, res_id
