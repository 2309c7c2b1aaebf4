from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CaseCommon

# what another organisation may never see of the quarrel of make_quarrel
RESIDENTS = ("Anna", "Bert", "anna@example.com", "Dorpsstraat")


@tagged("post_install", "-at_install")
class TestWizardWalls(CaseCommon):
    """Wizards show nothing of another organisation, and nothing of what a colleague types."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.a, cls.b = cls.case.party_ids
        cls.own = cls.make_quarrel(user=cls.stranger, company_id=cls.other_company.id)
        cls.wizards = {
            name: model
            for name, model in cls.env.items()
            if name.startswith("buurtbemiddeling.") and model._transient
        }
        cls.foreign = {
            record._name: record
            for record in (
                cls.case,
                cls.a,
                cls.env["buurtbemiddeling.meeting"].create(
                    {"case_id": cls.case.id, "start": "2027-01-04 18:00:00"}
                ),
                cls.env["buurtbemiddeling.case.agreement"].create(
                    {"case_id": cls.case.id, "name": "Anna is quiet at night"}
                ),
                cls.make_referral_partner(),
            )
        }

    def assertNothingShown(self, answer):
        for text in (*RESIDENTS, self.case.name):
            self.assertNotIn(text, str(answer))

    def make_spec(self, model):
        """Ask for all that a view could: every field, and names of parties."""
        spec = {}
        for name, field in model._fields.items():
            if field.type == "one2many":
                rows = self.env[field.comodel_name]._fields.items()
                spec[name] = {
                    "fields": {
                        row: self.make_reference_spec(found)
                        for row, found in rows
                        if found.type != "one2many"
                    }
                }
            else:
                spec[name] = self.make_reference_spec(field)
        return spec

    def make_reference_spec(self, field):
        if field.type in ("many2one", "many2many"):
            return {"fields": {"display_name": {}}, "context": {"party_names": True}}
        return {}

    def find_links(self):
        """Yield the fields of wizards that link a case or what belongs to one."""
        for name, model in self.wizards.items():
            for field in model._fields.values():
                if field.store and field.comodel_name in self.foreign and field.type != "one2many":
                    yield name, field

    def test_every_wizard_is_for_who_opened_it_only(self):
        for name in self.wizards:
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            with self.subTest(model=name):
                self.assertTrue(
                    any("('create_uid', '=', user.id)" in rule.domain_force for rule in rules)
                )
                for operation in ("read", "write", "create", "unlink"):
                    self.assertTrue(all(rules.mapped(f"perm_{operation}")))

    def test_wizard_of_a_colleague_is_out_of_reach(self):
        wizard = (
            self.env["buurtbemiddeling.case.split"]
            .with_user(self.coordinator)
            .create({"case_id": self.case.id})
        )
        for record in (wizard, *wizard.line_ids):
            record.check_access("write")
            for operation in ("read", "write", "unlink"):
                self.assertFalse(record.with_user(self.manager).has_access(operation))

    def test_no_wizard_is_opened_on_a_record_of_another_organisation(self):
        links = list(self.find_links())
        self.assertIn("buurtbemiddeling.letter.compose", [name for name, _field in links])
        for name, field in links:
            foreign = self.foreign[field.comodel_name]
            value = foreign.id if field.type == "many2one" else [Command.set(foreign.ids)]
            model = self.env[name].with_user(self.stranger).with_context(party_names=True)
            doors = {
                "onchange": lambda model, values: model.onchange(
                    values, list(values), self.make_spec(model)
                ),
                "create": lambda model, values: model.create(values).web_read(
                    self.make_spec(model)
                ),
            }
            for door, go in doors.items():
                self.env.flush_all()
                self.env.invalidate_all()
                with self.subTest(model=name, field=field.name, door=door):
                    with self.assertRaises(AccessError) as caught:
                        self.assertNothingShown(go(model, {field.name: value}))
                    self.assertNothingShown(caught.exception)
                with self.subTest(model=name, field=field.name, door=f"{door} by default"):
                    defaults = {f"default_{field.name}": value}
                    with self.assertRaises(AccessError):
                        self.assertNothingShown(go(model.with_context(**defaults), {}))

    def test_row_of_a_wizard_shows_nothing_of_another_organisation(self):
        rows = {
            "buurtbemiddeling.case.merge": {"party_id": self.b.id},
            "buurtbemiddeling.case.split": {"party_id": self.b.id},
            "buurtbemiddeling.case.feedback": {"case_id": self.case.id},
            "buurtbemiddeling.case.close": {"party_id": self.b.id},
            "buurtbemiddeling.case.aftercare": {"party_id": self.b.id},
        }
        known = {
            "buurtbemiddeling.case.split": {"case_id": self.own.id},
            "buurtbemiddeling.case.close": {"outcome_id": self.code("outcome", "OPG_BEM").id},
            "buurtbemiddeling.case.aftercare": {"case_id": self.own.id},
        }
        for name, row in rows.items():
            model = self.env[name].with_user(self.stranger)
            for virtual_id in (0, "virtual_1"):
                values = {**known.get(name, {}), "line_ids": [[Command.CREATE, virtual_id, row]]}
                self.env.flush_all()
                self.env.invalidate_all()
                with self.subTest(model=name), self.assertRaises(AccessError):
                    model.onchange(values, ["line_ids"], self.make_spec(model))
                with self.subTest(model=name), self.assertRaises(AccessError):
                    model.create(values)

    def test_what_a_wizard_works_out_is_with_the_rights_of_who_opened_it(self):
        """Even if it did hold a case of another organisation."""
        shared = {"id", "company_phone", "create_uid", "write_uid", "create_date", "write_date"}
        for name, model in self.wizards.items():
            if name == "buurtbemiddeling.settings":  # of the organisation itself
                continue
            for field in model._fields.values():
                if field.compute and field.name not in shared:
                    with self.subTest(model=name, field=field.name):
                        self.assertFalse(field.compute_sudo)

    def test_row_can_not_be_put_in_the_wizard_of_a_colleague(self):
        wizard = (
            self.env["buurtbemiddeling.case.split"]
            .with_user(self.coordinator)
            .create({"case_id": self.case.id})
        )
        rows = self.env["buurtbemiddeling.case.split.line"].with_user(self.manager)
        with self.assertRaises(AccessError):
            rows.create({"wizard_id": wizard.id, "party_id": self.a.id})

    def test_coordinator_splits_and_writes_as_ever(self):
        for name, values in (
            ("buurtbemiddeling.case.split", {"case_id": self.case.id}),
            ("buurtbemiddeling.letter.compose", {"party_id": self.a.id}),
        ):
            model = self.env[name].with_user(self.coordinator)
            with self.subTest(model=name):
                shown = model.onchange(values, list(values), self.make_spec(model))
                self.assertIn("Anna", str(shown))
                self.assertIn("Anna", str(model.create(values).web_read(self.make_spec(model))))

    # ------------------------------------------------------------
    # NAMES OF PARTIES
    # ------------------------------------------------------------

    def test_name_of_a_party_is_for_who_may_read_it(self):
        for user, count in ((self.coordinator, 1), (self.stranger, 0), (self.colleague, 0)):
            party = self.a.with_user(user).sudo().with_context(party_names=True)
            with self.subTest(user=user.login):
                self.assertEqual(party.display_name.count("Anna"), count)

    def test_no_record_shows_the_name_of_a_party_of_another_organisation(self):
        """Not by a many2one either, of which Odoo reads the name for everybody."""
        spec = {"party_id": {"fields": {"display_name": {}}, "context": {"party_names": True}}}
        for name in ("approach", "coaching", "onward.referral"):
            model = self.env[f"buurtbemiddeling.{name}"].with_user(self.stranger)
            for party, error in ((self.a, AccessError), (self.own.party_ids[0], None)):
                values = {"party_id": party.id, "case_id": party.case_id.id}
                with self.subTest(model=name, refused=bool(error)):
                    if error:
                        with self.assertRaises(error):
                            model.onchange(values, list(values), spec)
                    else:
                        model.onchange(values, list(values), spec)

    def test_names_of_parties_are_kept_in_no_to_do_or_message(self):
        party = self.a.with_user(self.coordinator).with_context(party_names=True)
        self.assertIn("Anna", party.display_name)
        activity = party.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        message = party.message_post(
            body="Hello", partner_ids=self.a.partner_id.ids, subtype_xmlid="mail.mt_comment"
        )
        self.env.flush_all()
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        kept = self.env["mail.message"].search(
            [("model", "=", party._name), ("res_id", "=", party.id)]
        )
        stored = self.env["mail.activity"].browse(activity.id).sudo()
        self.env.invalidate_all()
        self.assertIn(self.case.name, stored.res_name)
        for text in (
            stored.res_name,
            message.record_name,
            message.with_context(party_names=True).record_name,
            party._message_compute_subject(),
            *mails.mapped("subject"),
            *mails.mapped("reply_to"),
            *kept.mapped("subject"),
        ):
            self.assertNotIn("Anna", text or "")
