from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_merge import ANNA, BERT, MergeCommon


@tagged("post_install", "-at_install")
class TestMergeContacts(MergeCommon):
    """Odoo's own merging of contacts loses no party and opens no wall."""

    def merge_contacts(self, contacts):
        wizard = contacts.env["base.partner.merge.automatic.wizard"]
        return wizard._merge(contacts.ids, contacts[0])

    def test_no_party_is_lost_when_contacts_are_merged(self):
        other = self.make_request(ANNA, BERT)
        parties = self.kept.party_ids | other.party_ids
        self.merge_contacts(self.kept.party_ids[0].partner_id | other.party_ids[0].partner_id)
        self.assertEqual(parties.exists(), parties)
        self.assertEqual(self.kept.party_ids[0].partner_id, other.party_ids[0].partner_id)

    def test_contacts_of_two_parties_in_one_case_are_not_merged(self):
        contacts = self.kept.party_ids.partner_id
        with self.assertRaisesRegex(UserError, f"different parties in case {self.kept.name}"):
            self.merge_contacts(contacts)
        self.assertEqual(len(contacts.exists()), 2)

    def test_an_outsider_who_merges_two_neighbours_is_told_nothing_of_a_case(self):
        clients = self.env["res.partner"].create([{"name": "X"}, {"name": "Y"}])
        for party, client in zip(self.kept.party_ids, clients, strict=True):
            party.partner_id = client
        with self.assertRaises(UserError) as caught:
            self.merge_contacts(clients.with_user(self.colleague))
        self.assertNotIn("case", str(caught.exception))
