from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_meeting import PLACE_OF_KIND

from ..tools.answers import read_clock, read_day

# the intake is the coordinator's, alone; all else the mediators hold, and see
NOT_OF_MEDIATORS = ("intake",)
# what mediators plan by themselves
PLANNED_KINDS = ("talk_a", "approach_b", "talk_b", "mediation", "aftercare")
HOMES = ("home_a", "home_b")  # places of a talk: at the home of the one or the other party
DURATIONS = (30, 60, 90, 120, 150, 180, 240)  # minutes to choose from
TALK_LIMITS = {"location": 100}  # characters
DAYS_AHEAD = 366  # further away the year is a slip of the pen


class BuurtbemiddelingAssignmentPortalTalkMixin(models.AbstractModel):
    """Talks on the portal: a mediator plans them, moves them, and notes how they ended."""

    _name = "buurtbemiddeling.assignment.portal.talk.mixin"
    _description = "Talks on the Portal"
    _inherit = ["buurtbemiddeling.assignment.portal.mixin"]

    def _get_portal_case_values(self):
        talks = self._get_portal_talk_values(self._get_portal_talks().sorted("start"))
        coming = [talk for talk in talks if talk["state"] == "planned" and not talk["has_come"]]
        return {
            **super()._get_portal_case_values(),
            "talks": talks,
            "next_talk": coming[0] if coming else None,
            "talk_kinds": self._get_portal_talk_kinds(),
        }

    def _get_portal_talks(self):
        """Return the talks of the case that its mediators hold."""
        return self.case_id.meeting_ids.filtered(lambda talk: talk.kind not in NOT_OF_MEDIATORS)

    def _find_portal_talk(self, talk_id):
        """Return the talk with this id, or none when the case has no such talk for mediators."""
        return self._get_portal_talks().filtered(lambda talk: talk.id == talk_id)

    def _get_portal_party_name(self, party):
        """Return how a page names a neighbour: the side, and the name or address."""
        sides = dict(party._fields["side"]._description_selection(self.env))
        return ": ".join(filter(None, [sides[party.side], party.name]))

    def _get_portal_talk_values(self, talks):
        """Return what a page shows of talks: plain values, in the language of the user."""
        labels = {
            name: dict(talks._fields[name]._description_selection(self.env))
            for name in ("kind", "state", "outcome")
        }
        warnings = self._get_portal_talk_warnings(talks)
        reports = self.case_id.visit_report_ids  # one of the two mediators writes
        rows = []
        for talk in talks:
            day, clock = talk._format_start(self.env.lang or "en_US")
            reported = reports.filtered(lambda row, talk=talk: row.meeting_id == talk).party_id
            has_come = talk._has_come()
            rows.append(
                {
                    "id": talk.id,
                    "kind": labels["kind"][talk.kind],
                    "day": day,
                    "time": clock,
                    "where": talk.where,
                    "address": talk.address,
                    "state": talk.state,
                    "state_name": labels["state"][talk.state],
                    "outcome": labels["outcome"].get(talk.outcome),
                    "invited": [
                        self._get_portal_party_name(party) for party in talk.invited_party_ids
                    ],
                    "has_come": has_come,
                    "can_invite": talk.can_invite,
                    "to_report": talk.state != "cancelled"
                    and has_come
                    and bool(talk.party_ids - reported),
                    "warning": warnings.get(talk),
                }
            )
        return rows

    def _get_portal_talk_warnings(self, talks):
        """Return who can not come, and not why: what else someone does is not for others.

        :return: ``{talk: sentence}`` of the talks to come
        """
        coming = talks._get_coming()
        elsewhere = coming._get_elsewhere(coming.volunteer_ids)
        found = {}
        for talk, busy in coming._get_busy_holders().items():
            away = self.env["buurtbemiddeling.volunteer"].union(*elsewhere[talk].values())
            busy |= away.partner_id & talk._get_attendee_partners()
            if busy:
                found[talk] = self.env._(
                    "Has another appointment at this time: %s.", ", ".join(busy.mapped("name"))
                )
        return found

    # ------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------

    def _get_portal_talk_kinds(self):
        kinds = dict(self.case_id.meeting_ids._fields["kind"]._description_selection(self.env))
        return [(kind, kinds[kind]) for kind in PLANNED_KINDS]

    def _get_portal_talk_form(self, talk=None):
        """Return the choices of the forms of a talk, and what is in them before anything is typed.

        :param talk: the talk to change; none for a new one
        """
        meetings = self.case_id.meeting_ids
        minutes = {*DURATIONS, *([round(talk.duration * 60)] if talk else [])}

        def options(name):
            return meetings._fields[name]._description_selection(self.env)

        form = {
            "kinds": self._get_portal_talk_kinds(),
            "durations": [
                (str(count), self.env._("%s hours", f"{count // 60}:{count % 60:02}"))
                for count in sorted(minutes)
            ],
            "places": self._get_portal_places(talk),
            "move_reasons": options("move_reason"),
            "cancel_reasons": options("cancel_reason"),
            "outcomes": options("outcome"),
            "limits": TALK_LIMITS,
            "answers": {"duration": "90"},
        }
        if talk:
            start = talk._get_local_start()
            form["answers"] = {
                "day": start.date().isoformat(),
                "time": start.strftime("%H:%M"),
                "duration": str(round(talk.duration * 60)),
                "place": f"room_{talk.room_id.id}" if talk.room_id else talk.place,
                "location": talk.location if talk.place == "elsewhere" else None,
                "outcome": talk.outcome,
            }
        return form

    @api.model
    def _get_portal_talk_defaults(self, kind):
        """Return what is filled in when one plans a talk of ``kind``: where it mostly is."""
        return {"kind": kind, "place": PLACE_OF_KIND.get(kind)}

    def _get_portal_places(self, talk=None):
        """Return where a talk may be: ``[(code, text)]``; a room has the code ``room_<id>``."""
        places = dict(self.case_id.meeting_ids._fields["place"]._description_selection(self.env))
        del places["room"]
        rooms = self.env["buurtbemiddeling.room"].search([("company_id", "=", self.company_id.id)])
        if talk:
            rooms |= talk.room_id
        options = {
            f"room_{room.id}": ", ".join(filter(None, [room.name, room.address])) for room in rooms
        }
        homes = {code: places.pop(code) for code in HOMES}
        return [*homes.items(), *options.items(), *places.items()]

    def _read_portal_talk(self, answers, talk=None):
        """Return what was typed as values of a talk, and what is wrong with it.

        :param answers: ``{name: text}`` of anyone
        :param talk: the talk that gets another time or place; none for a new one
        :return: ``(values, {name of the question: sentence})``
        """
        form = self._get_portal_talk_form(talk)
        texts, errors = self.env["buurtbemiddeling.door.key"]._read_texts(answers, TALK_LIMITS)
        values = {}
        if talk:
            values["move_reason"] = answers.get("move_reason")
            if values["move_reason"] not in dict(form["move_reasons"]):
                errors["move_reason"] = self.env._("Choose why the talk moves.")
        else:
            values["kind"] = answers.get("kind")
            if values["kind"] not in dict(form["kinds"]):
                errors["kind"] = self.env._("Choose what kind of talk it is.")
        values["start"] = self._read_portal_start(answers, errors)
        if answers.get("duration") in dict(form["durations"]):
            values["duration"] = int(answers["duration"]) / 60
        else:
            errors["duration"] = self.env._("Choose how long it takes.")
        place = answers.get("place")
        kind = talk.kind if talk else values["kind"]
        if place not in dict(form["places"]):
            errors["place"] = self.env._("Choose where the talk is.")
        elif kind == "mediation" and place in HOMES:
            errors["place"] = self.env._(
                "Neighbours talk together on neutral ground. Choose another place."
            )
        elif place.startswith("room_"):
            values |= {"place": "room", "room_id": int(place.removeprefix("room_"))}
        elif place == "elsewhere":
            values |= {"place": place, "location": texts["location"]}
            if not texts["location"]:
                errors["location"] = self.env._("Fill in where it is.")
        else:
            values["place"] = place
        return values, errors

    def _read_portal_start(self, answers, errors):
        """Return the start (naive datetime, UTC) that was typed as day and time.

        They are those of the clock on the wall where the people are, also when it is changed for
        summer. What is wrong is put in ``errors``.
        """
        tz = self.case_id.meeting_ids.new({"case_id": self.case_id.id})._get_tz()
        today = fields.Date.context_today(self.with_context(tz=tz))
        day, clock = read_day(answers.get("day")), read_clock(answers.get("time"))
        if not day:
            errors["day"] = self.env._("Fill in the day.")
        elif day < self.case_id.registration_date:
            errors["day"] = self.env._("The case did not exist on that day. Is the year right?")
        elif day > today + timedelta(days=DAYS_AHEAD):
            errors["day"] = self.env._("That is more than a year ahead. Is the year right?")
        if not clock:
            errors["time"] = self.env._("Fill in the time, such as 19:30.")
        if "day" in errors or "time" in errors:
            return None
        try:
            start = pytz.timezone(tz).localize(datetime.combine(day, clock), is_dst=None)
        except pytz.InvalidTimeError:
            errors["time"] = self.env._("The clock is changed at that hour. Choose another time.")
            return None
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    # ------------------------------------------------------------
    # WHAT A MEDIATOR DOES
    # ------------------------------------------------------------

    def _plan_portal_talk(self, values, is_inviting):
        """Plan a talk and, if wanted, invite the residents and tell who else holds it.

        :raise UserError: when the room is taken, or nobody can be invited to it
        """
        talk = self.env["buurtbemiddeling.meeting"].create({"case_id": self.case_id.id, **values})
        if is_inviting:
            talk.action_invite()
        return talk

    @api.model
    def _check_portal_talk_planned(self, talk):
        """Refuse to change what a colleague noted as held or cancelled in the meantime.

        :raise UserError: says what to do
        """
        if talk.state != "planned":
            raise UserError(
                self.env._("This talk was held or cancelled in the meantime. Plan a new one.")
            )

    def _move_portal_talk(self, talk, values):
        """Give a talk another time or place; who was invited is told.

        :raise UserError: when it is not planned any more, or can not be then and there
        """
        self._check_portal_talk_planned(talk)
        talk.write(values)

    def _cancel_portal_talk(self, talk, reason):
        """Cancel a talk; who was invited is told.

        :raise UserError: when it is not planned any more
        """
        self._check_portal_talk_planned(talk)
        talk.cancel_reason = reason

    def _hold_portal_talk(self, talk, outcome):
        """Note that a talk was held and how it ended, or correct that.

        :raise UserError: when it was cancelled or is still to come
        """
        if talk.state == "cancelled":
            self._check_portal_talk_planned(talk)
        talk.outcome = outcome
