import base64
from datetime import date, datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase

from odoo.addons.mail.tests.common import mail_new_test_user

#: In everything that is known of the resident; it is nowhere else.
MARK = "Zwijgman"
#: In everything that is known of an ordinary contact.
OPEN = "Openhart"
NAME = f"Zara {MARK}"
EMAIL = f"zara@{MARK.lower()}.example"
PHONE = "+31612349876"
IMAGE = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6o"
        "AAAAAElFTkSuQmCC"
    )
)


class HiddenCase(TransactionCase):
    """A resident of whom Odoo knows all it can know, and colleagues who may know nothing of her.

    What is said of her holds ``MARK``. ``client`` is an ordinary contact who is told in the same
    way, so that each door can be seen to be open.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.company = cls.env["res.company"].create({"name": "Welzijn"})
        cls.coordinator = cls.make_user("coordinator", "buurtbemiddeling_case.group_user")
        cls.make_outsiders()
        cls.tag = cls.env["res.partner.category"].create({"name": "Buurt"})
        cls.make_case()
        cls.party = cls.case.party_ids.filtered(lambda party: party.side == "a")
        cls.zara = cls.party.partner_id
        cls.client = cls.env["res.partner"].create(
            {
                "name": f"Cleo {OPEN}",
                "email": f"cleo@{OPEN.lower()}.example",
                "phone": "+31687654321",
                "company_id": cls.company.id,
            }
        )
        cls.child = cls.fill(cls.zara, MARK)
        cls.fill(cls.client, OPEN)
        cls.env.flush_all()

    @classmethod
    def make_outsiders(cls):
        """Make users of the same organisation who do other work."""
        cls.outsiders = {
            "colleague": cls.make_user("colleague", "base.group_user"),
            "contact manager": cls.make_user(
                "contacts", "base.group_user,base.group_partner_manager,base.group_allow_export"
            ),
            "administrator of Odoo": cls.make_user(
                "system", "base.group_system,base.group_partner_manager,base.group_allow_export"
            ),
            "figures only": cls.make_user("figures", "buurtbemiddeling_report.group_reporting"),
        }
        cls.colleague = cls.outsiders["colleague"]
        cls.contacts = cls.outsiders["contact manager"]
        cls.system = cls.outsiders["administrator of Odoo"]

    @classmethod
    def make_case(cls):
        """Make her case, as a coordinator takes it on the phone."""
        cls.case = (
            cls.env["buurtbemiddeling.case"]
            .with_user(cls.coordinator)
            .create(
                {
                    "registration_date": date(2026, 3, 2),
                    "company_id": cls.company.id,
                    "intake_decision": "suitable",
                    "reporter_name": NAME,
                    "reporter_email": EMAIL,
                    "reporter_phone": PHONE,
                    "reporter_street": f"{MARK}straat 7",
                    "neighbour_name": f"Bert {MARK}",
                    "neighbour_street": f"{MARK}straat 9",
                }
            )
        )

    @classmethod
    def make_user(cls, login, groups):
        return mail_new_test_user(
            cls.env,
            login=f"hidden_{login}",
            password=f"hidden_{login}",
            name=f"{login.capitalize()} Tester",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def fill(cls, contact, mark):
        """Tell Odoo as much as a coordinator can of a contact, with ``mark`` in all of it."""
        contact = contact.with_user(cls.coordinator).with_context(mail_notify_force_send=False)
        contact.write(
            {
                "ref": f"REF{mark}",
                "vat": f"NL{mark}",
                "barcode": f"BAR{mark}",
                "comment": f"<p>Comment {mark}</p>",
                "function": f"Function {mark}",
                "website": f"https://{mark}.example",
                "city": f"City {mark}",
                "zip": f"1234 {mark}",
                "street2": f"Floor {mark}",
                "image_1920": IMAGE,
                "category_id": [Command.link(cls.tag.id)],
                "user_id": cls.coordinator.id,
            }
        )
        child = contact.copy({"name": f"Child {mark}", "parent_id": contact.id})
        cls.env["res.partner.bank"].with_user(cls.coordinator).sudo().create(
            {"acc_number": f"NL00{mark}", "partner_id": contact.id, "acc_holder_name": mark}
        )
        cls.talk(contact, mark)
        cls.keep(contact, mark)
        return child

    @classmethod
    def talk(cls, contact, mark):
        """Write to a contact, get an answer, and have a call to make."""
        contact.message_post(
            body=f"Message {mark}",
            subject=f"Subject {mark}",
            partner_ids=contact.ids,
            subtype_xmlid="mail.mt_comment",
            attachments=[(f"sent {mark}.txt", f"Sent {mark}".encode())],
        )
        contact.message_post(
            body=f"Answer {mark}",
            author_id=contact.id,
            email_from=contact.email,
            message_type="email",
        )
        contact.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"Call {mark}",
            note=f"Note {mark}",
            user_id=cls.coordinator.id,
        )

    @classmethod
    def keep(cls, contact, mark):
        """Keep a file, and a message that goes out another day."""
        cls.env["ir.attachment"].with_user(cls.coordinator).create(
            {
                "name": f"file {mark}.txt",
                "raw": f"File {mark}".encode(),
                "description": f"Description {mark}",
                "res_model": contact._name,
                "res_id": contact.id,
            }
        )
        cls.env["mail.scheduled.message"].with_user(cls.coordinator).create(
            {
                "model": contact._name,
                "res_id": contact.id,
                "body": f"Later {mark}",
                "subject": f"Later {mark}",
                "scheduled_date": datetime.now() + timedelta(days=2),
                "author_id": cls.coordinator.partner_id.id,
                "partner_ids": [Command.set(contact.ids)],
            }
        )

    def as_user(self, user, model):
        """Return a model as a user sees it, with nothing in the cache of what others read."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env[model].with_user(user).with_context(active_test=False)

    def find_readable(self, user):
        """Return the models with a table of which ``user`` may read rows."""
        return [
            name
            for name, model in sorted(self.env.items())
            if model._auto and not model._abstract and model.with_user(user).has_access("read")
        ]
