from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, format_time

#: Models of what takes place in a room; they have room_id, state, start and stop.
BOOKING_MODELS = (
    "buurtbemiddeling.meeting",
    "buurtbemiddeling.network.activity",
    "buurtbemiddeling.steering.meeting",
)


class BuurtbemiddelingRoom(models.Model):
    """A neutral place for talks: a community centre, the town hall, a library.

    Neighbours meet on ground that is nobody's own. A room holds one talk at a time, or one of what
    other modules book it for (``_get_bookings``).
    """

    _name = "buurtbemiddeling.room"
    _description = "Room for Talks"
    _order = "name, id"
    _rec_names_search = ["name", "street", "city"]

    name = fields.Char(required=True, help="As residents know it; it goes into their invitation.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    street = fields.Char("Street and number")
    zip = fields.Char("Postcode")
    city = fields.Char("Town")
    address = fields.Char(compute="_compute_address")
    capacity = fields.Integer(
        "Seats",
        aggregator=None,
        help="How many people can sit there.",
    )
    accessibility = fields.Char(help="Step-free entrance, lift, induction loop, parking.")

    _capacity_positive = models.Constraint(
        "CHECK(capacity >= 0)", "The number of seats is 0 or more."
    )

    @api.depends("street", "zip", "city")
    def _compute_address(self):
        for room in self:
            town = " ".join(filter(None, [room.zip, room.city]))
            room.address = ", ".join(filter(None, [room.street, town]))

    def _check_no_double_booking(self, booked):
        """Refuse two bookings at once of one of these rooms, whoever made them; adjacent is fine.

        :param booked: what was just planned or moved, records with ``start`` and ``stop``
        :raise ValidationError: names the room and the time, and to a coordinator what is there
        """
        # Whoever books this room in another transaction conflicts with this one, and is tried
        # again by Odoo after it: a row lock alone would not show them the bookings made here.
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_room SET name = name WHERE id IN %s",
                tuple(sorted(self.ids)),
            )
        )
        bookings = self._get_bookings(min(booked.mapped("start")), max(booked.mapped("stop")))
        for room, records in bookings.items():
            records = sorted(records, key=lambda record: (record.start, record.stop))
            for first, second in pairwise(records):
                if second.start < first.stop:
                    known = second._name == booked._name and second in booked
                    raise ValidationError(room._get_booked_text(first if known else second))

    def _get_bookings(self, start, stop):
        """Return what these rooms are booked for: ``{room: [record with start and stop]}``.

        Other modules extend it with what else takes place in a room.

        :param start: begin (naive datetime, UTC) of the time that is looked at
        :param stop: its end
        """
        bookings = {}
        for name in BOOKING_MODELS:
            # sudo: what the user may not see takes the room as well; of that nothing is told
            booked = (
                self.env[name]
                .sudo()
                .search(
                    Domain("room_id", "in", self.ids)
                    & Domain("state", "!=", "cancelled")
                    & Domain("start", "<", stop)
                    & Domain("stop", ">", start),
                )
            )
            for room, records in booked.grouped("room_id").items():
                bookings.setdefault(room.with_env(self.env), []).extend(records)
        return bookings

    def _get_booked_text(self, booking):
        self.ensure_one()
        tz = self.env.user.tz or "Europe/Amsterdam"
        return self.env._(
            "“%(room)s” is taken from %(start)s to %(stop)s, by %(booking)s."
            " Choose another room or another time.",
            room=self.name,
            start=format_datetime(self.env, booking.start, tz, "short"),
            stop=format_time(self.env, booking.stop, tz, "short"),
            booking=self._get_booking_text(booking),
        )

    def _get_booking_text(self, booking):
        """Return what a room is booked for, as far as the user may know."""
        may_know = booking.with_user(self.env.user).has_access("read")
        if booking._name == "buurtbemiddeling.steering.meeting":
            return self.env._("a meeting of the steering group")
        if booking._name != "buurtbemiddeling.meeting":
            return f"“{booking.display_name}”" if may_know else self.env._("something else")
        if may_know:
            return self.env._("a talk in case %s", booking.case_id.name)
        return self.env._("a talk in another case")
