from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .buurtbemiddeling_case_merge_mixin import _are_mirrored

# What is not copied to a new request, but is to a case that was always there
CLOCK_FIELDS = (
    "registration_date",
    "stage_id",
    "stage_date",
    "intake_decision",
    "intake_date",
    "intake_norm_days",
    "last_contact_date",
)


class BuurtbemiddelingCaseSplitMixin(models.AbstractModel):
    """Two quarrels that came in as one request become two cases, each with its own parties.

    Splitting does not reset the clock: the new case was registered on the same day, is in the same
    phase since the same day and had the same pauses.
    """

    _name = "buurtbemiddeling.case.split.mixin"
    _description = "Splitting of Cases"

    def action_split(self):
        """Open the wizard that moves some of the parties to a new case.

        :raise UserError: when the case can not be split
        """
        self._check_splittable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split case"),
            "res_model": "buurtbemiddeling.case.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def _check_splittable(self):
        """Refuse a closed case, a fact in the figures, and one with nobody to move.

        :raise UserError: says what to do
        """
        self.ensure_one()
        self.check_access("write")
        if self.is_closed:
            raise UserError(
                self.env._(
                    "Case %s is closed and counts in the figures as it ended, so it can not be"
                    " split. Open it again first by choosing another phase.",
                    self.name,
                )
            )
        if len(self.party_ids) < 2:
            raise UserError(
                self.env._(
                    "Case %s has fewer than two parties, so there is nothing to split. Add the"
                    " parties first, or register a new case.",
                    self.name,
                )
            )

    def _split(self, moving, both, sides, meetings, agreements):
        """Make a new case of a part of this one.

        :param moving: parties that go to the new case, with all of their threads
        :param both: parties that are in both quarrels; they stay here with their threads, and the
            new case gets a new row of the same resident
        :param sides: ``{party: "a" or "b"}``, sides in the new case; who is not named keeps a side
        :param meetings: talks that go
        :param agreements: agreements that go
        :return: the new case
        :raise UserError: when nobody moves or nobody stays
        """
        self._check_splittable()
        if not moving or not self.party_ids - moving:
            raise UserError(
                self.env._(
                    "Choose who goes to the new case: at least one party goes and at least one"
                    " stays."
                )
            )
        talks, reporter = self.meeting_ids, self._get_first_party("a")
        mirrored = _are_mirrored(moving | both, sides)
        rows_about = moving._get_rows_about()
        new = self.create(self._prepare_split_values())
        for side, parties in moving.grouped(lambda party: sides.get(party, party.side)).items():
            parties.write({"case_id": new.id, "side": side})
        copies = both.create(
            [
                {**vals, "case_id": new.id, "side": sides.get(party, party.side)}
                for party, vals in zip(both, both.copy_data(), strict=True)
            ]
        )
        for rows in rows_about:
            rows.write({"case_id": new.id})
            if "activity_id" in rows:
                rows.activity_id.res_id = new.id
        agreements.write({"case_id": new.id})
        self._copy_clock(new)
        same = dict(zip(both, copies, strict=True))
        self._move_talks(new, meetings, same)
        if mirrored:
            new._mirror()
        self._follow_invited(talks)
        talks._tell_left_out()
        if new._get_first_party("a") != same.get(reporter, reporter):
            # seen from the home of the first reporter, who is another one now
            new.party_ids.home_relation = False
        for case, text in (
            (self, self.env._("A part of this case goes on as case %s.", new.name)),
            (new, self.env._("Split off from case %s.", self.name)),
        ):
            case.message_post(body=Markup("<p>%s</p>") % text)
        return new

    def _move_talks(self, new, talks, same):
        """Move ``talks`` with their invitations; nobody is told of that.

        :param same: ``{party: party of the new case}`` of who is in both cases
        """
        talks = talks.with_env(self._as_merging().env)
        talks.write({"case_id": new.id})
        for talk in talks:
            talk.invited_party_ids = [
                command
                for party in talk.invited_party_ids
                if party in same
                for command in (Command.unlink(party.id), Command.link(same[party].id))
            ]

    def _prepare_split_values(self):
        """Return the values of the new case: the facts of the registration and its clock."""
        clock = {
            name: self._fields[name].convert_to_write(self[name], self) for name in CLOCK_FIELDS
        }
        return self.copy_data(clock)[0]

    def _copy_clock(self, new):
        """Copy to ``new`` the rows that its clock needs."""
        self.pause_ids.create([{**vals, "case_id": new.id} for vals in self.pause_ids.copy_data()])
