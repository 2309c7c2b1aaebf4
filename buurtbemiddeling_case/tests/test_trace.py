from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.buurtbemiddeling_trace_mixin import traced
from .common_trace import MARKER, TraceCase
from .test_performance import CARD

PEOPLE = {"party", "case", "volunteer", "applicant", "sender"}


@tagged("post_install", "-at_install")
class TestTrace(TraceCase):
    # ------------------------------------------------------------
    # WHAT LEAVES A TRACE
    # ------------------------------------------------------------

    def test_every_model_with_data_of_people_leaves_a_trace(self):
        mixin = self.env.registry["buurtbemiddeling.trace.mixin"]
        lines = self.env["buurtbemiddeling.personal.data"]._get_fields()
        personal = {line.model for line in lines if line.about in PEOPLE} & set(self.env)
        self.assertIn("buurtbemiddeling.case.party", personal)
        self.assertEqual(
            {name for name in personal if not isinstance(self.env[name], mixin)},
            set(),
            "Add buurtbemiddeling.trace.mixin to _inherit of these models",
        )

    def test_opening_a_case_is_kept_once_and_without_its_parties(self):
        self.case.web_read(Form(self.case)._view["fields_spec"])
        self.assertEqual(
            self.rows(),
            [("open", "buurtbemiddeling.case", self.case.ids, self.coordinator)],
        )

    # what screens do not call, but whoever knows the way does

    def test_the_doors_of_programs_to_a_case_are_traced_as_well(self):
        doors = {
            "read": lambda: self.case.read(["name"]),
            "read all": lambda: self.case.read(),
            "onchange": lambda: self.case.onchange({}, [], {"name": {}}),
            "save": lambda: self.case.web_save({}, {"name": {}}),
        }
        for door, call in doors.items():
            with self.subTest(door=door):
                self.forget()
                call()
                self.assertTraced("open", self.case)

    def test_the_doors_of_programs_to_a_list_are_traced_as_well(self):
        both = self.case | self.make_quarrel()
        parties, of_both = both.party_ids, [("case_id", "in", both.ids)]
        lists = {
            "read": lambda: parties.read(["story"]),
            "search_read": lambda: parties.search_read(of_both, ["story"]),
            "web_search_read": lambda: parties.web_search_read(of_both, {"story": {}}),
            "array_agg": lambda: parties.formatted_read_group(of_both, [], ["story:array_agg"]),
            "group by text": lambda: parties.formatted_read_group(of_both, ["street"], ["__count"]),
            "grouping sets": lambda: parties.formatted_read_grouping_sets(
                of_both, [["street"]], ["__count"]
            ),
        }
        for door, call in lists.items():
            with self.subTest(door=door):
                self.forget()
                call()
                self.assertTraced("list", parties)

    def test_a_board_that_shows_cases_is_traced_as_well(self):
        both = self.case | self.make_quarrel()
        self.forget()
        both.web_read_group(
            [("id", "in", both.ids)],
            ["stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=CARD,
        )
        self.assertTraced("list", both)

    def forget(self):
        """Empty the trace, as the vacuum would in a year: what comes is not a repeat."""
        self.env.cr.execute("DELETE FROM buurtbemiddeling_trace")

    def test_figures_and_links_are_no_use_of_a_record(self):
        self.case.web_read_group([], ["stage_id"], ["__count"])
        self.case.formatted_read_group([], ["registration_date:month"], ["__count"])
        self.case.web_read({})
        self.case.read(["id"])
        self.party.web_read({"id": {}})
        self.env["buurtbemiddeling.referral.form"].with_user(self.coordinator).web_search_read(
            [], {"case_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(self.rows(), [])

    def test_what_code_reads_for_itself_is_no_use(self):
        self.case.sudo().read(["name"])
        self.case.party_ids.mapped("story")
        self.case.search_fetch([], ["name"])
        self.assertEqual(self.rows(), [])

    def test_nobody_switches_the_trace_off_from_outside(self):
        for value in (True, 1, "TRACED"):
            with self.subTest(value=value):
                self.forget()
                self.case.with_context(buurtbemiddeling_traced=value).read(["name"])
                self.assertTraced("open", self.case)

    def test_a_contact_of_a_resident_is_traced_and_others_are_not(self):
        resident = self.party.sudo().partner_id
        office = self.env["res.partner"].create({"name": "Office"})
        contacts = (resident | office).with_user(self.coordinator)
        contacts.read(["phone"])
        self.assertEqual(self.rows(), [("list", "res.partner", resident.ids, self.coordinator)])
        self.forget()
        office.with_user(self.colleague).read(["phone"])
        self.assertEqual(self.rows(), [])

    def test_messages_and_files_of_a_case_are_traced_and_others_are_not(self):
        message = self.party.message_post(body=MARKER)
        other = self.coordinator.partner_id.message_post(body="Hello")
        file = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": self.party._name, "res_id": self.party.id}
        )
        self.forget()
        both = (message | other).with_user(self.coordinator)
        both.search_read([("id", "in", both.ids)], ["body"])
        self.assertEqual(self.rows(), [("list", "mail.message", message.ids, self.coordinator)])
        self.forget()
        file.with_user(self.coordinator).read(["raw"])
        self.assertEqual(self.rows(), [("open", "ir.attachment", file.ids, self.coordinator)])

    def test_a_print_is_kept_of_what_is_on_the_paper(self):
        reports = self.env["ir.actions.report"].with_user(self.coordinator)
        letter = (
            self.env["buurtbemiddeling.letter.compose"]
            .with_user(self.coordinator)
            .create({"party_id": self.party.id})
        )
        for render in (reports._render_qweb_html, reports._render_qweb_pdf):
            self.forget()
            render("buurtbemiddeling_case.action_report_letter", letter.ids)
            self.assertEqual(
                self.rows(),
                [("print", "buurtbemiddeling.case.party", self.party.ids, self.coordinator)],
            )

    def test_every_print_counts(self):
        for _time in range(2):
            self.trace.with_user(self.coordinator)._add("print", self.case)
        self.assertEqual(len(self.rows()), 2)

    def test_looking_again_within_minutes_is_the_same_look(self):
        for _time in range(3):
            self.case.read(["name"])
        self.assertEqual(len(self.rows()), 1)
        self.case.with_user(self.manager).read(["name"])
        self.party.read(["story"])
        self.assertEqual(len(self.rows()), 3)
        self.env.cr.execute("UPDATE buurtbemiddeling_trace SET date = date - interval '1 hour'")
        self.case.read(["name"])
        self.assertEqual(len(self.rows()), 4)

    def test_who_is_refused_leaves_no_trace_as_nothing_was_seen(self):
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.case.with_user(self.colleague).read(["name"])
        self.assertEqual(self.rows(), [])

    def test_the_trace_holds_no_name_and_no_content(self):
        self.case.web_read(Form(self.case)._view["fields_spec"])
        self.case.party_ids.read()
        self.trace.with_user(self.coordinator)._add("print", self.party)
        self.env.cr.execute("SELECT string_agg(t::text, ' ') FROM buurtbemiddeling_trace AS t")
        self.assertNotIn(MARKER, self.env.cr.fetchone()[0])
        for row in self.trace.with_user(self.manager).search_read([]):
            self.assertNotIn(MARKER, str(row))
            self.assertIn(self.case.name, row["case_numbers"])

    # ------------------------------------------------------------
    # WHAT IT COSTS
    # ------------------------------------------------------------

    def test_it_costs_at_most_two_queries_a_page(self):
        self.make_quarrel()
        specification = Form(self.case)._view["fields_spec"]
        party_fields = {"display_name": {}, "story": {}, "phone": {}}
        pages = {
            "form": (self.case, lambda cases: cases.web_read(specification)),
            "board": (
                self.case,
                lambda cases: cases.web_read_group(
                    [], ["stage_id"], ["__count"], auto_unfold=True,
                    unfold_read_specification=CARD,
                ),
            ),
            "list": (self.case, lambda cases: cases.web_search_read([], CARD)),
            "list of parties": (
                self.party, lambda parties: parties.web_search_read([], party_fields)
            ),
            "groups": (
                self.case, lambda cases: cases.web_read_group([], ["user_id"], ["__count"])
            ),
            "messages": (
                self.env["mail.message"].with_user(self.coordinator),
                lambda rows: rows.web_search_read([], {"body": {}}, limit=20),
            ),
            "contacts": (
                self.env["res.partner"].with_user(self.coordinator),
                lambda contacts: contacts.web_search_read([], {"name": {}, "phone": {}}),
            ),
        }  # fmt: skip
        for page, (records, read) in pages.items():
            with self.subTest(page=page):
                with traced():
                    silent = self.count_queries(lambda: read(records))  # noqa: B023
                seen = self.count_queries(lambda: read(records))  # noqa: B023
                self.assertLessEqual(seen - silent, 2)
        with self.assertQueryCount(2):
            self.trace.with_user(self.coordinator)._add("print", self.party)

    # ------------------------------------------------------------
    # NOBODY TOUCHES IT
    # ------------------------------------------------------------

    def test_nobody_adds_changes_or_removes_a_line_with_whatever_rights(self):
        self.case.read(["name"])
        row = self.trace.search([], limit=1)
        odoo = self.make_user("system", "base.group_system")
        for user in (self.coordinator, self.manager, odoo, self.portal):
            trace = row.with_user(user)
            with self.subTest(user=user.login):
                for call in (
                    lambda: trace.write({"user_id": user.id}),  # noqa: B023
                    lambda: trace.unlink(),  # noqa: B023
                    lambda: trace.copy(),  # noqa: B023
                    lambda: trace.create({"action": "open", "model": "x"}),  # noqa: B023
                ):
                    with mute_logger("odoo.addons.base.models.ir_model"):
                        self.assertRaises(AccessError, call)
        for call in (
            lambda: row.sudo().write({"reason": "x"}),
            row.sudo().unlink,
            row.sudo().copy,
            lambda: row.sudo().create({"action": "open", "model": "x"}),
        ):
            self.assertRaises(AccessError, call)

    def test_only_administrators_of_the_organisation_read_it(self):
        self.case.read(["name"])
        self.assertTrue(self.trace.with_user(self.manager).search([]))
        self.assertFalse(self.trace.with_user(self.stranger).search([]))
        odoo = self.make_user("system", "base.group_system")
        for user in (self.coordinator, self.colleague, odoo, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.trace.with_user(user).search([])

    def test_a_row_belongs_to_the_organisation_of_the_record(self):
        """Who works for two organisations leaves each its own trace."""
        self.coordinator.company_ids |= self.other_company
        theirs = self.make_case(company_id=self.other_company.id)
        cases = (self.case | theirs).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        cases.read(["name"])
        self.assertEqual(
            self.rows(company_id=self.other_company.id),
            [("list", "buurtbemiddeling.case", theirs.ids, self.coordinator)],
        )

    def test_a_login_with_a_trace_is_not_deleted(self):
        self.case.read(["name"])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env.cr.execute("DELETE FROM res_users WHERE id = %s", [self.coordinator.id])

    # ------------------------------------------------------------
    # ITS OWN TERM
    # ------------------------------------------------------------

    def age(self, months):
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_trace SET date = date - %s * interval '1 month'", [months]
        )

    def test_rows_go_after_the_term_of_the_organisation(self):
        self.company.buurtbemiddeling_trace_months = 12
        self.case.read(["name"])
        self.age(11)
        self.assertEqual(self.trace._gc_trace(), (0, False))
        self.age(2)
        self.party.read(["story"])
        self.assertEqual(self.trace._gc_trace(), (1, False))
        self.assertEqual([row[1] for row in self.rows()], ["buurtbemiddeling.case.party"])

    def test_the_trace_can_not_be_wiped_out_by_its_term(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.buurtbemiddeling_trace_months = 1
            self.company.flush_recordset()

    # ------------------------------------------------------------
    # FINDING
    # ------------------------------------------------------------

    def test_who_looked_at_a_case_finds_what_hangs_on_it(self):
        other = self.make_quarrel()
        self.case.read(["name"])
        self.party.read(["story"])
        (self.case | other).read(["name"])
        other.read(["name"])
        with self.assertRaises(AccessError):
            self.case.action_view_trace()
        action = self.case.with_user(self.manager).action_view_trace()
        found = self.trace.with_user(self.manager).search(action["domain"])
        self.assertEqual(
            {(row.model, tuple(row.res_ids)) for row in found},
            {
                ("buurtbemiddeling.case", tuple(self.case.ids)),
                ("buurtbemiddeling.case", tuple((self.case | other).ids)),
                ("buurtbemiddeling.case.party", tuple(self.party.ids)),
            },
        )
