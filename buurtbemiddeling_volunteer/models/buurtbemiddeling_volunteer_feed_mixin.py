import hashlib
import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.feed import make_feed

TOKEN_BYTES = 32
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # what TOKEN_BYTES make
KEPT = timedelta(days=60)  # so long the feed shows what was


class BuurtbemiddelingVolunteerFeedMixin(models.AbstractModel):
    """A secret link with which a volunteer's own calendar shows talks and trainings.

    Of the link only a hash is kept: it is shown once, when it is made. The feed has no name and no
    home address, for it goes to the servers of whoever makes the calendar.
    """

    _name = "buurtbemiddeling.volunteer.feed.mixin"
    _description = "Calendar Feed of a Volunteer"

    # a hash of the secret in the link
    feed_key = fields.Char(
        copy=False, groups="base.group_system", export_string_translation=False, exportable=False
    )
    feed_date = fields.Date(
        copy=False, groups="base.group_system", export_string_translation=False, exportable=False
    )

    _feed_key_uniq = models.UniqueIndex("(feed_key) WHERE feed_key IS NOT NULL")

    def write(self, vals):
        """Another login, or none, ends the link that was made with the one before."""
        changed = self.browse()
        if "user_id" in vals:
            changed = self.filtered(lambda volunteer: volunteer.user_id.id != vals["user_id"])
        if vals.get("active") is False:
            changed = self
        res = super().write(vals)
        # sudo: coordinators do not see the key, and end it by what they do
        if ended := changed.sudo().filtered("feed_key"):
            ended._switch_off_feed()
        return res

    def _get_unmerged_fields(self):
        return super()._get_unmerged_fields() | {"feed_key", "feed_date"}

    # ------------------------------------------------------------
    # THE LINK
    # ------------------------------------------------------------

    @api.model
    def _hash_feed_token(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    def _make_feed_token(self):
        """Return the secret of a new link; the one before no longer works. It is not kept."""
        self.ensure_one()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.write(
            {
                "feed_key": self._hash_feed_token(token),
                "feed_date": fields.Date.context_today(self),
            }
        )
        return token

    def _switch_off_feed(self):
        self.write({"feed_key": False, "feed_date": False})

    @api.model
    def _find_by_feed_token(self, token):
        """Return the volunteer of a link, with all rights, or none: anyone may try a text.

        None as well when the volunteer left or was archived, or the login was taken away.
        """
        if not TOKEN.fullmatch(token):
            return self.browse()
        # sudo: who has the secret gets the feed, which the volunteer made for that
        volunteer = self.sudo().search(
            [
                ("feed_key", "=", self._hash_feed_token(token)),
                ("user_id.active", "=", True),
                ("stage_id.is_left", "=", False),
            ]
        )
        return volunteer.with_context(lang=volunteer.user_id.lang)

    # ------------------------------------------------------------
    # WHAT IS IN IT
    # ------------------------------------------------------------

    def _render_feed(self):
        """Return the calendar (bytes, RFC 5545) of this volunteer."""
        self.ensure_one()
        entries = self._get_feed_talks() + self._get_feed_half_days()
        # sudo: this volunteer has all rights already; the text is no secret
        domain = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        name = self.env._("Neighbour mediation")
        return make_feed(name, domain, sorted(entries, key=lambda entry: entry["start"]))

    def _get_feed_talks(self):
        """Return the talks in the cases of now: when, and where if that is a neutral room."""
        assignments = self.env["buurtbemiddeling.assignment"].with_user(self.user_id)
        mine = assignments._get_mine(("accepted",)).filtered(lambda row: row.volunteer_id == self)
        talks = self.env["buurtbemiddeling.meeting"].search(
            Domain("case_id", "in", mine.case_id.ids)
            & Domain("kind", "!=", "intake")  # the coordinator's own
            & Domain("start", ">=", fields.Datetime.now() - KEPT)
        )
        kinds = dict(talks._fields["kind"]._description_selection(self.env))
        return [
            {
                "uid": f"talk-{talk.id}",
                "start": talk.start,
                "stop": talk.stop,
                "title": f"{talk.case_id.name}: {kinds[talk.kind]}",
                "place": ", ".join(filter(None, [talk.room_id.name, talk.room_id.address])),
                "changed": talk.write_date,
                "is_cancelled": talk.state == "cancelled",
            }
            for talk in talks
        ]

    def _get_feed_half_days(self):
        """Return the half-days of the trainings in which the volunteer has a seat."""
        seats = self.enrolment_ids.filtered(lambda row: row.state in ("enrolled", "attended"))
        half_days = (
            self.env["calendar.event"]
            .with_context(active_test=False)
            .search(
                Domain("training_session_id", "in", seats.session_id.ids)
                & Domain("start", ">=", fields.Datetime.now() - KEPT)
            )
        )
        return [
            {
                "uid": f"training-{event.id}",
                "start": event.start,
                "stop": event.stop,
                "title": event.name,
                "place": event.location or "",
                "changed": event.write_date,
                "is_cancelled": not event.active,
            }
            for event in half_days
        ]
