from datetime import datetime

from .common import CaseCommon

# half past seven in the evening in Amsterdam
START = datetime(2026, 3, 12, 18, 30)
RENDER_LOG = "odoo.addons.mail.models.mail_render_mixin"


class MessagesCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"phone": "0110000000", "email": "office@example.com"})
        cls.case = cls.make_quarrel(
            reporter_phone="06-11111111",
            neighbour_phone="06-22222222",
            neighbour_name="Bert Pieters",
            neighbour_email="bert@example.com",
            reporter_story="The drums keep me awake",
        )
        cls.a, cls.b = cls.case.party_ids.with_user(cls.coordinator)
        cls.anna, cls.bert = cls.a.partner_id, cls.b.partner_id
        #: what each may never read of the other
        cls.secrets = {
            cls.a: ("Bert", "Pieters", "22222222", "bert@example.com", "Dorpsstraat 3", "drums"),
            cls.b: ("Anna", "Melder", "11111111", "anna@example.com", "Dorpsstraat 1", "drums"),
        }
        cls.room = cls.env["buurtbemiddeling.room"].create(
            {"name": "De Roos", "street": "Plein 1", "company_id": cls.company.id}
        )

    def invited(self, user=None, case=None, **values):
        """Return a mediation talk on START to which both neighbours were invited."""
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "case_id": (case or self.case).id,
                    "kind": "mediation",
                    "start": START,
                    "room_id": self.room.id,
                    **values,
                }
            )
        )
        talk.action_invite()
        return talk

    def mails(self, *partners):
        """Return the mails to these residents, or to any resident of the case, oldest first."""
        contacts = self.env["res.partner"].union(*partners) or self.case.party_ids.partner_id
        return (
            self.env["mail.mail"].sudo().search([("recipient_ids", "in", contacts.ids)], order="id")
        )

    def calls(self, party):
        return party.activity_search(["mail.mail_activity_data_call"])

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("buurtbemiddeling_case.ir_cron_remind_talks").method_direct_trigger()
