from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingAbsence(models.Model):
    """A coordinator is away, and a colleague stands in.

    While it lasts, the colleague finds the cases in My day and in the Monday digest, apart from the
    own ones. The cases themselves do not change hands.
    """

    _name = "buurtbemiddeling.absence"
    _description = "Absence"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        "Who is away",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain=lambda self: self._get_coordinator_domain(),
    )
    stand_in_id = fields.Many2one(
        "res.users",
        "Stands in",
        required=True,
        index=True,
        ondelete="restrict",
        domain=lambda self: self._get_coordinator_domain(),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day away; empty while it is not known.")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "An absence ends on or after the day it begins. Correct one of the two dates.",
    )
    _not_oneself = models.Constraint(
        "CHECK(stand_in_id != user_id)",
        "Nobody stands in for himself. Choose a colleague.",
    )

    @api.depends("user_id", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for absence in self:
            if absence.date_to:
                absence.display_name = self.env._(
                    "%(colleague)s, until %(date)s",
                    colleague=absence.user_id.name,
                    date=format_date(self.env, absence.date_to, date_format="d MMMM"),
                )
            else:
                absence.display_name = self.env._(
                    "%s, until further notice", absence.user_id.name or ""
                )

    @api.model
    def _get_coordinator_domain(self):
        """The coordinators; also those of the own organisations only, by Odoo's rule on users."""
        group = self.env.ref("buurtbemiddeling_case.group_user")
        return [("share", "=", False), ("all_group_ids", "in", group.ids)]

    # ------------------------------------------------------------
    # CONSTRAINS
    # ------------------------------------------------------------

    @api.constrains("user_id", "stand_in_id", "company_id")
    def _check_coordinators(self):
        """Only coordinators of the organisation are away from it, and stand in."""
        # sudo: reads who has which role in which organisation
        for absence in self.sudo():
            for user in (absence.user_id, absence.stand_in_id):
                if (
                    not user.has_group("buurtbemiddeling_case.group_user")
                    or absence.company_id not in user.company_ids
                ):
                    raise ValidationError(
                        self.env._(
                            "%(user)s does not work for buurtbemiddeling in %(company)s. Choose"
                            " one of the coordinators.",
                            user=user.name,
                            company=absence.company_id.name,
                        )
                    )

    @api.constrains("user_id", "stand_in_id", "company_id", "date_from", "date_to")
    def _check_cover(self):
        """One stand-in at a time, and one who is there: or cases would get stuck unseen."""
        others = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("user_id", "in", (self.user_id | self.stand_in_id).ids),
            ]
        )
        for absence in self:
            at_once = others.filtered(
                lambda other, absence=absence: (
                    other != absence
                    and other.company_id == absence.company_id
                    and other._overlaps(absence)
                )
            )
            if absence.user_id in at_once.user_id:
                raise ValidationError(
                    self.env._(
                        "%s is away already on some of these days. Change that absence, or choose"
                        " other dates.",
                        absence.user_id.name,
                    )
                )
            if absence.stand_in_id in at_once.user_id:
                raise ValidationError(
                    self.env._(
                        "%s is away on some of these days, and can not stand in. Choose another"
                        " colleague.",
                        absence.stand_in_id.name,
                    )
                )

    def _overlaps(self, other):
        return (not self.date_to or self.date_to >= other.date_from) and (
            not other.date_to or other.date_to >= self.date_from
        )

    # ------------------------------------------------------------
    # WHO STANDS IN
    # ------------------------------------------------------------

    @api.model
    def _get_current(self):
        """Return the absences of today that a colleague stands in for.

        When the stand-in has left, nobody stands in: the coordinator is treated as not away.
        """
        today = fields.Date.context_today(self)
        return self.search(
            Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
            & Domain("user_id.active", "=", True)
            & Domain("stand_in_id.active", "=", True)
        )

    @api.model
    def _get_covered(self):
        """Return the absences of colleagues for whom the user stands in today.

        A stand-in who falls ill passes on what he covers, to the one who stands in for him.
        """
        current = self._get_current()
        covered = self.browse()
        found = current.filtered(lambda absence: absence.stand_in_id == self.env.user)
        while found:
            covered |= found
            found = (current - covered).filtered(
                lambda absence, found=found: found._find(absence.stand_in_id, absence.company_id)
            )
        return covered.filtered(lambda absence: absence.user_id != self.env.user)

    def _find(self, user, company):
        """Return the one of these absences that is of ``user`` in ``company``, or none."""
        return self.filtered(
            lambda absence: absence.user_id == user and absence.company_id == company
        )[:1]
