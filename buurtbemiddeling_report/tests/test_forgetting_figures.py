"""Forgetting people changes no figure of any year, nor what any report says of it."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common_world import WORLD, YEAR, WorldCase

YEARS = (YEAR - 1, YEAR, YEAR + 1)
LONG_AFTER = date(YEAR + 12, 1, 15)
OURS = "buurtbemiddeling."
# of whose records the facts are; what the report module keeps are the figures themselves
HOLDS_FACTS = ("buurtbemiddeling_case", "buurtbemiddeling_volunteer")
# tables of facts that every figure, list and file is read from
FACTS = (
    "buurtbemiddeling.case.report",
    "buurtbemiddeling.volunteer.report",
    "buurtbemiddeling.cost.report",
    "buurtbemiddeling.missing.fact",
)
TARGETS = ("cases_registered", "success_of_handled", "own_days_median", "volunteers_active")


class ForgettingCase(WorldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = mail_new_test_user(
            cls.env,
            login="forgetting",
            groups="buurtbemiddeling_case.group_user,base.group_allow_export",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env["buurtbemiddeling.target"].create(
            [
                {
                    "indicator_id": cls.code("indicator", code).id,
                    "amount": 3,
                    "year": year,
                    "company_id": cls.company.id,
                }
                for code in TARGETS
                for year in YEARS
            ]
        )

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def make_people(self, cases, volunteers):
        """Give each party a contact or address, and a case what people write about it."""
        contacts = self.env["res.partner"].create(
            [{"name": f"Resident {i}", "email": f"{i}@example.com"} for i in range(len(cases))]
        )
        person = self.env["res.partner"].create(
            {"name": "Wil", "parent_id": self.partner.partner_id.id, "email": "wil@example.com"}
        )
        for number, (case, contact) in enumerate(zip(cases, contacts, strict=True)):
            party = case.party_ids[:1]
            if number % 3 and party:
                party.partner_id = contact
            party.write({"story": "What she told"})
            case.party_ids[1:].write({"street": "Dorpsstraat 3", "zip": "1234 AB"})
            if case.referral_partner_id and number % 2:
                case.referral_contact_id = person
            case.message_post(body="A note")
        talked = cases.filtered("party_ids")[:4]
        self.env["buurtbemiddeling.meeting"].create(
            [
                {
                    "case_id": case.id,
                    "party_ids": [Command.set(case.party_ids[:1].ids)],
                    "start": datetime.combine(case.registration_date, datetime.min.time())
                    + timedelta(days=3, hours=10),
                    "place": "phone",
                    "state": "done",
                }
                for case in talked
            ]
        )
        self.env["buurtbemiddeling.case.agreement"].create(
            [{"case_id": case.id, "name": "Music off at ten"} for case in talked]
        )
        if volunteers:
            self.env["buurtbemiddeling.coach.note"].create(
                [{"volunteer_id": volunteer.id, "note": "Listens"} for volunteer in volunteers]
            )
        self.env.flush_all()
        return contacts | person

    def forget(self, cases, volunteers, contacts):
        """Forget everybody at once, as the last day of every term would."""
        cases._anonymize()
        volunteers._anonymize()
        contacts.exists()._anonymize()
        self.env.flush_all()
        self.env.invalidate_all()

    def recompute(self):
        """Compute every stored fact that nobody may correct by hand, as updating a module can."""
        for name, model in sorted(self.env.items()):
            if model._original_module not in HOLDS_FACTS or not name.startswith(OURS):
                continue
            if not model._auto or model._abstract or model._transient:
                continue
            records = model.sudo().with_context(active_test=False).search([])
            for field in model._fields.values():
                if field.store and field.compute and field.readonly and records:
                    self.env.add_to_compute(field, records)
        self.env.flush_all()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # EVERYTHING THAT IS TOLD
    # ------------------------------------------------------------

    def read_everything(self, dates):
        """Return all figures, and all that is made of them, as ``{what: values}``."""
        told = {}
        for year in YEARS:
            for day in dates[year]:
                told |= self.read_benchmark(year, day)
        for model in FACTS:
            told[model] = self.read_facts(model)
        targets = self.env["buurtbemiddeling.target"].search([("year", "in", YEARS)])
        for target in targets.with_user(self.coordinator):
            told["target", target.year, target.indicator_id.code] = (
                target.actual, target.last_year, target.forecast, target.actual_text,
                target.last_year_text, target.forecast_text, target.state,
            )  # fmt: skip
        return told

    def read_benchmark(self, year, day):
        savepoint = self.env.cr.savepoint()
        try:
            benchmark = self.compute(year, reference_date=day)
            told = {
                ("line", year, day, *key): values
                for key, *values in (
                    (
                        (line.indicator_code, line.dimension, line.dimension_code),
                        line.numerator,
                        line.denominator,
                        line.value,
                        line.dimension_label,
                    )
                    for line in benchmark.line_ids
                )
            }
            self.assertEqual(len(told), len(benchmark.line_ids))
            told["missing", year, day] = benchmark.missing_count
            benchmark = benchmark.with_user(self.coordinator)
            told["case file", year, day] = self.read_case_file(benchmark)
            if day == date(year, 12, 31):
                report = self.env["buurtbemiddeling.year.report"].with_user(self.coordinator)
                report = report.create(
                    {"kind": "annual", "year": year, "company_id": self.company.id}
                )
                blocks = report._get_blocks(report.chapter_ids)
                told["report", year] = {
                    chapter.code: repr(blocks[chapter.id]) for chapter in report.chapter_ids
                }
            return told
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def read_case_file(self, benchmark):
        """Return its rows, which have no order, or why a file of so few cases is refused."""
        try:
            return sorted("".join(benchmark._stream_cases()).splitlines())
        except UserError as error:
            return str(error)

    def read_facts(self, model):
        """Return all rows of facts, less what names the people themselves."""
        facts = self.env[model].with_context(active_test=False)
        names = [
            name
            for name, field in facts._fields.items()
            if name not in ("referral_contact_id", "display_name", "nuisance_heading_ids")
            and not field.compute
        ]
        rows = facts.search([("company_id", "=", self.company.id)], order="id")
        return rows.with_context(active_test=False).read(names, load=None)

    def assertTold(self, before, after, when):
        different = {
            key: (before.get(key), after.get(key))
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        }
        self.assertFalse(different, f"told before, and {when}")


@tagged("post_install", "-at_install")
class TestForgettingFigures(ForgettingCase):
    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=4,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(WORLD)
    def test_forgetting_and_archiving_change_no_figure_of_any_year(self, world):
        savepoint = self.env.cr.savepoint()
        try:
            cases, volunteers = self.make_world(world)
            contacts = self.make_people(cases, volunteers)
            dates = {year: [date(year, 12, 31)] for year in YEARS}
            if world["reference"].year == YEAR:
                dates[YEAR].append(world["reference"])
            with freeze_time(LONG_AFTER):
                frozen = self.compute(YEAR)
                frozen.with_user(self.coordinator).action_freeze()
                before = self.read_everything(dates)
                self.assertTrue(before)
                self.forget(cases, volunteers, contacts)
                self.assertFalse(
                    cases.party_ids.filtered(lambda party: party.partner_id or party.story),
                    "they are forgotten",
                )
                self.assertTold(before, self.read_everything(dates), "after forgetting")
                self.recompute()
                self.assertTold(before, self.read_everything(dates), "after a module update")
                cases.write({"active": False})
                volunteers.write({"active": False})
                self.assertTold(before, self.read_everything(dates), "after archiving")
                frozen.with_user(self.coordinator).action_check()
                self.assertEqual(frozen.difference_count, 0, frozen.difference_ids.mapped("causes"))
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
