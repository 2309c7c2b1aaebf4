from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_criterion import CRITERION, EVIDENCE, CriterionCase


@tagged("post_install", "-at_install")
class TestCriterionEvidence(CriterionCase):
    def test_figure_is_measured_on_the_one_path_over_the_last_12_months(self):
        evidence = self.make_evidence(
            "figure", indicator_id=self.indicator("success_of_closed").id, norm=0.7
        )
        self.assertEqual(self.measure(evidence).state, "unknown", "no cases to count")
        self.make_closed("OPG_BEM")
        self.make_closed("OPG_BEM")
        self.make_closed("NIET_OPG", days_ago=400)
        self.assertEqual(self.measure(evidence), ("met", "100.0 % (of 2)", False))
        self.make_closed("NIET_OPG")
        self.assertEqual(
            self.measure(evidence),
            ("gap", "66.7 % (of 3)", "Shown: 66.7 % (of 3), asked is at least 70.0 %."),
        )
        evidence.norm = 0.6
        self.assertEqual(self.measure(evidence).state, "met", "the norm is data")

    def test_figure_of_last_year_equals_the_benchmark_of_that_year(self):
        for days_ago in range(20, 700, 30):
            self.make_closed("OPG_BEM" if days_ago % 60 else "NIET_OPG", days_ago=days_ago)
        year = self.today.year - 1
        benchmark = self.env["buurtbemiddeling.benchmark"].create(
            {"year": year, "company_id": self.company.id}
        )
        benchmark.action_compute()
        for code in ("success_of_closed", "own_days_median", "cases_closed"):
            line = benchmark.key_line_ids.filtered(lambda line, c=code: line.indicator_code == c)
            evidence = self.make_evidence(
                "figure", indicator_id=self.indicator(code).id, period="year", norm=0
            )
            self.assertTrue(line.numerator)
            self.assertTrue(self.measure(evidence).figure.startswith(line.value_text), code)

    def test_figure_may_be_asked_to_be_at_most(self):
        self.make_closed("OPG_BEM")
        values = {"indicator_id": self.indicator("own_days_median").id, "comparison": "max"}
        self.assertEqual(self.measure(self.make_evidence("figure", norm=10, **values)).state, "met")
        late = self.measure(self.make_evidence("figure", norm=9, **values))
        self.assertEqual(late.state, "gap")
        self.assertIn("at most 9.0 days", late.gap)

    def test_figure_on_volunteers_and_ratio_are_measured_too(self):
        values = {"period": "year", "norm": 2}
        active = self.make_evidence(
            "figure", indicator_id=self.indicator("volunteers_active").id, **values
        )
        ratio = self.make_evidence(
            "figure", indicator_id=self.indicator("cases_per_mediator").id, **values
        )
        hours = self.make_evidence("figure", indicator_id=self.indicator("trained_hours").id)
        self.assertEqual(self.measure(ratio).figure, "Nothing to count")
        self.assertEqual(self.measure(hours).state, "unknown")
        vera = self.make_volunteer("Vera")
        vera.date_start = self.today - relativedelta(years=3)
        self.assertEqual(self.measure(active), ("gap", "1", "Shown: 1, asked is at least 2."))
        wim = self.make_volunteer("Wim")
        wim.date_start = self.today - relativedelta(years=3)
        self.assertEqual(self.measure(active), ("met", "2", False))
        last_year = self.today.replace(year=self.today.year - 1, month=6, day=1)
        self.env["buurtbemiddeling.case"].create(
            [{"company_id": self.company.id, "registration_date": last_year} for _i in range(3)]
        )
        self.assertEqual(
            self.measure(ratio),
            ("gap", "1.5 (of 2)", "Shown: 1.5 (of 2), asked is at least 2.0."),
        )
        benchmark = self.env["buurtbemiddeling.benchmark"].create(
            {"year": last_year.year, "company_id": self.company.id}
        )
        benchmark.action_compute()
        for evidence in (active, ratio):
            line = benchmark.key_line_ids.filtered(
                lambda line, e=evidence: line.indicator_id == e.indicator_id
            )
            self.assertTrue(self.measure(evidence).figure.startswith(line.value_text))
        action = active.with_user(self.coordinator).action_open()
        found = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(found.search(action["domain"]), vera | wim)

    def test_figure_on_volunteers_is_of_the_own_organisation(self):
        evidence = self.make_evidence(
            "figure", indicator_id=self.indicator("volunteers_active").id, criterion=self.shared()
        )
        self.make_volunteer("Vera").date_start = self.today - relativedelta(years=3)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.measure(evidence).figure, "1")
        self.assertEqual(self.measure(evidence, other).figure, "0")

    def test_shipped_evidence_uses_the_figures_of_the_norms(self):
        codes = self.env[EVIDENCE].search([("company_id", "=", False)]).indicator_id.mapped("code")
        self.assertLessEqual({"intake_within_norm", "aftercare_within_norm"}, set(codes))

    def test_figure_that_was_not_chosen_is_not_known(self):
        self.assertEqual(self.measure(self.make_evidence("figure")).state, "unknown")

    def test_requirement_is_the_share_of_active_mediators_who_meet_it(self):
        evidence = self.make_evidence("requirement", requirement_kind="confidentiality", norm=1)
        self.assertEqual(self.measure(evidence).state, "unknown", "nobody to count")
        self.make_volunteer("Vera")
        self.make_volunteer("Piet", stage="interest")
        self.assertEqual(self.measure(evidence), ("met", "1 of 1 mediators", False))
        self.make_volunteer("Wim", ready=False)
        self.assertEqual(
            self.measure(evidence),
            ("gap", "1 of 2 mediators", "Shown: 1 of 2 mediators, asked is at least 100 %."),
        )
        evidence.norm = 0.5
        self.assertEqual(self.measure(evidence).state, "met")

    def test_requirement_that_lapses_within_its_warning_is_nearly(self):
        evidence = self.make_evidence("requirement", requirement_kind="insurance", norm=1)
        vera = self.make_volunteer("Vera")
        self.sign(
            vera,
            "insurance",
            day=self.today - timedelta(days=100),
            valid_until=self.today + timedelta(days=20),
        )
        measured = self.measure(evidence)
        self.assertEqual(measured.state, "nearly")
        self.assertEqual(measured.figure, "1 of 1 mediators, of whom 1 lapse soon")
        vera.document_ids.filtered(lambda one: one.kind == "insurance").valid_until = (
            self.today - timedelta(days=1)
        )
        self.assertEqual(self.measure(evidence).state, "gap")

    def test_protocol_is_there_and_accepted(self):
        evidence = self.make_evidence("protocol", norm=1)
        self.assertEqual(self.measure(evidence).state, "gap")
        self.assertIn("publish", self.measure(evidence).gap)
        vera, wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        protocol = self.env["buurtbemiddeling.protocol"].create(
            {"version": "1", "company_id": self.company.id}
        )
        self.assertEqual(self.measure(evidence).state, "gap", "a draft does not count")
        protocol.action_publish()
        self.accept(protocol, vera)
        self.assertEqual(self.measure(evidence).figure, "1 of 2 mediators")
        self.assertEqual(self.measure(evidence).state, "gap")
        protocol.date_grace = self.today + timedelta(days=10)
        self.assertEqual(self.measure(evidence).state, "nearly", "there is time left")
        self.accept(protocol, wim)
        self.assertEqual(self.measure(evidence), ("met", "2 of 2 mediators", False))

    def accept(self, protocol, volunteer):
        self.env["buurtbemiddeling.protocol.acceptance"].create(
            {"protocol_id": protocol.id, "volunteer_id": volunteer.id, "date": self.today}
        )

    def test_document_counts_until_it_lapses(self):
        evidence = self.make_evidence("document", warning_days=30)
        self.assertEqual(self.measure(evidence).state, "gap")
        self.make_document(evidence, date=self.today + timedelta(days=1))
        self.assertEqual(self.measure(evidence).state, "gap", "a document of tomorrow is none yet")
        paper = self.make_document(evidence, date=self.today - timedelta(days=400))
        self.assertEqual(self.measure(evidence).state, "met", "no end")
        for days, state in ((31, "met"), (29, "nearly"), (0, "nearly"), (-1, "gap")):
            paper.valid_until = self.today + timedelta(days=days)
            self.assertEqual(self.measure(evidence).state, state, days)
        self.assertIn("lapsed on", self.measure(evidence).gap)
        self.make_document(evidence, name="New paper")
        self.assertEqual(self.measure(evidence).state, "met", "the one valid longest counts")
        self.assertIn("New paper", self.measure(evidence).figure)

    def test_statement_by_hand_has_a_date_and_who(self):
        evidence = self.make_evidence("statement")
        self.assertEqual(self.measure(evidence).state, "gap")
        statement = self.make_document(evidence, text="On the website")
        self.assertEqual((statement.date, statement.user_id), (self.today, self.env.user))
        self.assertEqual(self.measure(evidence).state, "met")

    def test_meetings_held_in_the_last_12_months(self):
        evidence = self.make_evidence("meeting", training_kind="peer", norm=2)
        training = self.env["buurtbemiddeling.training"].create(
            {"name": "Peer review", "kind": "peer", "hours": 3}
        )
        for days, state in ((10, "done"), (100, "done"), (400, "done"), (20, "cancelled")):
            start = fields.Datetime.now() - timedelta(days=days)
            session = self.env["buurtbemiddeling.training.session"].create(
                {
                    "training_id": training.id,
                    "company_id": self.company.id,
                    "event_ids": [
                        (
                            0,
                            0,
                            {"name": "x", "start": start, "stop": start + timedelta(hours=3)},
                        )
                    ],
                }
            )
            session.state = state
        self.assertEqual(self.measure(evidence), ("met", "2 held in the last 12 months", False))
        evidence.norm = 3
        self.assertEqual(self.measure(evidence).state, "gap")

    def test_retention_counts_what_is_kept_longer_than_its_term(self):
        evidence = self.make_evidence("retention", warning_days=30)
        self.company.buurtbemiddeling_retention_months = 12
        self.assertEqual(self.measure(evidence).state, "met")
        term = (self.today - (self.today - relativedelta(months=12))).days
        self.make_closed("OPG_BEM", days_ago=term - 10)
        self.assertEqual(self.measure(evidence).state, "nearly")
        old = self.make_closed("OPG_BEM", days_ago=term + 10, active=False)
        measured = self.measure(evidence)
        self.assertEqual((measured.state, measured.figure), ("gap", "1 kept too long, 1 soon"))
        self.company.buurtbemiddeling_retention_months = 24
        self.assertEqual(self.measure(evidence).state, "met", "the term is a setting")
        self.company.buurtbemiddeling_retention_months = 12
        old._anonymize()
        self.assertEqual(self.measure(evidence).state, "nearly", "it is removed")

    def test_retention_respects_what_is_kept_longer_for_a_reason(self):
        evidence = self.make_evidence("retention", warning_days=30)
        held = self.make_closed("OPG_BEM", days_ago=3000)
        self.assertEqual(self.measure(evidence).state, "gap")
        held.write(
            {
                "retention_hold_reason": "A complaint",
                "retention_hold_until": self.today + timedelta(days=90),
            }
        )
        self.assertEqual(self.measure(evidence).state, "met")

    def test_retention_counts_volunteers_and_mail_by_their_own_terms(self):
        evidence = self.make_evidence("retention", warning_days=30)
        self.env["buurtbemiddeling.unsorted.mail"].create(
            {
                "company_id": self.company.id,
                "email_from": "someone@example.com",
                "date": self.today - timedelta(days=3000),
                "reason": "sender",
            }
        )
        self.assertEqual(self.measure(evidence).figure, "1 kept too long, 0 soon")

    def test_retention_term_is_at_least_a_month(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.buurtbemiddeling_retention_months = 0
            self.company.flush_recordset()

    def test_criterion_stands_where_its_worst_evidence_stands(self):
        self.assertEqual(self.criterion.state, "unknown", "without evidence nothing is known")
        self.make_document(self.make_evidence("document"))
        soon = self.make_evidence("document", name="Soon")
        paper = self.make_document(soon, valid_until=self.today + timedelta(days=5))
        self.env.invalidate_all()
        self.assertEqual(self.criterion.state, "nearly")
        paper.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.criterion.state, "gap")
        self.assertIn("Soon: add it", self.criterion.gaps)
        found = self.env[CRITERION].search([("state", "=", "gap")])
        self.assertIn(self.criterion, found)
        self.assertFalse(found.filtered(lambda one: one.state != "gap"))

    def test_organisations_are_measured_apart(self):
        evidence = self.make_evidence("document", criterion=self.shared())
        self.make_document(evidence)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.measure(evidence).state, "met")
        self.assertEqual(self.measure(evidence, other).state, "gap")
        mediators = self.make_evidence(
            "requirement", requirement_kind="agreement", criterion=self.shared("B")
        )
        self.make_volunteer("Vera")
        self.assertEqual(self.measure(mediators).state, "met")
        self.assertEqual(self.measure(mediators, other).state, "unknown")
        self.env.user.company_ids |= other
        here = evidence.with_company(self.company)
        self.assertEqual((here.state, here.with_company(other).state), ("met", "gap"))

    def shared(self, code="A"):
        return self.env[CRITERION].create({"name": code, "code": f"SHARED_{code}"})

    def test_note_and_responsible_are_of_the_own_organisation(self):
        other = self.env["res.company"].create({"name": "Other"})
        criterion = self.shared()
        criterion.write({"note": "Ours only", "user_id": self.manager.id})
        theirs = criterion.with_company(other)
        self.assertFalse(theirs.note or theirs.user_id)

    def test_own_criterion_takes_the_place_of_the_shared_one(self):
        shared = self.shared()
        evidence = self.make_evidence("document", criterion=shared)
        paper = self.make_document(evidence)
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.make_document(evidence, company_id=other.id)
        criteria = self.env[CRITERION]
        self.assertIn(shared, criteria._get_of_company(self.company))
        criteria.action_make_own()
        own = criteria.search([("code", "=", shared.code), ("company_id", "=", self.company.id)])
        self.assertEqual(len(own), 1)
        self.assertEqual(paper.evidence_id, own.evidence_ids, "its documents come along")
        self.assertEqual(theirs.evidence_id, evidence, "and those of others stay")
        self.assertNotIn(shared, criteria._get_of_company(self.company))
        self.assertIn(shared, criteria._get_of_company(other))
        self.assertTrue(shared.is_replaced)
        own.active = False
        codes = criteria._get_of_company(self.company).mapped("code")
        self.assertNotIn(shared.code, codes, "an own one that is archived leaves it out")

    def test_link_opens_the_place_where_it_is_mended(self):
        vera, wim = self.make_volunteer("Vera"), self.make_volunteer("Wim", ready=False)
        self.make_closed("OPG_BEM")
        missed = self.make_closed("NIET_OPG")
        expected = {
            self.make_evidence(
                "figure", indicator_id=self.indicator("success_of_closed").id
            ): missed,
            self.make_evidence("requirement", requirement_kind="agreement"): wim,
        }
        for evidence, records in expected.items():
            action = evidence.with_user(self.coordinator).action_open()
            found = self.env[action["res_model"]].with_context(**action["context"])
            self.assertEqual(found.search(action["domain"]), records, evidence.kind)
        for kind, values in {
            "protocol": {},
            "document": {},
            "statement": {},
            "meeting": {"training_kind": "peer"},
        }.items():
            evidence = self.make_evidence(kind, **values)
            action = evidence.with_user(self.coordinator).action_open()
            self.env[action["res_model"]].with_user(self.coordinator).search(action["domain"])
        action = self.make_evidence("retention").with_user(self.coordinator).action_open()
        self.assertEqual(action["res_model"], "buurtbemiddeling.retention.run")
        self.assertTrue(vera)

    def test_what_can_not_be_measured_is_refused_in_words(self):
        for kind, values in {"requirement": {}, "meeting": {}, "protocol": {"norm": 2}}.items():
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.make_evidence(kind, **values)
        with self.assertRaisesRegex(ValidationError, "measured by itself"):
            self.make_document(self.make_evidence("retention"))
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "of your own"):
            self.make_document(self.make_evidence("document"), company_id=other.id)

    def test_number_of_queries_does_not_grow_with_volunteers_cases_or_evidence(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            evidence = self.env[EVIDENCE].search([("company_id", "=", self.company.id)])
            evidence.mapped("state")
            return self.env.cr.sql_log_count - before

        def grow():
            for kind in ("agreement", "confidentiality"):
                self.make_evidence("requirement", requirement_kind=kind)
            for code in ("success_of_closed", "feedback_share"):
                self.make_evidence("figure", indicator_id=self.indicator(code).id)
            self.make_document(self.make_evidence("document"))
            self.make_evidence("retention")

        grow()
        self.make_volunteer("Vera")
        self.make_closed("OPG_BEM")
        count()
        few = count()
        for index in range(5):
            grow()
            self.make_volunteer(f"Wim {index}")
            self.make_closed("NIET_OPG")
        self.assertLessEqual(count(), few)
