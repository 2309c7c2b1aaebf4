"""Messages, files, to-dos and entries of the calendar with a marker in each word."""

import base64
import io
from datetime import timedelta

import psycopg2
from PIL import Image
from reportlab import rl_config
from reportlab.pdfgen import canvas

from odoo.exceptions import UserError
from odoo.fields import Command, Datetime
from odoo.tools import SQL, mute_logger

from ..builder import OURS

CASE, PARTY = "buurtbemiddeling.case", "buurtbemiddeling.case.party"


class Words:
    """What people write about the records of a ``World``, of which this is a part."""

    def hang(self, record):
        """Hang on a record all that Odoo can: messages, files, to-dos, calendar entries, names."""
        place = f"on {record._name}"
        self.attach(record, place)
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": self.markers.text(f"external id {place}"),
                "model": record._name,
                "res_id": record.id,
            }
        )
        event = self.env["calendar.event"].create(
            {
                "name": self.markers.text(f"title of an entry {place}"),
                "description": f"<p>{self.markers.text(f'calendar description {place}')}</p>",
                "location": self.markers.text(f"calendar location {place}"),
                "start": Datetime.now(),
                "stop": Datetime.now() + timedelta(hours=1),
                "res_model_id": self.env["ir.model"]._get(record._name).id,
                "res_id": record.id,
            }
        )
        self.attach(event, f"calendar entry {place}")
        if not hasattr(record, "message_post"):
            return
        self.talk(record, place)
        self.talk(event, f"calendar entry {place}")

    def attach(self, record, place):
        """Attach a text and a PDF; both names and contents have markers."""
        rl_config.useA85 = 0
        page = io.BytesIO()
        pdf = canvas.Canvas(page, pageCompression=1)
        pdf.drawString(72, 720, self.markers.text(f"page of a PDF {place}"))
        pdf.save()
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": self.markers.text(f"file name {place}") + suffix,
                    "raw": raw,
                    "description": self.markers.text(f"description of a file {place}"),
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for suffix, raw in (
                    (".txt", self.markers.text(f"text file {place}").encode()),
                    (".txt", self.markers.text(f"UTF-16 file {place}").encode("utf-16")),
                    (".pdf", page.getvalue()),
                )
            ]
        )
        return files

    def talk(self, record, place):
        """Write notes, mails in and out, tracked values, to-dos and drafts about a record."""
        contact = self.rows["res.partner"][0]
        comment, _mail_in, mail_out, _notification, sms = self.write_messages(
            record, place, contact
        )
        self.track(record, comment, place)
        self.queue(mail_out, contact, place)
        self.read_on(comment, place)
        self.env["sms.sms"].create(
            {
                "mail_message_id": sms.id,
                "number": self.markers.phone(f"number of an SMS {place}"),
                "body": self.markers.text(f"SMS {place}"),
            }
        )
        self.schedule(record, place)
        if "activity_ids" in record._fields:
            self.make_to_dos(record, place)

    def write_messages(self, record, place, contact):
        """Write a message of each kind, with a file each."""
        return self.env["mail.message"].create(
            [
                {
                    "model": record._name,
                    "res_id": record.id,
                    "message_type": kind,
                    "body": f"<p>{self.markers.text(f'{kind} {place}')}</p>",
                    "subject": self.markers.text(f"subject of {kind} {place}"),
                    "email_from": self.markers.text(f"sender of {kind} {place}") + "@example.com",
                    "reply_to": self.markers.text(f"reply to {kind} {place}") + "@example.com",
                    "message_id": f"<{self.markers.text(f'id of {kind} {place}')}@example.com>",
                    "author_id": contact.id,
                    "partner_ids": [Command.set(contact.ids)],
                    "attachment_ids": [
                        Command.create(
                            {
                                "name": self.markers.text(f"file of {kind} {place}"),
                                "raw": self.markers.text(f"content of {kind} {place}").encode(),
                            }
                        )
                    ],
                }
                for kind in ("comment", "email", "email_outgoing", "notification", "sms")
            ]
        )

    def track(self, record, message, place):
        """Show in a message what was changed."""
        field = self.env["ir.model.fields"]._get(record._name, "display_name")
        self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_char": self.markers.text(f"old value {place}"),
                "new_value_text": self.markers.text(f"new value {place}"),
            }
        )

    def queue(self, message, contact, place):
        """Put a mail in the queue that fails, and tell so."""
        mail = self.env["mail.mail"].create(
            {
                "mail_message_id": message.id,
                "body_html": self.markers.text(f"mail queue {place}"),
                "headers": repr({"X-Name": self.markers.text(f"mail header {place}")}),
                "references": self.markers.text(f"mail references {place}"),
                "failure_reason": self.markers.text(f"why a mail failed {place}"),
                "state": "exception",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(  # an earlier version let such mails be made
            "UPDATE mail_mail SET email_to = %s, email_cc = %s WHERE id = %s",
            (
                self.markers.text(f"mail to {place}") + "@example.com",
                self.markers.text(f"mail cc {place}") + "@example.com",
                mail.id,
            ),
        )
        self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": contact.id,
                "notification_type": "email",
                "mail_email_address": self.markers.text(f"notified {place}") + "@example.com",
                "failure_reason": self.markers.text(f"why a notification failed {place}"),
            }
        )

    def read_on(self, message, place):
        """Translate a message, and follow a link in it."""
        self.env["mail.message.translation"].create(
            {
                "message_id": message.id,
                "body": self.markers.text(f"translation {place}"),
                "source_lang": "nl",
                "target_lang": "en",
            }
        )
        preview = self.env["mail.link.preview"].create(
            {
                "source_url": f"https://example.com/{self.markers.text(f'link {place}')}",
                "og_title": self.markers.text(f"title of a link {place}"),
            }
        )
        self.env["mail.message.link.preview"].create(
            {"message_id": message.id, "link_preview_id": preview.id}
        )

    def schedule(self, record, place):
        """Write a message that is sent another day."""
        self.env["mail.scheduled.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "author_id": self.env.user.partner_id.id,
                "body": self.markers.text(f"scheduled message {place}"),
                "subject": self.markers.text(f"subject of a scheduled message {place}"),
                "scheduled_date": Datetime.now() + timedelta(days=9),
            }
        )

    def make_to_dos(self, record, place):
        """Make a to-do, and one that is done."""
        for is_done in (False, True):
            activity = self.env["mail.activity"].create(
                {
                    "res_model_id": self.env["ir.model"]._get(record._name).id,
                    "res_id": record.id,
                    "summary": self.markers.text(f"to-do {place}"),
                    "note": self.markers.text(f"note of a to-do {place}"),
                    "user_id": self.env.uid,
                }
            )
            if is_done:
                activity._action_done(feedback=self.markers.text(f"feedback of a to-do {place}"))

    def make_leftovers(self):
        """Leave what dialogs, imports and the bus keep for a while, and a mail to elsewhere."""
        contact = self.rows["res.partner"][0]
        self.mail_elsewhere(contact)
        self.open_dialogs()
        self.leave_drafts()
        lookup = {"name": self.markers.text("looked up"), "email": contact.email}
        self.add(self.env["privacy.lookup.wizard"].create(lookup))
        shown = {"body": self.markers.text("bus"), "model": CASE}
        self.add(self.env["bus.bus"].create({"channel": '"broadcast"', "message": repr(shown)}))

    def mail_elsewhere(self, contact):
        """Let the resident mail about something else, in another thread."""
        self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.company.partner_id.id,
                "message_type": "email",
                "body": "<p>Thanks</p>",
                "author_id": contact.id,
                "email_from": f'"{contact.name}" <{contact.email}>',
            }
        )

    def open_dialogs(self):
        """Fill in each of our dialogs that asks for words."""
        for name, model in sorted(self.env.items()):
            if not (name.startswith(OURS) and model._transient and model._auto):
                continue
            texts = [
                field
                for field in model._fields.values()
                if field.store and field.type in ("char", "text", "html") and not field.related
            ]
            if not texts:
                continue
            links = self.get_links(model)
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    row = self.builder.build(name, **links)
            except (psycopg2.Error, UserError):  # not of a closed case: from when it was open
                row = self.insert_row(model, links)
            self.builder.samples[name] = row
            self.add(row)
            for field in texts:
                self.fill_text(row, field)

    def insert_row(self, model, values):
        """Insert a row of nothing but these links, and of what has to be there."""
        values = {name: id_ for name, id_ in values.items() if isinstance(id_, int)}
        for name, field in model._fields.items():
            if field.store and field.required and field.type in ("char", "text", "html"):
                values[name] = "-"
        values["create_date"] = self.env.cr.now()
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )
        return model.browse(self.env.cr.fetchone()[0])

    def leave_drafts(self):
        """Leave a mail that was not sent, and a sheet that was not imported."""
        draft = self.env["mail.compose.message"].create(
            {
                "model": PARTY,
                "res_ids": repr(self.case.party_ids[:1].ids),
                "subject": self.markers.text("draft of a mail"),
                "body": self.markers.text("text of a draft"),
            }
        )
        self.add(draft)
        file = self.env["base_import.import"].create(
            {
                "res_model": CASE,
                "file_name": self.markers.text("name of an import"),
                "file": self.markers.text("file of an import").encode(),
            }
        )
        self.add(file)

    # ------------------------------------------------------------
    # SMALL HELP
    # ------------------------------------------------------------

    def make_picture(self):
        """Return a small picture of its own colour, so that its file is one of its own too."""
        stream = io.BytesIO()
        number = next(self.numbers) + self.markers.first
        colour = (number % 256, number // 256 % 256, len(self.markers.places) % 256)
        Image.new("RGB", (8, 8), colour).save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def get_files(self):
        """Return the names on disk of all files made here, less the picture of who made them."""
        self.env.cr.execute(
            "SELECT DISTINCT store_fname FROM ir_attachment"
            " WHERE create_date >= %s AND store_fname IS NOT NULL"
            " AND NOT (res_model = 'res.partner' AND res_id = %s)",
            (self.env.cr.now(), self.env.user.partner_id.id),
        )
        return {name for (name,) in self.env.cr.fetchall()}
