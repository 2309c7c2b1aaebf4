from datetime import date, timedelta
from itertools import count

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..models.mail_message import ADDRESS_WORDS
from .common import CaseCommon

RUN = "buurtbemiddeling.retention.run"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestSpeedForgetting(CaseCommon):
    """A batch costs as many queries for many cases as for few, and finds all it needs by index."""

    numbers = count(1)

    def make_run(self, number):
        """Return a run that was warned for, with so many cases that are due, of one organisation.

        Every second one was mailed with, and has a to-do.
        """
        company = self.env["res.company"].create({"name": f"Organisation {next(self.numbers)}"})
        env = self.env(context={**self.env.context, "tracking_disable": True})
        cases = env["buurtbemiddeling.case"].create(
            [
                {
                    "company_id": company.id,
                    "user_id": False,
                    "registration_date": date(2023, 1, 1),
                    "close_date": date(2023, 6, 1),
                    "stage_id": self.stage("closed").id,
                    "outcome_id": self.code("outcome", "OPG_BEM").id,
                    "party_ids": [
                        Command.create({"side": side, "partner_id": self.make_resident(company).id})
                        for side in "ab"
                    ],
                }
                for _index in range(number)
            ]
        )
        for case in cases[::2]:
            case.message_post(body="Text")
            case.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        return env[RUN].with_company(company).create({"company_id": company.id})

    def make_resident(self, company):
        number = next(self.numbers)
        return self.env["res.partner"].create(
            {
                "name": f"Resident {number}",
                "email": f"resident{number}@example.com",
                "is_confidential": True,
                "company_id": company.id,
            }
        )

    def count_once(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_costs_as_many_queries_for_50_cases_as_for_5(self):
        warmed, few, many = self.make_run(5), self.make_run(5), self.make_run(50)
        warned = [self.count_once(run._warn) for run in (warmed, few, many)]
        self.assertEqual(warned[1], warned[2], "queries to warn")
        with freeze_time(date(2026, 6, 15) + timedelta(days=30)):
            for run in (warmed, few, many):
                run._start()
            removed = [self.count_once(run._remove_batch) for run in (warmed, few, many)]
        self.assertEqual(removed[1], removed[2], "queries to remove")
        self.assertEqual(set(many.line_ids.mapped("state")), {"done"})
        self.assertEqual(len(many.line_ids), 50)

    def test_no_column_that_refers_to_a_contact_is_without_an_index(self):
        """Or the database reads all rows of that table, for each contact that goes."""
        engine = self.env["buurtbemiddeling.anonymizer"]
        self.assertFalse(engine._get_unindexed())
        self.env.cr.execute("DROP INDEX buurtbemiddeling_case_party__landlord_id_index")
        self.assertEqual(engine._get_unindexed(), [("buurtbemiddeling_case_party", "landlord_id")])
        engine._index_uses()
        self.assertFalse(engine._get_unindexed())

    def test_an_address_in_all_messages_is_found_by_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            f"EXPLAIN SELECT id FROM mail_message WHERE {ADDRESS_WORDS} @> ARRAY['a@example.com']"
        )
        plan = " ".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("mail_message_address_words_idx", plan)

    def test_a_word_that_is_too_long_for_an_index_is_no_reason_to_refuse_a_mail(self):
        message = self.env["mail.message"].create(
            {"model": False, "incoming_email_cc": "x" * 9000 + ", anna@example.com"}
        )
        self.env.cr.execute(
            f"SELECT id FROM mail_message WHERE {ADDRESS_WORDS} @> ARRAY['anna@example.com']"
        )
        self.assertIn((message.id,), self.env.cr.fetchall())
