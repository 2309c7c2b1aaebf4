from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestConfidentialContact(CaseCommon, HttpCase):
    """Outside buurtbemiddeling a resident in a quarrel does not exist, whatever the door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.anna = cls.case.party_ids.filtered(lambda p: p.side == "a").partner_id
        cls.outsiders = {
            "colleague": cls.colleague,
            "portal": cls.portal,
            "public": cls.env.ref("base.public_user"),
            "administrator": cls.make_user("administrator", "base.group_system"),
        }

    def test_coordinator_finds_the_contact(self):
        partners = self.env["res.partner"].with_user(self.coordinator)
        self.assertEqual(partners.search([("name", "=", "Anna Melder")]), self.anna)
        self.assertTrue(partners.browse(self.anna.id).read(["name", "phone"]))

    def test_others_do_not_find_it_by_search(self):
        for role, user in self.outsiders.items():
            partners = self.env["res.partner"].with_user(user)
            with self.subTest(role=role):
                try:
                    found = partners.search([("name", "like", "Anna Melder")])
                    names = partners.name_search("Anna Melder")
                    groups = partners._read_group(
                        [("name", "like", "Anna Melder")], [], ["__count"]
                    )
                except AccessError:
                    continue  # may read no contact at all
                self.assertFalse(found)
                self.assertFalse(names)
                self.assertEqual(groups, [(0,)])

    def test_others_do_not_read_it_by_id(self):
        for role, user in self.outsiders.items():
            partner = self.anna.with_user(user).with_context(active_test=False)
            partner.invalidate_recordset()
            with self.subTest(role=role):
                for method, args in (
                    ("read", (["name"],)),
                    ("web_read", ({"name": {}},)),
                    ("write", ({"comment": "x"},)),
                    ("unlink", ()),
                    ("copy", ()),
                ):
                    with self.assertRaises(AccessError, msg=method):
                        getattr(partner, method)(*args)

    def test_others_do_not_export_it(self):
        with self.assertRaises(AccessError):
            self.anna.with_user(self.colleague).export_data(["name"])

    def test_others_do_not_learn_of_the_flag(self):
        fields = self.env["res.partner"].with_user(self.colleague).fields_get()
        self.assertNotIn("is_confidential", fields)

    def test_contact_that_was_there_already_stays_as_it_was(self):
        client = self.env["res.partner"].create({"name": "Client of welfare"})
        self.env["buurtbemiddeling.case.party"].with_user(self.coordinator).create(
            {"case_id": self.case.id, "side": "a", "partner_id": client.id}
        )
        found = client.with_user(self.colleague)
        self.assertEqual(found.name, "Client of welfare")
        self.assertFalse(client.is_confidential)

    def test_coordinator_of_another_organisation_does_not_find_it(self):
        partners = self.env["res.partner"].with_user(self.stranger)
        self.assertFalse(partners.search([("name", "=", "Anna Melder")]))

    @mute_logger("odoo.http")
    def test_rpc_gives_an_outsider_nothing(self):
        """Over JSON-RPC, by search and by id: no case, no party, no confidential contact."""
        self.authenticate(self.colleague.login, self.colleague.login)

        def call(model, method, *args, **kwargs):
            return self.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
            )

        self.assertEqual(call("res.partner", "search_read", [("id", "=", self.anna.id)]), [])
        self.assertEqual(call("res.partner", "name_search", "Anna"), [])
        with self.assertRaisesRegex(Exception, "AccessError"):
            call("res.partner", "read", [self.anna.id], ["name"])
        party = self.case.party_ids[0]
        for model, record_id in (
            ("buurtbemiddeling.case", self.case.id),
            ("buurtbemiddeling.case.party", party.id),
        ):
            for method, args in (
                ("search_read", ([],)),
                ("search_count", ([],)),
                ("name_search", ("",)),
                ("read", ([record_id], ["display_name"])),
                ("web_search_read", ([], {"display_name": {}})),
            ):
                with self.subTest(model=model, method=method):
                    with self.assertRaisesRegex(Exception, "AccessError"):
                        call(model, method, *args)
