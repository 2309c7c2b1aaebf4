from datetime import date

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BuurtbemiddelingVolunteerMergeMixin(models.AbstractModel):
    """Two volunteers that turn out to be one person: all that belongs to either one is kept.

    Where there may be only one row, the one with most stays as it is and the other becomes history:
    two couplings to one case, two enrolments in one session, one protocol accepted twice.
    """

    _name = "buurtbemiddeling.volunteer.merge.mixin"
    _description = "Merging of Volunteers"
    _inherit = ["buurtbemiddeling.contact.role.mixin"]

    # ------------------------------------------------------------
    # WHAT MERGING TAKES OVER
    # ------------------------------------------------------------

    def _absorb(self, others):
        volunteers = (self | others)._as_merging()
        live = volunteers.assignment_ids.filtered("is_live")
        for doubles in live.grouped("case_id").values():
            doubles._end_doubles()
        notes = volunteers._settle_enrolments() + volunteers._settle_acceptances()
        res = super()._absorb(others)
        if notes:
            items = Markup("").join(Markup("<li>%s</li>") % note for note in notes)
            self._as_merging().message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (self.env._("Was recorded twice in what was merged:"), items)
            )
        return res

    def _settle_enrolments(self):
        """Leave one enrolment in each session; return what the others said, as texts.

        :raise UserError: there are two certificates of one session, which both stay
        """
        notes = []
        taken = self.enrolment_ids.filtered(lambda row: row.state != "cancelled")
        for session, doubles in taken.grouped("session_id").items():
            by_worth = doubles.sorted(lambda row: row._get_merge_rank())
            for double in by_worth[1:]:
                if double.certificate_number:
                    raise UserError(
                        self.env._(
                            "%(volunteer)s has two certificates of %(session)s, %(first)s and"
                            " %(second)s, so these volunteers are not merged.",
                            volunteer=double.volunteer_id.name,
                            session=session.display_name,
                            first=by_worth[0].certificate_number,
                            second=double.certificate_number,
                        )
                    )
                notes.append(double._describe_for_merge())
            if by_worth[1:]:
                by_worth[1:].write({"state": "cancelled", "attended_hours": 0, "result": "none"})
        return notes

    def _settle_acceptances(self):
        """Leave the first acceptance of each protocol; return the others as texts."""
        notes = []
        for protocol, doubles in self.acceptance_ids.grouped("protocol_id").items():
            for double in doubles.sorted("date")[1:]:
                modes = dict(double._fields["mode"]._description_selection(self.env))
                notes.append(
                    self.env._(
                        "%(protocol)s: accepted on %(date)s, %(mode)s, noted by %(colleague)s",
                        protocol=protocol.display_name,
                        date=format_date(self.env, double.date),
                        mode=modes[double.mode],
                        colleague=double.user_id.name or "",
                    )
                )
                double.unlink()
        return notes

    def _merge_values(self, others):
        """Who is at work under one of the names is at work, since the first of the first days."""
        values, different = super()._merge_values(others)
        volunteers = (self, *others)
        stage = min(
            (volunteer.stage_id for volunteer in volunteers),
            key=lambda stage: (not stage.is_active, stage.is_left),
        )
        first_days = [volunteer.date_start or date.max for volunteer in volunteers]
        last_days = [volunteer.date_end or date.min for volunteer in volunteers]
        if stage != self.stage_id:
            values["stage_id"] = stage.id
        values["date_start"] = min(first_days) if min(first_days) < date.max else False
        values["date_end"] = (
            max(last_days) if stage.is_left and max(last_days) > date.min else False
        )
        for name in ("stage_id", "date_start", "date_end"):
            field = self._fields[name]
            different += [
                (one, field, one._describe(field))
                for one in volunteers
                if one[name]
                and field.convert_to_write(one[name], one) != (values.get(name, stage.id))
            ]
        return values, different

    def _get_unmerged_fields(self):
        return super()._get_unmerged_fields() | {"stage_id", "date_start", "date_end"}
