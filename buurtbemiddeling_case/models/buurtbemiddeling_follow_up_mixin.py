from odoo import api, fields, models


class BuurtbemiddelingFollowUpMixin(models.AbstractModel):
    """A record under a case to which someone comes back on a chosen day.

    The to-do is on the case, so that it shows on the board. It is moved and given to another
    together with what the record says, done when the record is settled, and gone when nobody has
    to come back any more. A to-do that was done by hand stays done.
    """

    _name = "buurtbemiddeling.follow.up.mixin"
    _description = "Follow-up on a Case"

    activity_id = fields.Many2one(
        "mail.activity",
        "To-do",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False, exportable=False,
    )

    def _prepare_follow_up_values(self):
        """Return the values of the to-do (type, user, deadline), ``{}`` when there is none."""
        raise NotImplementedError

    def _is_settled(self):
        """Return whether the to-do is done, rather than no longer needed."""
        return False

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._schedule_follow_up()
        return records

    def write(self, vals):
        before = {record: record._prepare_follow_up_values() for record in self}
        res = super().write(vals)
        self.filtered(
            lambda record: record._prepare_follow_up_values() != before[record]
        )._schedule_follow_up()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_follow_up(self):
        self.activity_id.filtered("active").unlink()

    def _schedule_follow_up(self):
        """Make, move or take away the to-dos so that they follow the records."""
        todos = self.activity_id
        missing, done, needless = self.browse(), todos.browse(), todos.browse()
        for record in self:
            values = record._prepare_follow_up_values()
            todo = record.activity_id.filtered("active")
            if not values and todo:
                if record._is_settled():
                    done |= todo
                else:
                    needless |= todo
            elif todo:
                todo.write(values)
            elif values:
                missing |= record
        done._action_done()
        needless.unlink()
        model_id = self.env["ir.model"]._get_id("buurtbemiddeling.case")
        new = todos.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": record.case_id.id,
                    "automated": True,
                    **record._prepare_follow_up_values(),
                }
                for record in missing
            ]
        )
        for record, todo in zip(missing, new, strict=True):
            record.activity_id = todo
