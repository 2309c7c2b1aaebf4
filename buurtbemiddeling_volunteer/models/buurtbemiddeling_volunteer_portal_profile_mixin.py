from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Command
from odoo.tools import format_date, plaintext2html

from odoo.addons.buurtbemiddeling_case.turns import wait_for_turn

PROFILE_LIMITS = {"phone": 30}  # characters
REQUEST_LIMITS = {"email": 254, "text": 1000}
WISHES = ("pause", "stop")


class BuurtbemiddelingVolunteerPortalProfileMixin(models.AbstractModel):
    """What a volunteer tells about themselves on the portal, and sees that is kept of them.

    Scores, talks and what the coordinators write among themselves are not shown.
    """

    _name = "buurtbemiddeling.volunteer.portal.profile.mixin"
    _description = "Profile of a Volunteer on the Portal"

    # ------------------------------------------------------------
    # WHAT THE PAGE SHOWS
    # ------------------------------------------------------------

    def _get_portal_profile_values(self):
        """Return what can be chosen, what is known now, and what is kept of this volunteer."""
        self.ensure_one()
        affinities = self.env["buurtbemiddeling.affinity"].search([])
        partner = self.partner_id
        jubilee = self.next_jubilee_id
        return {
            "name": self.name,
            "email": self.email or "",
            "address": [
                line
                for line in (partner.street, " ".join(filter(None, (partner.zip, partner.city))))
                if line
            ],
            "languages": self.env["buurtbemiddeling.volunteer.application"]._get_languages(),
            "affinities": [(row.code, row.name) for row in affinities],
            "genders": self._fields["gender"]._description_selection(self.env),
            "limits": PROFILE_LIMITS,
            "answers": {
                "phone": self.phone or "",
                "languages": self.language_ids.mapped("code"),
                "affinities": self.affinity_ids.mapped("code"),
                "gender": self.gender or "",
                "consent": "1" if self.offer_consent_date else "",
            },
            "since": self.date_start and format_date(self.env, self.date_start),
            "jubilee": bool(jubilee)
            and {"name": jubilee.name, "date": format_date(self.env, self.next_jubilee_date)},
            "documents": self._get_portal_documents(),
            "coach_notes": self._get_portal_coach_notes(),
        }

    def _get_portal_documents(self):
        kinds = dict(self.document_ids._fields["kind"]._description_selection(self.env))
        return [
            {
                "kind": kinds[row.kind],
                "date": format_date(self.env, row.date),
                "valid_until": row.valid_until and format_date(self.env, row.valid_until),
                "is_expired": row.is_expired,
            }
            for row in self.document_ids.sorted(lambda row: (row.date, row.id), reverse=True)
        ]

    def _get_portal_coach_notes(self):
        """Return day and text of the coach notes about this volunteer, and not of what case."""
        return [
            {"date": format_date(self.env, row.date), "text": row.note}
            for row in self.coach_note_ids
        ]

    # ------------------------------------------------------------
    # WHAT THE VOLUNTEER CHANGES
    # ------------------------------------------------------------

    def _save_portal_profile(self, answers):
        """Keep what the volunteer typed, or nothing at all when something is wrong.

        What one has a feeling for, and gender, are kept only as long as the box is ticked.

        :param answers: ``{name: text}``, with ``languages`` and ``affinities`` lists of codes
        :return: ``{name of the field: sentence}``
        """
        self.ensure_one()
        door = self.env["buurtbemiddeling.door.mixin"]
        texts, errors = door._read_texts(answers, PROFILE_LIMITS)
        if texts["phone"] and (problem := door._check_phone(texts["phone"])):
            errors.setdefault("phone", problem)
        agrees = bool(answers.get("consent"))
        gender = answers.get("gender") or False
        if gender not in {False, *dict(self._fields["gender"]._description_selection(self.env))}:
            gender = False
        affinities = self._find_codes("affinity", answers["affinities"])
        if (affinities or gender) and not agrees:
            errors["consent"] = self.env._(
                "Tick this box if you agree. Or choose nothing under what you like to do, and no"
                " gender."
            )
        if errors:
            return errors
        today = fields.Date.context_today(self)
        values = {
            "language_ids": [Command.set(self._find_codes("language", answers["languages"]).ids)],
            "affinity_ids": [Command.set(affinities.ids)],
            "gender": gender,
            "offer_consent_date": agrees and (self.offer_consent_date or today),
        }
        if texts["phone"] != (self.phone or ""):
            values["phone"] = texts["phone"] or False
        # as the system: another phone number is tracked in a message, which a volunteer may not
        # write on a thread of ours
        self.with_user(SUPERUSER_ID).write(values)
        return {}

    def _find_codes(self, name, codes):
        rows = self.env[f"buurtbemiddeling.{name}"].search([])
        return rows.filtered(lambda row: row.code in codes)

    # ------------------------------------------------------------
    # WHAT THE VOLUNTEER ASKS
    # ------------------------------------------------------------

    def _ask_for_email(self, answers):
        """Ask the coordinator for another e-mail address; nobody takes someone else's by it.

        Mail of an address is kept with the contact who has it, so a person looks at it first.

        :return: ``{name of the field: sentence}``
        """
        self.ensure_one()
        door = self.env["buurtbemiddeling.door.mixin"]
        texts, errors = door._read_texts(answers, {"email": REQUEST_LIMITS["email"]})
        if not errors and (problem := door._check_email(texts["email"])):
            errors["email"] = problem
        if not errors:
            env = self._get_handler_env()
            self._make_to_do(env._("Wants another e-mail address: look at it"), texts["email"])
        return errors

    def _ask_to_leave(self, answers):
        """Tell the coordinator that this volunteer wants to stop, or to take a break.

        :return: ``{name of the field: sentence}``
        """
        self.ensure_one()
        door = self.env["buurtbemiddeling.door.mixin"]
        limits = {"text": REQUEST_LIMITS["text"]}
        texts, errors = door._read_texts(answers, limits, ("text",))
        if answers.get("wish") not in WISHES:
            errors["wish"] = self.env._("Choose what you want.")
        if not errors:
            env = self._get_handler_env()
            if answers["wish"] == "stop":
                summary = env._("Wants to stop: get in touch")
            else:
                summary = env._("Wants to take a break: get in touch")
            self._make_to_do(summary, texts["text"])
        return errors

    def _get_handler(self):
        """Return the coordinator of this volunteer, or nobody when that is no coordinator now."""
        applications = self.env["buurtbemiddeling.volunteer.application"]
        return applications._get_handler(self.company_id, self.coordinator_id)

    def _get_handler_env(self):
        lang = self._get_handler().lang or self.company_id.partner_id.lang or self.env.lang
        return self.with_context(lang=lang).env

    def _make_to_do(self, summary, text):
        """Make a to-do for the coordinator; one that is open already gets the new text."""
        wait_for_turn(self)
        note = plaintext2html(text) if text else False
        # as the system: a volunteer may make no to-do of ours
        volunteer = self.with_user(SUPERUSER_ID)
        same = volunteer.activity_ids.filtered(lambda row: row.summary == summary)
        if same:
            same[0].note = note
            return
        volunteer.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=self._get_handler().id,
        )
