from ast import literal_eval

from odoo.tests import Form, tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestClosingInvited(VolunteerCommon):
    """Who closes a case hears whom it asks no more, and that is no refusal of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.vera, cls.wim = cls.make_volunteer("Vera"), cls.make_volunteer("Wim")

    def close(self):
        wizards = self.env["buurtbemiddeling.case.close"].with_user(self.coordinator)
        form = Form(wizards.with_context(default_case_ids=self.case.ids))
        form.outcome_id = self.code("outcome", "VERHUISD")
        return form.save()

    def find(self, name):
        view = self.env.ref("buurtbemiddeling_volunteer.buurtbemiddeling_assignment_view_search")
        arch = self.env["buurtbemiddeling.assignment"].get_view(view.id)["arch"]
        domain = arch.split(f'name="{name}"')[1].split('domain="')[1].split('"')[0]
        rows = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator)
        return rows.search([*literal_eval(domain), ("case_id", "=", self.case.id)])

    def test_the_dialog_names_who_is_still_invited(self):
        self.couple(self.case, self.vera)
        self.assertFalse(self.close().invited_names)
        self.couple(self.case, self.wim, "invited")
        wizard = self.close()
        self.assertEqual(wizard.invited_names, "Wim")
        self.assertTrue(wizard.has_loose_ends)

    def test_an_invitation_that_closing_withdrew_is_not_found_as_a_no(self):
        said_no = self.couple(self.case, self.vera, "invited")
        said_no._decline(self.code("assignment.reason", "GEEN_TIJD"))
        withdrawn = self.couple(self.case, self.wim, "invited")
        self.close().action_close()
        self.assertEqual(withdrawn.state, "declined")
        self.assertFalse(withdrawn.answered_on)
        self.assertEqual(self.find("declined"), said_no)
        self.assertEqual(self.find("withdrawn"), withdrawn)
        self.assertFalse(self.find("no_answer"))
