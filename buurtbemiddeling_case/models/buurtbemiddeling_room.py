from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, format_time


class BuurtbemiddelingRoom(models.Model):
    """A neutral place for talks: a community centre, the town hall, a library.

    Neighbours meet on ground that is nobody's own. A room holds one talk at a time.
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
    capacity = fields.Integer("Seats", aggregator=None)
    accessibility = fields.Char(help="Step-free entrance, lift, induction loop, parking.")

    _capacity_positive = models.Constraint(
        "CHECK(capacity >= 0)", "The number of seats is 0 or more."
    )

    @api.depends("street", "zip", "city")
    def _compute_address(self):
        for room in self:
            town = " ".join(filter(None, [room.zip, room.city]))
            room.address = ", ".join(filter(None, [room.street, town]))

    def _check_no_double_booking(self, talks):
        """Refuse two talks at once in one of these rooms, in whatever case; adjacent is fine.

        :param talks: the talks that were just planned or moved
        :raise ValidationError: names the room and the time, and to a coordinator the case
        """
        # Whoever books this room in another transaction conflicts with this one, and is tried
        # again by Odoo after it: a row lock alone would not show them the talks made here.
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_room SET name = name WHERE id IN %s",
                tuple(sorted(self.ids)),
            )
        )
        around = talks.search(
            Domain("room_id", "in", self.ids)
            & Domain("state", "!=", "cancelled")
            & Domain("start", "<", max(talks.mapped("stop")))
            & Domain("stop", ">", min(talks.mapped("start"))),
        )
        for room, booked in around.grouped("room_id").items():
            for first, second in pairwise(booked.sorted("start")):
                if second.start < first.stop:
                    other = first if second in talks else second
                    raise ValidationError(room._get_booked_text(other))

    def _get_booked_text(self, talk):
        self.ensure_one()
        tz = self.env.user.tz or talk._get_tz()
        case = self.env._("another case")
        if self.env.user.has_group("buurtbemiddeling_case.group_user"):
            case = self.env._("case %s", talk.case_id.name)
        return self.env._(
            "“%(room)s” is taken from %(start)s to %(stop)s, by a talk in %(case)s."
            " Choose another room or another time.",
            room=self.name,
            start=format_datetime(self.env, talk.start, tz, "short"),
            stop=format_time(self.env, talk.stop, tz, "short"),
            case=case,
        )
