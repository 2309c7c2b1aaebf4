from odoo import models


class BuurtbemiddelingScreenMixin(models.AbstractModel):
    """What is asked of a person at a screen, and not of an import or of code.

    Forms, dragging on the board and editing in a list all save through the methods below; imports
    and code do not.
    """

    _name = "buurtbemiddeling.screen.mixin"
    _description = "Checks of the Screen"

    def _check_screen(self, vals):
        """Look at ``vals`` that a person saves on these records, an empty recordset for a new one.

        :raise UserError: or another exception with a sentence for the person
        """

    def web_save(self, vals, specification, next_id=None):
        self._check_screen(vals)
        return super().web_save(vals, specification, next_id)

    def web_save_multi(self, vals_list, specification):
        for record, vals in zip(self, vals_list, strict=True):
            record._check_screen(vals)
        return super().web_save_multi(vals_list, specification)
