from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CaseCommon

SECRET = "Hears voices at night"


@tagged("post_install", "-at_install")
class TestExtra(CaseCommon):
    """Signals of danger, health and addiction are for a small group; others see yes or no."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.extra = cls.make_user("extra", "buurtbemiddeling_case.group_extra")
        cls.case = cls.make_quarrel()
        cls.signal = (
            cls.env["buurtbemiddeling.extra.signal"]
            .with_user(cls.extra)
            .create(
                {
                    "case_id": cls.case.id,
                    "party_id": cls.case.party_ids[0].id,
                    "complexity_id": cls.code("complexity", "PSYCHISCH").id,
                    "note": SECRET,
                    "date": date(2026, 3, 9),
                    "follow_up_date": date(2026, 4, 6),
                }
            )
        )
        cls.env.cr.precommit.run()  # from here on changes are tracked
        (cls.coordinator | cls.manager).group_ids += cls.env.ref("base.group_allow_export")
        cls.others = {
            "coordinator": cls.coordinator,
            "manager": cls.manager,
            "system": cls.make_user("system", "base.group_system"),
            "system and manager": cls.make_user(
                "both", "base.group_system,buurtbemiddeling_case.group_manager"
            ),
        }

    def test_small_group_reads_and_writes_signals(self):
        signal = self.signal.with_user(self.extra)
        for operation in ("read", "write", "create", "unlink"):
            self.assertTrue(signal.has_access(operation), operation)
        with Form(self.case.with_user(self.extra)) as form:
            with form.extra_signal_ids.new() as line:
                line.complexity_id = self.code("complexity", "TAAL")
        self.assertEqual(len(self.case.with_user(self.extra).extra_signal_ids), 2)

    def test_nobody_gets_into_the_small_group_by_another_role_or_by_installing(self):
        group = self.env.ref("buurtbemiddeling_case.group_extra")
        self.assertFalse(group.implied_by_ids)
        self.assertEqual(
            group.all_user_ids & self.env.ref("base.user_admin"), self.env["res.users"]
        )
        self.assertIn(self.env.ref("buurtbemiddeling_case.group_user"), group.all_implied_ids)

    def test_signals_of_another_organisation_are_out_of_reach(self):
        stranger = self.make_user("extra2", "buurtbemiddeling_case.group_extra", self.other_company)
        theirs = self.signal.with_user(stranger)
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.read(["note"])

    def doors(self, user):
        """Return ``{name: attempt}`` to get at the signal as this user."""
        signal, case = self.signal.with_user(user), self.case.with_user(user)
        party = self.case.party_ids[0].with_user(user)
        spec = {"extra_signal_ids": {"fields": {"note": {}}}}
        domain = [("extra_signal_ids.note", "ilike", "voices")]
        within = [("extra_signal_ids", "any", [("note", "ilike", "voices")])]
        change = {"extra_signal_ids": [Command.update(self.signal.id, {"note": "x"})]}
        return {
            "read": lambda: signal.read(["note"]),
            "name": lambda: signal.read(["display_name"]),
            "search": lambda: signal.search([]),
            "count": lambda: signal.search_count([]),
            "name_search": lambda: signal.name_search(self.case.name),
            "group": lambda: signal.formatted_read_group([], ["complexity_id"], ["__count"]),
            "export": lambda: signal.export_data(["note"]),
            "web_search_read": lambda: signal.web_search_read([], {"note": {}}),
            "web_read": lambda: signal.web_read({"note": {}}),
            "create": lambda: signal.create({"case_id": self.case.id}),
            "write": lambda: signal.write({"note": "x"}),
            "copy": lambda: signal.copy(),
            "unlink": lambda: signal.unlink(),
            "onchange": lambda: signal.onchange({}, [], {"note": {}}),
            "read of the case": lambda: case.read(["extra_signal_ids"]),
            "web_read of the case": lambda: case.web_read(spec),
            "onchange of the case": lambda: case.onchange({}, [], spec),
            "onchange of a command": lambda: case.onchange(change, ["extra_signal_ids"], spec),
            "search of cases": lambda: case.search(domain),
            "search within": lambda: case.search(within),
            "search of cases with": lambda: case.search([("extra_signal_ids", "!=", False)]),
            "filter": lambda: case.filtered_domain(domain),
            "group of cases": lambda: case.formatted_read_group(
                [], ["extra_signal_ids"], ["__count"]
            ),
            "count of cases": lambda: case.formatted_read_group(domain, [], ["__count"]),
            "export of cases": lambda: case.export_data(["extra_signal_ids/note"]),
            "write on the case": lambda: case.write(change),
            "search of parties": lambda: party.search(
                [("case_id.extra_signal_ids.note", "!=", False)]
            ),
        }

    def test_others_can_not_reach_signals_by_any_door(self):
        for role, user in self.others.items():
            for door, attempt in self.doors(user).items():
                with self.subTest(role=role, door=door):
                    with self.assertRaises(AccessError) as caught:
                        attempt()
                    self.assertNotIn(SECRET, str(caught.exception))
        self.assertEqual(self.signal.note, SECRET)

    def test_screens_of_others_do_not_mention_signals(self):
        case = self.env["buurtbemiddeling.case"]
        for user, seen in ((self.coordinator, False), (self.manager, False), (self.extra, True)):
            views = case.with_user(user).get_views([(False, "form"), (False, "search")])
            for view in views["views"].values():
                self.assertEqual("extra_signal_ids" in view["arch"], seen)
            self.assertEqual("extra_signal_ids" in case.with_user(user).fields_get(), seen)

    def test_others_see_that_the_case_is_complex_and_no_more(self):
        case = self.case.with_user(self.coordinator)
        self.assertTrue(case.is_complex)
        self.assertFalse(case.complexity_ids)
        self.signal.unlink()
        self.assertFalse(case.is_complex)
        case.complexity_ids = self.code("complexity", "TAAL")
        self.assertTrue(case.is_complex, "also without signals")

    def test_coordinator_outside_works_on_the_case_as_ever(self):
        with Form(self.case.with_user(self.coordinator)) as form:
            form.complexity_ids.add(self.code("complexity", "TAAL"))
        self.assertTrue(self.case.is_complex)
        self.assertTrue(self.make_case().with_user(self.coordinator).copy())
        case = self.make_quarrel()
        self.signal.copy({"case_id": case.id, "party_id": False})
        case.with_user(self.manager).unlink()

    def test_nothing_of_a_signal_is_in_messages_tracked_values_or_to_dos(self):
        self.signal.write({"note": SECRET + " again", "is_safety": True})
        self.signal.follow_up_date = date(2026, 5, 4)
        self.case.activity_ids.with_user(self.extra).action_done()
        self.env.flush_all()
        self.env.cr.precommit.run()
        for table in (
            "mail_message", "mail_tracking_value", "mail_activity", "mail_notification",
            "mail_mail", "bus_bus", "ir_attachment", "calendar_event",
        ):  # fmt: skip
            self.env.cr.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY (%s)",
                [["%voices%", "%mentally vulnerable%", "%extra.signal%"]],
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)

    def test_follow_up_is_a_bare_to_do_on_the_case(self):
        todo = self.case.activity_ids
        self.assertRecordValues(
            todo,
            [
                {
                    "user_id": self.extra.id,
                    "date_deadline": date(2026, 4, 6),
                    "summary": "To-Do",
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                }
            ],
        )
        self.assertFalse(todo.note)
        self.signal.follow_up_date = False
        self.assertFalse(self.case.activity_ids)

    def test_only_someone_of_the_small_group_looks_after_a_signal(self):
        for user in (self.coordinator, self.manager):
            with self.assertRaisesRegex(ValidationError, "Buurtbemiddeling Extra"):
                self.signal.user_id = user

    def test_case_with_signals_stays_in_its_organisation(self):
        bare = self.make_case(user_id=False)
        self.signal.copy({"case_id": bare.id, "party_id": False})
        with self.assertRaisesRegex(UserError, "stays in its organisation"):
            bare.sudo().company_id = self.other_company

    def test_signals_and_to_dos_move_with_a_merged_case_unseen_by_who_merges(self):
        older = self.make_quarrel(registration_date=date(2026, 3, 1))
        referral = self.env["buurtbemiddeling.onward.referral"].create(
            {
                "case_id": self.case.id,
                "party_id": self.case.party_ids[0].id,
                "partner_id": self.env["res.partner"].create({"name": "T"}).id,
                "date": date(2026, 3, 9),
                "return_date": date(2026, 4, 6),
            }
        )
        coaching = self.env["buurtbemiddeling.coaching"].create(
            {"case_id": self.case.id, "party_id": self.case.party_ids[1].id}
        )
        cases = (older | self.case).with_user(self.coordinator)
        kept = cases._merge(
            same=dict(zip(self.case.party_ids, older.party_ids, strict=True)), sides={}
        )
        self.env.invalidate_all()
        self.assertEqual(kept, older)
        for record in (self.signal, referral, coaching):
            self.assertEqual(record.case_id, older)
            self.assertEqual(record.party_id.case_id, older)
        self.assertTrue(older.is_complex)
        self.assertEqual(older.activity_ids, self.signal.sudo().activity_id | referral.activity_id)
        for operation in ("read", "write"):
            self.assertFalse(self.signal.with_user(self.coordinator).has_access(operation))
