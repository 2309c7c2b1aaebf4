from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .buurtbemiddeling_steering_member import ROLES


class BuurtbemiddelingSteeringAttendance(models.Model):
    """Who is asked to a meeting of the steering group, and who came.

    Role and organisation are kept as they were: old minutes do not change with a new job.
    """

    _name = "buurtbemiddeling.steering.attendance"
    _description = "Attendance at a Steering Group Meeting"
    _inherit = ["buurtbemiddeling.steering.part.mixin"]
    _order = "meeting_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        "Name",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("is_company", "=", False), ("is_confidential", "=", False)],
    )
    role = fields.Selection(ROLES, help="Empty: a guest at this meeting.")
    organisation = fields.Char(
        compute="_compute_organisation", store=True, readonly=False, precompute=True
    )
    state = fields.Selection(
        [
            ("invited", "Not noted yet"),
            ("present", "Present"),
            ("excused", "Excused"),
            ("absent", "Absent"),
            ("replaced", "Replaced"),
        ],
        "Attendance",
        required=True,
        default="invited",
    )
    replaced_by = fields.Char(help="Who came instead.")

    _replacement_named = models.Constraint(
        "CHECK(state != 'replaced' OR replaced_by IS NOT NULL)",
        "Fill in who came instead, in “Replaced by”.",
    )

    @api.depends("partner_id")
    def _compute_organisation(self):
        for row in self:
            row.organisation = row.partner_id.parent_id.name or row.partner_id.company_name

    def _get_text(self):
        """Return who it is as the minutes say it: Ans Kok for Wim de Boer (Politie)."""
        self.ensure_one()
        text = self.partner_id.name
        if self.organisation:
            text = f"{text} ({self.organisation})"
        if self.state == "replaced":
            return self.env._("%(name)s for %(member)s", name=self.replaced_by, member=text)
        if self.state == "absent":
            return self.env._("%s, without notice", text)
        return text

    @api.constrains("partner_id")
    def _check_no_resident(self):
        self.partner_id._check_not_confidential()

    @api.constrains("partner_id", "meeting_id")
    def _check_once(self):
        """Someone is on a list once. Not a unique index: merging contacts would lose a row.

        :raise ValidationError: names who is there twice
        """
        for meeting in self.meeting_id:
            counts = Counter(row.partner_id for row in meeting.attendance_ids)
            twice = [person.name for person, count in counts.items() if count > 1]
            if twice:
                raise ValidationError(
                    self.env._(
                        "%s is on the list of this meeting already. Remove one of the two.",
                        ", ".join(twice),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.meeting_id._sync_calendar()
        return rows

    def write(self, vals):
        res = super().write(vals)
        if "partner_id" in vals:
            self.meeting_id._sync_calendar()
        return res

    def unlink(self):
        meetings = self.meeting_id
        res = super().unlink()
        meetings.exists()._sync_calendar()
        return res
