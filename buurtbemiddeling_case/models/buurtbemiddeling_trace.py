from odoo import api, fields, models

TRACE_ACTIONS = [
    ("open", "Opened"),
    ("list", "Seen in a list"),
    ("print", "Printed"),
    ("export", "Exported"),
]


class BuurtbemiddelingTrace(models.Model):
    """Who opened, printed or exported a case or a list, and when. Holds no content.

    A row is about records of one model at one moment. Nobody changes or removes a row; it goes
    after its own term.
    """

    _name = "buurtbemiddeling.trace"
    _description = "Trace of Use"
    _order = "create_date desc, id desc"

    company_id = fields.Many2one("res.company", index=True)
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict")
    action = fields.Selection(TRACE_ACTIONS, required=True)
    model = fields.Char(required=True)
    res_ids = fields.Json("Records")
    record_count = fields.Integer("Number of records")
    reason = fields.Char()

    @api.model
    def _add(self, action, records, reason=False):
        """Keep that the user did something with records; one query.

        :param action: a code of ``TRACE_ACTIONS``
        :param records: records of one model, of any organisation
        :param reason: what the user said why, for an export
        """
        # sudo: nobody writes rows by hand; what is kept is who acts now, and nothing else
        return self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "action": action,
                "model": records._name,
                "res_ids": records.ids,
                "record_count": len(records),
                "reason": reason,
            }
        )
