from datetime import date

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

# what goes with the phase that someone is in
OF_STAGE = ("is_held", "leave_reason_id", "pause_until")


class BuurtbemiddelingVolunteerMergeMixin(models.AbstractModel):
    """Two volunteers that turn out to be one person: all that belongs to either one is kept.

    Where there may be only one row, the one with most stays as it is and the other becomes history:
    two couplings to one case, two enrolments in one session, one protocol accepted twice, one fixed
    amount claimed twice.
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
        # numbers of the old system: two volunteers never have the same, and the kept one goes on
        reference = self.external_ref or others.filtered("external_ref")[:1].external_ref
        others.external_ref = False
        notes = volunteers._settle_enrolments() + volunteers._settle_acceptances()
        volunteers._settle_fixed_expenses()
        res = super()._absorb(others)
        self.external_ref = reference
        if notes:
            items = Markup("").join(Markup("<li>%s</li>") % note for note in notes)
            self._as_merging().message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (self.env._("Was recorded twice in what was merged:"), items)
            )
        return res

    def _settle_enrolments(self):
        """Leave one enrolment in each session; return what each of them said, as texts.

        :raise UserError: there are two certificates of one session, which both stay
        """
        notes = []
        taken = self.enrolment_ids.filtered(lambda row: row.state not in ("cancelled", "declined"))
        for session, doubles in taken.grouped("session_id").items():
            if len(doubles) == 1:
                continue
            best, *others = doubles.sorted(lambda row: row._get_merge_rank())
            certified = [double for double in others if double.certificate_number]
            if certified:
                raise UserError(
                    self.env._(
                        "%(volunteer)s has two certificates of %(session)s, %(first)s and"
                        " %(second)s, so these volunteers are not merged.",
                        volunteer=certified[0].volunteer_id.name,
                        session=session.display_name,
                        first=best.certificate_number,
                        second=certified[0].certificate_number,
                    )
                )
            notes += [double._describe_for_merge() for double in doubles]
            best._take_over(doubles - best)
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

    def _settle_fixed_expenses(self):
        """Leave one fixed amount for each case; what is not decided on yet is refused."""
        states = ("exported", "approved", "submitted", "draft")
        fixed = self.expense_ids.filtered(lambda row: row.kind == "fixed" and row.state in states)
        for doubles in fixed.grouped("case_id").values():
            surplus = doubles.sorted(lambda row: (states.index(row.state), row.id))[1:]
            surplus.filtered(lambda row: row.state in states[2:]).write(
                {
                    "state": "refused",
                    "refusal_reason": self.env._(
                        "This volunteer has the fixed amount for this case already."
                    ),
                }
            )

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
        values["date_start"] = min(first_days) if min(first_days) < date.max else False
        values["date_end"] = (
            max(last_days) if stage.is_left and max(last_days) > date.min else False
        )
        for name in OF_STAGE:
            known = [one[name] for one in volunteers if one[name] and one.stage_id == stage]
            values[name] = self._fields[name].convert_to_write(known[0], self) if known else False
        if stage != self.stage_id:
            values["stage_id"] = stage.id
        for name in ("stage_id", "date_start", "date_end", *OF_STAGE):
            field = self._fields[name]
            different += [
                (one, field, one._describe(field))
                for one in volunteers
                if one[name]
                and field.convert_to_write(one[name], one) != values.get(name, stage.id)
            ]
        return values, different

    def _get_unmerged_fields(self):
        names = {"stage_id", "date_start", "date_end", *OF_STAGE}
        return super()._get_unmerged_fields() | names
