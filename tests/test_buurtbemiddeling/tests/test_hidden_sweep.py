from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_hidden import MARK, OPEN, HiddenCase

MANY = 400  # rows: of a larger table only what the test made is read
#: What leads from a contact to other contacts, or to what is told of it.
STEPS = (
    "name",
    "email",
    "phone",
    "street",
    "child_ids.name",
    "parent_id.name",
    "commercial_partner_id.name",
    "message_ids.body",
    "bank_ids.acc_number",
    "category_id.partner_ids.name",
)


@tagged("post_install", "-at_install")
class TestHiddenSweep(HiddenCase):
    """Whatever a colleague may read and search for, in every app: a resident is not in it.

    Walks the registry, so an app that is added is tested by itself.
    """

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def sweep(self, user, mark):
        """Return the models and fields that show ``mark`` to ``user``."""
        shown = set()
        for name in self.find_readable(user):
            rows = self.as_user(user, name)
            domain = []
            if rows.sudo().search_count([], limit=MANY + 1) > MANY:
                if not rows._log_access:
                    continue
                domain = [("create_date", ">=", self.env.cr.now())]
            rows = rows.search(domain)
            for field in rows.fields_get(attributes=()) if rows else ():
                if mark.lower() in str(self.read_field(rows, field)).lower():
                    shown.add((name, field))
        return shown

    def read_field(self, rows, name):
        """Return the values of a field, or what is said where it can not be read."""
        try:
            with self.env.cr.savepoint(flush=False):
                return [row[name] for row in rows.read([name])]
        except Exception as error:  # an error may tell something as well
            return str(error)

    def test_nothing_that_may_be_read_shows_a_resident(self):
        for user in (self.contacts, self.system, self.outsiders["figures only"]):
            with self.subTest(user=user.login):
                self.assertFalse(self.sweep(user, MARK))

    def test_the_same_sweep_finds_her_for_a_coordinator_and_a_client_for_a_colleague(self):
        everything = {
            ("res.partner", "name"),
            ("res.partner", "email"),
            ("mail.message", "body"),
            ("mail.notification", "res_partner_id"),
            ("ir.attachment", "raw"),
            ("res.partner.bank", "acc_number"),
        }
        found = self.sweep(self.coordinator, MARK)
        self.assertLessEqual({*everything, ("mail.activity", "summary")}, found)
        self.assertLessEqual(everything, self.sweep(self.colleague, OPEN))

    # ------------------------------------------------------------
    # SEARCHING: what is not shown may still be guessed, letter by letter
    # ------------------------------------------------------------

    def probe(self, user, mark):
        """Return the models and paths by which ``user`` finds ``mark``."""
        found = set()
        for name in self.find_readable(user):
            rows = self.as_user(user, name)
            for path in self.get_paths(rows):
                try:
                    with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                        if rows.search_count([(path, "ilike", mark)], limit=1):
                            found.add((name, path))
                except AccessError:
                    continue
        return found

    def get_paths(self, rows):
        """Yield what may be searched in: texts, names of what is linked, and contacts behind it."""
        for field in rows._fields.values():
            if not field.store or field.name in ("display_name", "create_uid", "write_uid"):
                continue
            if field.type in ("char", "text", "html"):
                yield field.name
            elif field.comodel_name == "res.partner":
                yield field.name
                yield from (f"{field.name}.{step}" for step in STEPS)
            elif field.relational:
                for behind in self.env[field.comodel_name]._fields.values():
                    if behind.comodel_name == "res.partner" and behind.store:
                        yield f"{field.name}.{behind.name}.name"

    def test_no_search_through_any_model_finds_a_resident(self):
        for user in (self.colleague, self.system):  # who may read least, and most
            with self.subTest(user=user.login):
                self.assertFalse(self.probe(user, MARK))

    def test_the_same_searches_find_a_client(self):
        found = self.probe(self.colleague, OPEN)
        for path in (
            ("res.partner", "child_ids.name"),
            ("res.partner.bank", "partner_id.name"),
            ("mail.message", "author_id"),
            ("mail.message", "partner_ids.name"),
            ("ir.attachment", "index_content"),
        ):
            self.assertIn(path, found)
