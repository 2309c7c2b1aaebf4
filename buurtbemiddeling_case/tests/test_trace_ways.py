from odoo.tests import tagged

from .common_trace import TraceCase


@tagged("post_install", "-at_install")
class TestTraceWays(TraceCase):
    """Ways around the screens, by which a coordinator could read of a resident unseen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resident = cls.party.sudo().partner_id.with_user(cls.coordinator)
        cls.resident.sudo().write({"phone": "06-0000 0001", "email": "zqx@example.com"})
        cls.env.flush_all()

    def test_what_a_copy_would_hold_is_no_way_around(self):
        self.assertIn("Zqx", str(self.party.copy_data()))
        self.assertTraced("open", self.party)
        self.resident.copy_data()
        self.assertTraced("open", self.resident)

    def test_names_to_choose_from_are_a_list(self):
        contacts = self.resident.with_context(show_email=True)
        self.assertIn("zqx@", str(contacts.name_search("", [("id", "in", self.resident.ids)])))
        self.assertTraced("list", self.resident)

    def test_names_that_are_suggested_while_writing_are_a_list(self):
        # Name of the resident, as typed after an @ in a message.
        found = self.resident.browse().get_mention_suggestions("Anna Zqx", limit=100)
        self.assertIn(self.resident.id, [row["id"] for row in found["res.partner"]])
        self.assertTraced("list", self.resident)

    def test_headings_with_the_name_of_a_resident_are_a_list(self):
        parties, own = self.party.browse(), [("id", "=", self.party.id)]
        groups = {
            "groups": lambda: parties.formatted_read_group(own, ["partner_id"], ["__count"]),
            "board": lambda: parties.web_read_group(own, ["partner_id"], ["__count"]),
            "bars": lambda: parties.read_progress_bar(
                own,
                "partner_id",
                {"field": "side", "colors": dict(parties._fields["side"].selection)},
            ),
        }
        for way, call in groups.items():
            with self.subTest(way=way):
                self.env.cr.execute("DELETE FROM buurtbemiddeling_trace")
                self.assertTrue(call())
                self.assertTraced("list", self.party)

    def test_the_panel_beside_a_list_with_names_is_a_list(self):
        self.party.browse().search_panel_select_multi_range("partner_id")
        rows = [row for row in self.rows() if row[:2] == ("list", self.party._name)]
        self.assertTrue(any(self.party.id in row[2] for row in rows))

    def test_who_chooses_a_resident_in_a_form_opens_that_contact(self):
        values = {"partner_id": self.resident.id}
        shown = self.party.browse().onchange(values, ["partner_id"], {"phone": {}, "email": {}})
        self.assertIn("0001", str(shown))
        self.assertTraced("open", self.resident)

    def test_the_messages_of_a_thread_are_traced(self):
        message = self.party.message_post(body="Zqx")
        self.env.cr.execute("DELETE FROM buurtbemiddeling_trace")
        messages = self.env["mail.message"].with_user(self.coordinator)
        found = messages._message_fetch(None, thread=self.party)["messages"]
        self.assertIn(message.id, found.ids)
        self.assertTraced("list", found)

    def test_the_request_of_a_person_shows_that_person(self):
        request = (
            self.env["buurtbemiddeling.privacy.request"]
            .with_user(self.coordinator)
            .create({"kind": "access", "party_id": self.party.id})
        )
        request.read(["preview"])
        self.assertTraced("open", request)
