import random
from ast import literal_eval
from datetime import date, timedelta

from lxml import etree

from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")  # a Monday
class TestAttention(CaseCommon):
    """My day: what asks a coordinator's attention, counted once for every screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.corrie = cls.make_user("corrie", "buurtbemiddeling_case.group_user")

    def kind(self, code, user=None, **context):
        kind = self.code("attention", code).with_user(user or self.coordinator)
        return kind.with_context(allowed_company_ids=self.company.ids, **context)

    def found(self, code, user=None, **context):
        """Return what opens when the card is clicked, after checking it against the number."""
        kind = self.kind(code, user, **context)
        action = kind.action_open()
        records = kind.env[action["res_model"]].search(action["domain"])
        kind.invalidate_recordset()
        self.assertEqual(kind.record_count, len(records), code)
        return records.sudo()

    def assertFinds(self, code, found, not_found=()):
        records = self.found(code)
        for case in found:
            self.assertIn(case, records, code)
        for case in not_found:
            self.assertNotIn(case, records, code)

    def make(self, stage, **values):
        return self.make_case(stage_id=self.stage(stage).id, **values)

    def make_mixed_cases(self, count):
        """Create cases in all phases, with all sorts of dates, pauses and coordinators."""
        dice = random.Random(14)
        today = date.today()
        stages = self.env["buurtbemiddeling.case.stage"].search([])
        outcomes = self.env["buurtbemiddeling.outcome"].search([])
        cases = self.env["buurtbemiddeling.case"]
        for _index in range(count):
            stage = dice.choice(stages)
            registered = today - timedelta(days=dice.randrange(60))
            case = self.make_case(
                stage_id=stage.id,
                registration_date=registered,
                stage_date=registered + timedelta(days=dice.randrange(15)),
                user_id=dice.choice([self.coordinator.id, self.corrie.id, False]),
                outcome_id=dice.choice(outcomes).id if stage.is_closed else False,
                neighbour_name=dice.choice(["Bert", False]),
            )
            if dice.random() < 0.4:
                day = max(registered, today + timedelta(days=dice.randrange(-20, 5)))
                case.pause_ids = [
                    Command.create(
                        {
                            "date_from": day,
                            "date_to": dice.choice([False, day + timedelta(days=10)]),
                        }
                    )
                ]
            if dice.random() < 0.5:
                case.last_contact_date = today - timedelta(days=dice.randrange(30))
            cases |= case.sudo()
        return cases

    # ------------------------------------------------------------
    # THE KINDS
    # ------------------------------------------------------------

    def test_new_requests(self):
        self.assertFinds("NEW", [self.make("new")], [self.make("intake")])

    def test_late_and_due_agree_with_the_badge_on_the_card(self):
        """Also for paused cases: they are not late."""
        cases = self.make_mixed_cases(60)
        statuses = {case: case.stage_status for case in cases}
        self.assertEqual(
            set(statuses.values()), {"on_time", "due", "late", "paused", False}, "a fair sample"
        )
        for status in set(statuses.values()):
            with self.subTest(status=status):
                self.assertEqual(
                    cases.search([("id", "in", cases.ids), ("stage_status", "=", status)]),
                    cases.filtered(lambda case, status=status: statuses[case] == status).sorted(),
                )
        for code, status in (("LATE", "late"), ("DUE", "due")):
            self.assertEqual(
                self.found(code, attention_scope="everyone"),
                cases.filtered(lambda case, status=status: statuses[case] == status).sorted(),
            )

    def test_silence_of_more_than_14_days(self):
        today = date.today()
        silent = self.make("talk_a", last_contact_date=today - timedelta(days=15))
        recent = self.make("talk_a", last_contact_date=today - timedelta(days=14))
        never = self.make("intake", registration_date=today - timedelta(days=15))
        fresh = self.make("intake", registration_date=today - timedelta(days=14))
        paused = self.make("intake", registration_date=today - timedelta(days=40))
        paused.pause_ids = [Command.create({"date_from": today})]
        aftercare = self.make("aftercare", registration_date=today - timedelta(days=40))
        closed = self.make("closed", close_date=today - timedelta(days=40),
                           registration_date=today - timedelta(days=50))  # fmt: skip
        self.assertFinds("SILENT", [silent, never], [recent, fresh, paused, aftercare, closed])

    def test_number_of_days_is_changed_in_one_place(self):
        case = self.make("intake", registration_date=date.today() - timedelta(days=15))
        self.assertFinds("SILENT", [case])
        kind = self.kind("SILENT", self.manager)
        kind.domain = kind.domain.replace("-14d", "-21d")
        self.assertFinds("SILENT", [], [case])
        self.assertNotIn(case, case.search([("attention_ids.code", "=", "SILENT")]))

    def test_aftercare_is_due_on_its_planned_day(self):
        today = date.today()

        def ended(outcome="OPG_BEM", **values):
            return self.make(
                "closed",
                registration_date=today - timedelta(days=60),
                close_date=today - timedelta(days=20),
                outcome_id=self.code("outcome", outcome).id,
                **values,
            )

        due, later, done, unsuitable = ended(), ended(), ended(), ended("ONGESCHIKT")
        due.aftercare_planned_date = today
        later.aftercare_planned_date = today + timedelta(days=1)
        done.write({"aftercare_planned_date": today, "aftercare_date": today})
        self.assertFinds("AFTERCARE", [due], [later, done, unsuitable])

    def test_feedback_is_owed_until_the_referrer_was_told(self):
        partner = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Police"}).id,
                "referrer_type_id": self.code("referrer.type", "POLITIE").id,
                "company_id": self.company.id,
            }
        )
        owed = self.make("closed", referral_partner_id=partner.id)
        told = self.make("closed", referral_partner_id=partner.id)
        told.feedback_date = date.today()
        still_open = self.make("intake", referral_partner_id=partner.id)
        self.assertFinds("FEEDBACK", [owed], [told, still_open, self.make("closed")])

    def test_known_neighbour_is_told_that_data_are_registered(self):
        known = self.make_quarrel()
        street_only = self.make_quarrel(neighbour_name=False)
        told = self.make_quarrel()
        told.party_ids.filtered(lambda party: party.side == "b").informed_date = date.today()
        self.assertFinds("INFORM", [known], [street_only, told])

    def test_talks_of_today_and_talks_to_note(self):
        case = self.make("talk_a")
        talks = self.env["buurtbemiddeling.meeting"].with_user(self.coordinator)
        yesterday, tonight, tomorrow, cancelled = talks.create(
            [
                {"case_id": case.id, "start": start, "state": state}
                for start, state in (
                    ("2026-03-15 19:00:00", "planned"),
                    ("2026-03-16 19:00:00", "planned"),
                    ("2026-03-17 19:00:00", "planned"),
                    ("2026-03-16 20:00:00", "cancelled"),
                )
            ]
        )
        self.assertFinds("TALK_TODAY", [tonight], [yesterday, tomorrow, cancelled])
        self.assertFinds("TALK_PAST", [yesterday], [tonight, tomorrow, cancelled])
        yesterday.state = "done"
        self.assertFinds("TALK_PAST", [], [yesterday])

    def test_what_opens_has_its_views(self):
        for kind in self.env["buurtbemiddeling.attention"].with_user(self.coordinator).search([]):
            action = kind.action_open()
            views = kind.env[action["res_model"]].get_views(action["views"])["views"]
            self.assertEqual(action["views"][0][1], "list")
            self.assertNotIn("default_group_by", views.get("kanban", {}).get("arch", ""))

    def test_today_is_the_day_of_the_user(self):
        """Half past eleven at night in the Netherlands is still that day."""
        self.coordinator.tz = "Europe/Amsterdam"
        talk = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": self.make("talk_a").id, "start": "2026-03-15 23:30:00"}
        )
        self.assertIn(talk, self.found("TALK_TODAY"))

    # ------------------------------------------------------------
    # WHOSE
    # ------------------------------------------------------------

    def test_my_day_is_of_own_cases_and_nobodys(self):
        own = self.make("new")
        nobodys = self.make("new", user_id=False)
        colleagues = self.make("new", user_id=self.corrie.id)
        self.assertFinds("NEW", [own, nobodys], [colleagues])
        everyone = self.found("NEW", attention_scope="everyone")
        self.assertLessEqual(own | nobodys | colleagues, everyone)
        self.assertEqual(self.kind("NEW").care_text, "1 without coordinator")
        self.assertFalse(self.kind("NEW", attention_scope="everyone").care_text)

    def test_cases_of_a_coordinator_who_left_are_nobodys(self):
        case = self.make("intake", user_id=self.corrie.id)
        self.assertFinds("UNASSIGNED", [], [case])
        self.corrie.active = False
        self.assertFinds("UNASSIGNED", [case])
        self.assertEqual(case.care, "nobody")

    def test_stand_in_finds_the_cases_of_who_is_away(self):
        case = self.make("new", user_id=self.corrie.id)
        self.env["buurtbemiddeling.absence"].create(
            {
                "user_id": self.corrie.id,
                "stand_in_id": self.coordinator.id,
                "company_id": self.company.id,
                "date_from": "2026-03-16",
                "date_to": "2026-03-20",
            }
        )
        self.assertFinds("NEW", [case])
        self.assertEqual(self.kind("NEW").care_text, "1 for Corrie Tester")
        self.assertEqual(case.care, "stand_in")
        self.assertEqual(case.user_id, self.corrie, "the case stays of the coordinator")
        self.assertNotIn(case, self.found("NEW", self.manager))
        with freeze_time("2026-03-21 09:00:00"):
            self.env.invalidate_all()
            self.assertFinds("NEW", [], [case])

    def test_care_on_the_case_agrees_with_finding_by_it(self):
        cases = self.make_mixed_cases(20).with_user(self.coordinator)
        for care in ("own", "stand_in", "nobody", False):
            self.assertEqual(
                cases.search([("id", "in", cases.ids), ("care", "=", care)]),
                cases.filtered(lambda case, care=care: case.care == care).sorted(),
            )

    def test_cases_of_another_organisation_are_not_counted(self):
        self.make_case(self.stranger, company_id=self.other_company.id, user_id=False)
        self.assertFalse(self.found("NEW"))

    # ------------------------------------------------------------
    # ONE SOURCE FOR EACH NUMBER
    # ------------------------------------------------------------

    def test_number_is_that_of_the_list_it_opens_and_of_the_tags_and_the_filters(self):
        cases = self.make_mixed_cases(40).with_user(self.coordinator)
        arch = etree.fromstring(cases.get_view(view_type="search")["arch"])
        codes = {
            "new": "NEW", "late": "LATE", "due": "DUE", "silent": "SILENT",
            "aftercare_due": "AFTERCARE", "feedback_owed": "FEEDBACK", "inform": "INFORM",
            "unassigned": "UNASSIGNED",
        }  # fmt: skip
        for name, code in codes.items():
            with self.subTest(filter=name):
                found = self.found(code, attention_scope="everyone").sudo(False)
                self.assertTrue(self.found(code) or code == "FEEDBACK", "a fair sample")
                tagged = cases.filtered(
                    lambda case, code=code: code in case.attention_ids.mapped("code")
                )
                self.assertEqual(tagged.sorted().ids, found.ids)
                [node] = arch.xpath(f"//filter[@name='{name}']")
                domain = Domain(literal_eval(node.get("domain")))
                if name == "unassigned":
                    domain &= Domain("is_closed", "=", False)
                self.assertEqual(cases.search(domain).ids, found.ids)

    def test_every_filter_and_group_of_the_list_works(self):
        cases = self.make_mixed_cases(5).with_user(self.coordinator)
        arch = etree.fromstring(cases.get_view(view_type="search")["arch"])
        for node in arch.iter("filter"):
            with self.subTest(filter=node.get("name")):
                if node.get("domain"):
                    cases.search(safe_eval(node.get("domain"), {"uid": self.coordinator.id}))
                elif node.get("context"):
                    group = literal_eval(node.get("context"))["group_by"]
                    groups = cases.formatted_read_group(
                        [("id", "in", cases.ids)], [group], ["__count"]
                    )
                    self.assertEqual(sum(g["__count"] for g in groups), len(cases))

    def test_attention_is_found_by_name(self):
        case = self.make("new")
        found = case.search([("attention_ids", "ilike", "new requests")])
        self.assertIn(case, found)
        self.assertNotIn(case, case.search([("attention_ids", "not ilike", "new requests")]))

    def test_nothing_on_the_case_that_can_be_grouped_by_is_a_person_in_the_quarrel(self):
        fields = self.env["buurtbemiddeling.case"].with_user(self.coordinator).fields_get()
        for name, field in fields.items():
            if field.get("groupable") and name != "referral_contact_id":  # works for a referrer
                self.assertNotIn(
                    field.get("relation"), ("res.partner", "buurtbemiddeling.case.party"), name
                )
                self.assertFalse(name.startswith(("reporter_", "neighbour_")), name)

    # ------------------------------------------------------------
    # KINDS ARE DATA
    # ------------------------------------------------------------

    def test_administrator_adds_a_kind(self):
        self.env["buurtbemiddeling.attention"].with_user(self.manager).create(
            {
                "code": "COMPLEX",
                "name": "Complex",
                "domain": "[('is_complex', '=', True), ('is_closed', '=', False)]",
            }
        )
        case = self.make(
            "intake", complexity_ids=[Command.set(self.code("complexity", "TAAL").ids)]
        )
        self.assertFinds("COMPLEX", [case], [self.make("intake")])

    def test_what_can_not_be_searched_for_is_refused_in_words(self):
        kind = self.kind("SILENT", self.manager)
        for domain in (
            "nonsense",
            "[('no_such_field', '=', 1)]",
            "[('last_contact_date', '<', 'today -14x')]",
            "[('attention_ids', '=', 1)]",
            "[('care', '=', 'own')]",
            "__import__('os')",
        ):
            with self.subTest(domain=domain), self.assertRaisesRegex(ValidationError, "searched"):
                kind.domain = domain

    def test_feedback_owed_opens_with_the_referrer_and_the_button_to_tell_him(self):
        views = dict((mode, view) for view, mode in self.kind("FEEDBACK").action_open()["views"])
        module = "buurtbemiddeling_case.buurtbemiddeling_case_view_"
        self.assertEqual(views["list"], self.env.ref(f"{module}list_feedback_owed").id)
        self.assertEqual(views["kanban"], self.env.ref(f"{module}kanban_feedback_owed").id)
        views = dict((mode, view) for view, mode in self.kind("LATE").action_open()["views"])
        self.assertFalse(views["list"])

    def test_my_day_begins_with_what_there_is_to_do(self):
        self.make_mixed_cases(6)
        kinds = self.env["buurtbemiddeling.attention"].with_user(self.coordinator)
        rows = kinds.web_search_read([("in_my_day", "=", True)], {"record_count": {}})["records"]
        counts = [row["record_count"] for row in rows]
        todo = sum(map(bool, counts))
        self.assertTrue(0 < todo < len(counts))
        self.assertTrue(all(counts[:todo]))
        # and among those the order of the list of kinds
        order = kinds.search([("in_my_day", "=", True)]).ids
        places = [order.index(row["id"]) for row in rows]
        self.assertEqual(places, sorted(places[:todo]) + sorted(places[todo:]))

    def test_opening_my_day_costs_the_same_with_more_cases(self):
        kinds = self.env["buurtbemiddeling.attention"].with_user(self.coordinator)

        def my_day():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            kinds.web_search_read(
                [("in_my_day", "=", True)], {"name": {}, "record_count": {}, "care_text": {}}
            )
            return self.env.cr.sql_log_count - before

        self.make_mixed_cases(3)
        my_day()
        few = my_day()
        self.make_mixed_cases(30)
        self.assertEqual(my_day(), few)
        shown = kinds.search_count([("in_my_day", "=", True)])
        self.assertLessEqual(few, 3 * shown)
