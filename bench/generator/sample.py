"""A record with its messages, made by Odoo, to copy."""

from odoo.tools import SQL

NOTE = "<p>Gebeld, en afgesproken wat er nu gebeurt.</p>"


class Sample:
    """The rows of one record that the ORM made, with its contact and its thread."""

    def __init__(self, peers, step):
        desk = peers.desks[0]
        user = desk["users"][0]
        env = peers.env(
            user=user.id,
            context={
                "lang": peers.env.context["lang"],
                "allowed_company_ids": [desk["company_id"]],
                "mail_notify_force_send": False,
            },
        )
        self.cr = env.cr
        partner = self._make_partner(env, desk)
        record = self._make_record(env, peers, desk, partner, step)
        self._read_all(peers, record, partner)

    @staticmethod
    def _make_partner(env, desk):
        return env["res.partner"].create(
            {
                "name": "Klant",
                "email": "klant@example.org",
                "phone": "06-0000 0000",
                "street": "Dorpsstraat 1",
                "zip": "0001 AB",
                "city": desk["city"],
                "country_id": env.ref("base.nl").id,
                "company_id": desk["company_id"],
            }
        )

    def _make_record(self, env, peers, desk, partner, step):
        """Let the ORM make it step by step, each as in a request of its own."""
        steps = []
        for record in peers.make_one(env, desk, partner, step):
            steps.append(record)
            env.flush_all()
            env.cr.precommit.run()  # as at the end of a request: what was tracked is noted
        record = steps[-1]
        self._add_notes(record, peers)
        env.flush_all()
        env.cr.precommit.run()
        return record

    def _read_all(self, peers, record, partner):
        """Read all its rows."""
        own = (peers.model, record.id)
        self.partner = self._read("res_partner", SQL("id = %s", partner.id))[0]
        self.record = self._read(peers.table, SQL("id = %s", record.id))[0]
        self.messages = self._read("mail_message", SQL("model = %s AND res_id = %s", *own))
        self.followers = self._read("mail_followers", SQL("res_model = %s AND res_id = %s", *own))
        self.subtypes = self._read(
            "mail_followers_mail_message_subtype_rel",
            SQL("mail_followers_id = ANY(%s)", [row["id"] for row in self.followers]),
        )
        self.values = self._read(
            "mail_tracking_value",
            SQL("mail_message_id = ANY(%s)", [row["id"] for row in self.messages]),
        )
        self.rows = {
            "res_partner": [self.partner],
            peers.table: [self.record],
            peers.tag_table: [dict.fromkeys((peers.own_column, peers.tag_column))],
            "mail_followers": self.followers,
            "mail_followers_mail_message_subtype_rel": self.subtypes,
            "mail_message": self.messages,
            "mail_tracking_value": self.values,
        }

    def _add_notes(self, record, peers):
        """Notes, until it has as many messages as a case has."""
        for _note in range(peers.messages - len(record.message_ids)):
            record.message_post(body=NOTE, subtype_xmlid="mail.mt_note")

    def _read(self, table, where):
        """Rows of a table in the order in which they were written, without what is empty."""
        self.cr.execute(SQL("SELECT * FROM %s WHERE %s ORDER BY 1", SQL.identifier(table), where))
        names = [column.name for column in self.cr.description]
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in self.cr.fetchall()
        ]

    def add_thread(self, writer, peers, record_id, user, desk, opened, last):
        """The same thread for another record."""
        partner = user.partner_id
        self._add_followers(writer, peers, record_id, partner)
        ids = {}
        for place, message in enumerate(self.messages):
            moment = opened + (last - opened) * place / len(self.messages)
            moment = moment.replace(microsecond=0)
            values = {
                **{name: value for name, value in message.items() if name != "id"},
                **self._signature(peers, record_id, user, place, moment),
            }
            if "parent_id" in message:
                values["parent_id"] = ids.get(message["parent_id"])
            if "record_company_id" in message:
                values["record_company_id"] = desk["company_id"]
            message_id = ids[message["id"]] = writer.add("mail_message", **values)
            for value in self.values:
                if value["mail_message_id"] == message["id"]:
                    row = {name: content for name, content in value.items() if name != "id"}
                    row.update(mail_message_id=message_id, create_date=moment, write_date=moment)
                    writer.add("mail_tracking_value", **row)

    @staticmethod
    def _signature(peers, record_id, user, place, moment):
        """Who wrote a message on which record, and when."""
        return {
            "res_id": record_id,
            "author_id": user.partner_id.id,
            "create_uid": user.id,
            "write_uid": user.id,
            "email_from": user.email_formatted,
            "reply_to": user.email_formatted,
            "message_id": f"<{record_id}.{place}@{peers.table}.example.org>",
            "date": moment,
            "create_date": moment,
            "write_date": moment,
        }

    def _add_followers(self, writer, peers, record_id, partner):
        """Let a user follow another record as the first one is followed."""
        for follower in self.followers:
            follower_id = writer.add(
                "mail_followers",
                res_model=peers.model,
                res_id=record_id,
                partner_id=partner.id,
            )
            for row in self.subtypes:
                if row["mail_followers_id"] == follower["id"]:
                    writer.add(
                        "mail_followers_mail_message_subtype_rel",
                        mail_followers_id=follower_id,
                        mail_message_subtype_id=row["mail_message_subtype_id"],
                    )
