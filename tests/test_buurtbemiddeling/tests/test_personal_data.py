"""Every field that can hold personal data is said in the inventory of its module."""

import csv
from collections import defaultdict

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from odoo.addons.buurtbemiddeling_case.personal_data import ABOUT, AFTER_TERM

from ..forgetting.world import HANGING

OURS = "buurtbemiddeling."
MODULES = ("buurtbemiddeling_case", "buurtbemiddeling_volunteer", "buurtbemiddeling_report")
TEXTS = ("char", "text", "html", "binary", "image", "json", "reference", "properties")
# a link to these may say who a person is, or hold what is said of one
PEOPLE = ("res.partner", "res.users", "ir.attachment", "calendar.event", "mail.")
# whose records a person's data hang on: these, and every model with a chain of links to one
SUBJECTS = {
    "buurtbemiddeling.case",
    "buurtbemiddeling.case.party",
    "buurtbemiddeling.volunteer",
    "buurtbemiddeling.volunteer.application",
    "buurtbemiddeling.unsorted.mail",
    "buurtbemiddeling.import",
}
# where the path of a line about someone may end
ENDS = {
    # whom a mediator knows, is said by the mediator
    "party": {"buurtbemiddeling.case.party", "buurtbemiddeling.case", "buurtbemiddeling.volunteer"},
    # what a mediator wrote about a case goes with whichever of both is forgotten first
    "case": {"buurtbemiddeling.case", "buurtbemiddeling.volunteer"},
    "volunteer": {"buurtbemiddeling.volunteer"},
    "applicant": {"buurtbemiddeling.volunteer", "buurtbemiddeling.volunteer.application"},
    # mail that may belong to a resident goes with the resident at the latest
    "sender": {
        "buurtbemiddeling.unsorted.mail",
        "buurtbemiddeling.case",
        "buurtbemiddeling.case.party",
    },
    "referrer": {"res.partner", "buurtbemiddeling.case", "buurtbemiddeling.key.contact"},
    "imported": {"buurtbemiddeling.import"},
}
WRITTEN_BY_ODOO = {"create_uid", "write_uid"}  # a login, which is a line of res.users itself


@tagged("post_install", "-at_install")
class TestPersonalData(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["buurtbemiddeling.personal.data"]._get_fields()
        cls.by_model = defaultdict(dict)
        for line in cls.lines:
            cls.by_model[line.model][line.field] = line

    # ------------------------------------------------------------
    # WALKING THE REGISTRY
    # ------------------------------------------------------------

    @classmethod
    def get_models(cls):
        """Return our models that keep rows in a table of their own."""
        return {
            name: model
            for name, model in sorted(cls.env.items())
            if name.startswith(OURS) and model._auto and not (model._abstract or model._transient)
        }

    @classmethod
    def is_link(cls, field):
        return field.type in ("many2one", "many2many") and field.comodel_name.startswith(PEOPLE)

    @classmethod
    def get_personal_fields(cls, model):
        """Return the names of the stored fields that can hold something about a person."""
        return [
            name
            for name, field in model._fields.items()
            if field.store
            and name not in WRITTEN_BY_ODOO
            and (field.type in TEXTS or cls.is_link(field))
        ]

    def get_hanging(self):
        """Return the names of our models from which links lead to someone."""
        links = {
            name: {
                field.comodel_name
                for field in model._fields.values()
                if field.store and field.type == "many2one"
            }
            for name, model in self.get_models().items()
        }
        hanging = SUBJECTS | {
            line.model
            for line in self.lines
            if line.field != "*" and line.about not in ("nobody", "colleague")
        }
        while more := {name for name in links if links[name] & hanging} - hanging:
            hanging |= more
        return hanging

    # ------------------------------------------------------------
    # EVERY FIELD HAS A LINE
    # ------------------------------------------------------------

    def test_every_field_that_can_hold_personal_data_has_a_line(self):
        missing = [
            f"{name}.{field}"
            for name, model in self.get_models().items()
            for field in self.get_personal_fields(model)
            if not self.by_model[name].keys() & {field, "*"}
        ]
        self.assertFalse(missing, "in no security/personal_data.csv")

    def test_all_fields_at_once_never_stands_for_a_link_to_people_and_what_they_write(self):
        hidden = [
            f"{name}.{field}"
            for name, model in self.get_models().items()
            if "*" in self.by_model[name]
            for field in self.get_personal_fields(model)
            if field not in self.by_model[name] and self.is_link(model._fields[field])
        ]
        self.assertFalse(hidden, "name these in a line of their own")

    def test_all_fields_at_once_never_stands_for_what_hangs_on_a_person(self):
        hanging = self.get_hanging()
        self.assertIn("buurtbemiddeling.case.agreement", hanging, "hangs on a case")
        self.assertIn("buurtbemiddeling.visit.report", hanging, "hangs on a party")
        self.assertNotIn("buurtbemiddeling.nuisance.type", hanging, "a list of words")
        hidden = [
            f"{name}.{field}"
            for name, model in self.get_models().items()
            if name in hanging
            and "*" in self.by_model[name]
            and self.by_model[name]["*"].after_term != "delete"
            for field in self.get_personal_fields(model)
            if field not in self.by_model[name]
        ]
        self.assertFalse(hidden, "name these in a line of their own")

    def test_fields_of_ours_on_models_of_odoo_have_a_line(self):
        missing = [
            f"{name}.{field}"
            for name, model in sorted(self.env.items())
            if not name.startswith(OURS)
            and model._auto
            and not (model._abstract or model._transient)
            for field in self.get_personal_fields(model)
            if all(module in MODULES for module in model._fields[field]._modules)
            and field not in self.by_model[name]
        ]
        self.assertFalse(missing, "in no security/personal_data.csv")

    # ------------------------------------------------------------
    # EVERY LINE IS TRUE
    # ------------------------------------------------------------

    def test_every_line_is_about_a_field_that_is_stored(self):
        wrong = [
            (line.model, line.field)
            for line in self.lines
            if line.model not in self.env
            or line.field != "*"
            and not getattr(self.env[line.model]._fields.get(line.field), "store", False)
            and not getattr(self.env[line.model]._fields.get(line.field), "relational", False)
        ]
        self.assertFalse(wrong, "no such field, or nothing of it is kept")

    def test_a_field_has_one_line_for_each_of_whom_it_is_in_the_module_that_adds_it(self):
        seen, wrong = set(), []
        for module in MODULES:
            with file_open(f"{module}/security/personal_data.csv") as file:
                for row in csv.DictReader(file):
                    key = (row["model"], row["path"], row["field"])
                    model = self.env[row["model"]]
                    field = model._fields.get(row["field"])
                    # of a mixin that the model is made with, or added to it: the later of the two
                    modules = {model._original_module, field is not None and field._module}
                    added_by = [name for name in MODULES if name in modules]
                    if key in seen:
                        wrong.append((*key, "is said twice"))
                    if row["model"].startswith(OURS) and added_by[-1] != module:
                        wrong.append((*key, "is said in the file of another module"))
                    seen.add(key)
        self.assertFalse(wrong)
        self.assertEqual(len(seen), len(self.lines), "the files are all that is read")

    def test_every_path_ends_at_the_one_whose_data_it_is(self):
        wrong = []
        for line in filter(lambda line: line.path, self.lines):
            model = self.env[line.model]
            for name in line.path.split("."):
                if name and model is not None:
                    field = model._fields.get(name)
                    model = self.env[field.comodel_name] if field and field.relational else None
            ends = ENDS.get(line.about) if line.after_term != "keep" else None
            if model is None or ends and model._name not in ends:
                wrong.append((line.model, line.path, line.field, "ends at someone else"))
        self.assertFalse(wrong)

    def test_what_is_kept_has_a_reason_and_what_goes_has_an_owner(self):
        wrong = []
        for line in self.lines:
            if line.about not in ABOUT or line.after_term not in AFTER_TERM:
                wrong.append((line.model, line.field, "is said in unknown words"))
            elif line.after_term == "keep":
                if len(line.why) < 5 and line.about != "colleague":
                    wrong.append((line.model, line.field, "is kept without a reason"))
            elif not line.path or line.about in ("nobody", "colleague"):
                wrong.append((line.model, line.field, "goes, and nobody knows when"))
        self.assertFalse(wrong)

    def test_free_text_about_a_resident_or_an_applicant_is_never_kept(self):
        kept = [
            f"{line.model}.{line.field}"
            for line in self.lines
            if line.after_term == "keep"
            and line.about in ("party", "case", "applicant", "sender")
            and line.field != "*"
            and self.env[line.model]._fields[line.field].type in ("text", "html", "binary", "image")
        ]
        self.assertFalse(kept)

    # ------------------------------------------------------------
    # WHAT HANGS ON RECORDS IS FORGOTTEN WITH THEM
    # ------------------------------------------------------------

    def test_every_model_of_odoo_that_names_a_record_is_put_to_the_test(self):
        """Else the test that seeds people and looks for them in a dump, sees less than there is."""
        # screens, settings of a user, and numbers and days: no text about anyone
        harmless = {
            "ir.actions.act_window", "res.users.settings.embedded.action",
            "buurtbemiddeling.retention.line", "buurtbemiddeling.benchmark.fact",
        }  # fmt: skip
        naming = {
            name
            for name, model in self.env.items()
            if model._auto
            and not (model._abstract or model._transient)
            and any(field.type == "many2one_reference" for field in model._fields.values())
        }
        self.assertFalse(naming - HANGING - harmless)
