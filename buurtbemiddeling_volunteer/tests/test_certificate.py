from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon

REPORT = "buurtbemiddeling_volunteer.report_certificate"


@tagged("post_install", "-at_install")
class TestCertificatePrint(VolunteerCommon):
    """Who passed and was there gets a certificate on paper, with a number that stays."""

    def setUp(self):
        super().setUp()
        trainers = self.env["res.partner"].create([{"name": "Tess Trainer"}, {"name": "Tom"}])
        self.groups = self.code("competence", "GROEP")
        self.training = self.make_training(
            "advanced", name="Group mediation", hours=6, min_hours=5,
            competence_ids=[(6, 0, self.groups.ids)],
        )  # fmt: skip
        self.session = self.make_session(
            self.training, half_days=2, trainer_id=trainers[0].id,
            co_trainer_ids=[(6, 0, trainers[1].ids)],
        )  # fmt: skip
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        self.nel = self.make_volunteer("Nel")

    def render(self, enrolments):
        report = self.env["ir.actions.report"].with_user(self.coordinator)
        return report._render_qweb_html(REPORT, enrolments.ids)[0].decode()

    def test_all_certificates_of_a_session_are_printed_at_once(self):
        passed = self.enrol(self.session, self.vera, self.wim, attended_hours=5.5, result="passed")
        self.enrol(self.session, self.nel, attended_hours=6, result="failed")
        action = self.session.action_print_certificates()
        self.assertEqual(action["report_name"], REPORT)
        self.assertEqual(action["context"]["active_ids"], passed.ids)
        html = self.render(passed)
        for text in (
            *passed.mapped("certificate_number"), "Vera", "Wim", "Group mediation", "5.5",
            "Tess Trainer, Tom", self.company.name, "Group mediation", "03/08/2027", "03/15/2027",
        ):  # fmt: skip
            self.assertIn(text, html)
        self.assertNotIn("Nel", html)

    def test_a_certificate_names_no_other_participant(self):
        rows = self.enrol(self.session, self.vera, self.wim, attended_hours=6, result="passed")
        rows.action_give_certificate()
        self.assertNotIn("Wim", self.render(rows[0]))

    def test_a_reprint_has_the_same_number(self):
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        row.action_print_certificate()
        number = row.certificate_number
        self.training.min_hours = 6
        row.action_print_certificate()
        self.session.action_print_certificates()
        self.assertEqual(row.certificate_number, number)
        self.assertIn(number, self.render(row))

    def test_who_was_not_there_gets_none_by_whatever_way(self):
        row = self.enrol(self.session, self.vera, state="absent")
        with self.assertRaisesRegex(UserError, "Vera has not earned a certificate"):
            row.action_print_certificate()
        with self.assertRaisesRegex(UserError, "Nobody has earned a certificate"):
            self.session.action_print_certificates()
        with self.assertRaisesRegex(UserError, "No certificate was given to Vera"):
            self.render(row)
        self.assertFalse(row.certificate_number)

    def test_a_session_with_certificates_is_not_deleted(self):
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        row.action_give_certificate()
        with self.assertRaisesRegex(UserError, row.certificate_number):
            self.session.with_user(self.manager).unlink()

    def test_certificates_are_for_coordinators_of_the_organisation_only(self):
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        row.action_give_certificate()
        for user in (self.colleague, self.portal, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(REPORT, row.ids)

    # competences

    def test_a_corrected_result_takes_the_competence_back(self):
        rows = self.enrol(self.session, self.vera, self.wim, attended_hours=6, result="passed")
        self.assertEqual(self.vera.competence_ids, self.groups)
        rows[0].result = "failed"
        self.assertFalse(self.vera.competence_ids)
        self.assertEqual(self.wim.competence_ids, self.groups)
        rows[0].result = "passed"
        self.assertEqual(self.vera.competence_ids, self.groups)
        rows[0].unlink()
        self.assertFalse(self.vera.competence_ids)

    def test_a_competence_from_elsewhere_stays(self):
        self.vera.competence_ids = self.groups
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        row.result = "failed"
        self.assertEqual(self.vera.competence_ids, self.groups)

    def test_a_competence_that_another_passed_training_gives_stays_until_that_goes_too(self):
        one = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        other = self.enrol(
            self.make_session(self.training, half_days=2), self.vera,
            attended_hours=6, result="passed",
        )  # fmt: skip
        one.result = "failed"
        self.assertEqual(self.vera.competence_ids, self.groups)
        other.result = "none"
        self.assertFalse(self.vera.competence_ids)

    def test_a_certificate_that_was_given_is_not_corrected_away(self):
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        row.action_give_certificate()
        with self.assertRaisesRegex(UserError, row.certificate_number):
            row.result = "failed"

    def test_a_number_is_given_and_never_typed_nor_handed_on(self):
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        with self.assertRaisesRegex(UserError, "Nobody types"):
            row.certificate_number = "CERT-1"
        row.action_give_certificate()
        number = row.certificate_number
        for values in (
            {"certificate_number": "CERT-1"},
            {"certificate_number": False},
            {"certificate_date": "2020-01-01"},
        ):
            with self.assertRaisesRegex(UserError, "Nobody types"):
                row.write(values)
        for values in (
            {"volunteer_id": self.wim.id},
            {"session_id": self.make_session(self.training, half_days=2).id},
        ):
            with self.assertRaisesRegex(UserError, number):
                row.write(values)
        self.assertEqual((row.certificate_number, row.volunteer_id), (number, self.vera))

    def test_themes_are_the_competences(self):
        sessions = self.env["buurtbemiddeling.training.session"].with_user(self.coordinator)
        self.assertEqual(sessions.search([("competence_ids", "in", self.groups.ids)]), self.session)
        codes = self.env["buurtbemiddeling.competence"].search([]).mapped("code")
        self.assertLessEqual({"GROEP", "COACHING", "PSYCHIATRIE", "CULTUUR", "GESPREK"}, set(codes))

    def test_a_pdf_is_made(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not there")
        row = self.enrol(self.session, self.vera, attended_hours=6, result="passed")
        row.action_give_certificate()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        # Debian's wkhtmltopdf warns that it prints no running headers, and in a test nobody serves
        # the style sheets
        with (
            self.allow_pdf_render(),
            mute_logger("odoo.addons.base.models.ir_actions_report"),
        ):
            pdf, kind = report._render_qweb_pdf(REPORT, row.ids)
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
