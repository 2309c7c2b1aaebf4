from lxml import etree

from odoo.tests import TransactionCase, tagged

OURS = "buurtbemiddeling_"
#: Views that say what to do when there is nothing to show.
LISTS = {"list", "kanban", "calendar", "pivot", "graph", "activity"}
#: What one chooses or counts: a label alone does not say what follows from it.
TYPES = ("boolean", "selection", "integer", "float", "many2many")
#: Fields that mean the same on every form, and say so in their label and answers.
OBVIOUS = {"active", "hours", "lang", "mode", "sequence", "state", "year"}


@tagged("post_install", "-at_install")
class TestFirstHour(TransactionCase):
    """Who has never seen Odoo is told on the screen itself what to do."""

    def test_empty_lists_say_what_to_do(self):
        """Every list of ours that may be empty has a title and a sentence for that."""
        actions = self.env["ir.actions.act_window"].with_context(lang="en_US").search([])
        names = actions.get_external_id()
        wrong = []
        for action in actions:
            if not names[action.id].startswith(OURS) or action.target == "new":
                continue
            if LISTS & set(action.view_mode.split(",")):
                text = action.help or ""
                if "o_view_nocontent" not in text or text.count("<p") < 2:
                    wrong.append(names[action.id])
        self.assertFalse(wrong, "give the action a help: a title and what to do")

    def test_what_is_chosen_is_explained(self):
        """What one ticks, chooses or counts on a form has a sentence that says what it does."""
        views = self.env["ir.ui.view"].search(
            [
                ("type", "=", "form"),
                ("mode", "=", "primary"),
                ("model", "=like", "buurtbemiddeling.%"),
            ]
        )
        wrong = set()
        for view in views:
            arch = etree.fromstring(view.get_combined_arch())
            wrong |= self._find_unexplained(arch, self.env[view.model])
        self.assertFalse(wrong, "give the field a help, or the field in the view")

    def _find_unexplained(self, node, model):
        """Return ``{model.field}`` below a node of a view, also in lists on the form."""
        found = set()
        for child in node.iterchildren(tag=etree.Element):
            field = child.tag == "field" and model._fields.get(child.get("name"))
            if not field:
                found |= self._find_unexplained(child, model)
                continue
            if len(child) and field.relational:
                found |= self._find_unexplained(child, self.env[field.comodel_name])
            if self._is_asked(model, field, child) and not (field.help or child.get("help")):
                found.add(f"{model._name}.{field.name}")
        return found

    def _is_asked(self, model, field, node):
        """Tell whether somebody fills this in, and whether it is of a kind to be explained."""
        shown = {"1", "True"}.isdisjoint(
            node.get(name) for name in ("invisible", "column_invisible", "readonly")
        )
        worked_out = field.related or field.readonly or (field.compute and not field.store)
        return (
            shown
            and model._name.startswith("buurtbemiddeling.")
            and field.type in TYPES
            and field.name not in OBVIOUS
            and (not worked_out or bool(field.inverse))
        )
