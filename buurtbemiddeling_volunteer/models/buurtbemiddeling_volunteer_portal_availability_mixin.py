from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Command

from odoo.addons.buurtbemiddeling_case.turns import wait_for_turn

NOTE_LIMITS = {"note": 200}  # characters
MOST_CASES = 20  # a higher number is a typing mistake
FURTHEST = relativedelta(years=2)  # nobody knows further ahead


class BuurtbemiddelingVolunteerPortalAvailabilityMixin(models.AbstractModel):
    """When a volunteer can, as the volunteer says it on the portal."""

    _name = "buurtbemiddeling.volunteer.portal.availability.mixin"
    _description = "Availability of a Volunteer on the Portal"

    # ------------------------------------------------------------
    # THE WEEK
    # ------------------------------------------------------------

    def _get_portal_availability_values(self):
        """Return what the page shows: what can be chosen, what is known now, and absences."""
        self.ensure_one()
        dayparts = self.env["buurtbemiddeling.daypart"].search([])
        return {
            "dayparts": [(part.code, part.name) for part in dayparts],
            "most_cases": MOST_CASES,
            "answers": {
                "dayparts": self.daypart_ids.mapped("code"),
                "max_cases": str(self.max_cases),
                "pause_until": fields.Date.to_string(self.pause_until) or "",
            },
            "absences": [
                {"id": row.id, "days": row._get_days(), "note": row.note or ""}
                for row in self._get_coming_absences().sorted("date_from")
            ],
        }

    def _save_portal_availability(self, answers):
        """Keep what the volunteer typed, or nothing at all when something is wrong.

        :param answers: ``{name: text}``, with ``dayparts`` a list of codes
        :return: ``{name of the field: sentence}``
        """
        self.ensure_one()
        errors, today = {}, fields.Date.context_today(self)
        cases, until = (answers.get("max_cases") or "").strip(), None
        if not (
            cases.isascii() and cases.isdigit() and len(cases) < 5 and int(cases) <= MOST_CASES
        ):
            errors["max_cases"] = self.env._("Fill in a number from 0 to %s.", MOST_CASES)
        if answers.get("pause_until"):
            until = read_day(answers["pause_until"])
            errors.update(self._check_day("pause_until", until, today))
        if errors:
            return errors
        dayparts = self.env["buurtbemiddeling.daypart"].search([])
        chosen = dayparts.filtered(lambda part: part.code in answers["dayparts"])
        self.write(
            {
                "daypart_ids": [Command.set(chosen.ids)],
                "max_cases": int(cases),
                "pause_until": until,
            }
        )
        return {}

    def _check_day(self, name, day, earliest):
        """Return what is wrong with a day that was typed: ``{name: sentence}`` or nothing."""
        latest = fields.Date.context_today(self) + FURTHEST
        if not day:
            return {name: self.env._("This is not a date. Choose a day.")}
        if day < earliest:
            return {name: self.env._("This day is too early. Choose a later day.")}
        if day > latest:
            return {name: self.env._("This day is too far away. Choose an earlier day.")}
        return {}

    # ------------------------------------------------------------
    # ABSENCES
    # ------------------------------------------------------------

    def _get_coming_absences(self):
        """Return the absences of these volunteers that are not over; what is past is history."""
        today = fields.Date.context_today(self)
        return self.absence_ids.filtered(lambda row: not row.date_to or row.date_to >= today)

    def _get_begun_absences(self):
        """Return the absences of which the first day has passed: that day stays as it is."""
        today = fields.Date.context_today(self)
        return self.absence_ids.filtered(lambda row: row.date_from < today)

    def _find_my_absence(self, absence_id):
        """Return the absence of one of these volunteers with this id that is not over, or none."""
        return self._get_coming_absences().filtered(lambda row: row.id == absence_id)

    def _save_portal_absence(self, answers, absence=None):
        """Add an absence or change one; adding the same one twice adds it once.

        The first day of an absence that has begun stays as it is.

        :param answers: ``{name: text}``: ``date_from``, ``date_to`` (may be empty), ``note``
        :param absence: one of this volunteer that is not over
        :return: ``{name of the field: sentence}``
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        texts, errors = self.env["buurtbemiddeling.door.mixin"]._read_texts(answers, NOTE_LIMITS)
        if absence and absence in self._get_begun_absences():
            first = absence.date_from
        else:
            first = read_day(answers.get("date_from"))
            errors.update(self._check_day("date_from", first, today))
        last = None
        if answers.get("date_to"):
            last = read_day(answers["date_to"])
            errors.update(self._check_day("date_to", last, first or today))
        if errors:
            return errors
        values = {"date_from": first, "date_to": last, "note": texts["note"] or False}
        if absence:
            absence.write(values)
            return {}
        wait_for_turn(self)
        same = self.absence_ids.filtered(
            lambda row: (
                (row.date_from, row.date_to or None, row.note or False) == tuple(values.values())
            )
        )
        if not same:
            self.absence_ids.create({**values, "volunteer_id": self.id})
        return {}

    def _remove_portal_absence(self, absence):
        """Take away an absence that did not begin; of one that has begun, today is no part."""
        today = fields.Date.context_today(self)
        if absence.date_from >= today:
            absence.unlink()
        else:
            absence.date_to = today - relativedelta(days=1)


def read_day(text):
    """Return the date that a text of anyone holds, or ``None``.

    >>> read_day("2027-03-08")
    datetime.date(2027, 3, 8)
    >>> [read_day(text) for text in ("8-3-2027", "2027-02-30", "20270308", "", None, "२०२७-03-08")]
    [None, None, None, None, None, None]
    """
    if not isinstance(text, str) or not text.isascii() or len(text.strip()) != 10:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
