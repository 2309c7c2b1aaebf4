from odoo import api, fields, models

# whom a training of each kind is for: the codes of phases, besides those in which one gets cases
PHASES_OF_KIND = {
    "information": ("interest", "information"),
    "basic": ("training",),
}


class BuurtbemiddelingTrainingSessionPortalMixin(models.AbstractModel):
    """What volunteers see of a training session on the portal: never who else comes."""

    _name = "buurtbemiddeling.training.session.portal.mixin"
    _description = "Training Session on the Portal"

    is_open = fields.Boolean(
        "Volunteers may enrol themselves",
        copy=False,
        help="Volunteers for whom this kind of training is meant see the session on the portal and"
        " choose it themselves. Otherwise only who is invited or enrolled sees it.",
    )

    def _is_meant_for(self, stage):
        """Return whether a training of this kind is for volunteers in this phase."""
        self.ensure_one()
        codes = PHASES_OF_KIND.get(self.kind, ())
        return stage.code in codes or (stage.is_active and self.kind != "information")

    def _is_to_come(self):
        """Return whether the session is planned and has not begun."""
        self.ensure_one()
        return (
            self.state == "planned"
            and bool(self.date_start)
            and self.date_start > fields.Datetime.now()
        )

    @api.model
    def _get_open_domain(self, companies):
        """Return the domain of the sessions of organisations in which volunteers may enrol."""
        return [
            ("company_id", "in", companies.ids),
            ("is_open", "=", True),
            ("state", "=", "planned"),
            ("date_start", ">", fields.Datetime.now()),
        ]

    def _get_portal_values(self):
        """Return what the page shows of a session, as texts and numbers."""
        self.ensure_one()
        room, trainers = self.room_id, self.trainer_id | self.co_trainer_ids
        return {
            "id": self.id,
            "training": self.training_id.name,
            "kind": dict(self._fields["kind"]._description_selection(self.env)).get(self.kind),
            "description": self.training_id.description or "",
            "half_days": self._get_half_day_texts(),
            "place": ", ".join(filter(None, [room.name, room.address])) or self.location or "",
            "trainers": ", ".join(trainers.mapped("name")),
            "is_limited": bool(self.capacity),
            "seats_free": self.seats_free,
            "is_full": bool(self.capacity) and not self.seats_free,
            "waiting": self.waiting_count,
            "is_cancelled": self.state == "cancelled",
        }
