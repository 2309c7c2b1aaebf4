from datetime import date, datetime

from odoo.tools import SQL, mute_logger

from .common import VolunteerCommon

MARK = "Zwartkruin"
LEFT_ON = date(2026, 6, 30)
DUE_ON = date(2028, 6, 30)  # 24 months later


class RetentionCommon(VolunteerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.left = cls.code("volunteer.stage", "left")
        cls.due_on = DUE_ON

    def leave(self, volunteer, day=LEFT_ON, **values):
        volunteer.write({"stage_id": self.left.id, "date_end": day, **values})
        return volunteer

    def get_due(self, kind, day):
        domain = self.env["buurtbemiddeling.volunteer"]._get_retention_domain(
            self.company, kind, day
        )
        return self.env["buurtbemiddeling.volunteer"].with_context(active_test=False).search(domain)

    def backdate(self, day, *records):
        """Let records be made on a day, and their messages and to-dos be of that day."""
        self.env.flush_all()
        for rows in records:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                    SQL.identifier(rows._table),
                    day,
                    rows.ids,
                )
            )
            if "message_ids" in rows._fields:
                self.env.cr.execute(
                    SQL(
                        "UPDATE mail_message SET date = %s WHERE id = ANY(%s)",
                        day,
                        rows.message_ids.ids,
                    )
                )
                rows.activity_ids.date_deadline = day
        self.env.invalidate_all()

    def find_marker(self, mark=MARK):
        return super().find_marker(mark)

    def setUp(self):
        super().setUp()
        self.vera = self.make_volunteer(f"Vera {MARK}", date_start=date(2024, 1, 8)).sudo()

    def apply(self, volunteer, **values):
        return self.env["buurtbemiddeling.volunteer.application"].create(
            {
                "volunteer_id": volunteer.id,
                "name": f"Vera {MARK}",
                "email": f"vera.{MARK}@example.com",
                "motivation": MARK,
                "consent_date": datetime(2026, 1, 5),
                "form_key": f"key{volunteer.id}",
                "sender_key": "pseudonym",
                **values,
            }
        )

    def make_applicant(self, stage="interest", **values):
        applicant = self.make_volunteer(
            f"Anna {MARK}", stage, application_date=date(2026, 1, 5), **values
        ).sudo()
        self.backdate(datetime(2026, 1, 5), applicant, self.apply(applicant))
        return applicant

    def give_login(self, volunteer):
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            volunteer.with_user(self.coordinator).action_give_login()
        return volunteer.user_id.sudo()
