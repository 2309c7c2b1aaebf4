from babel.dates import get_month_names

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import get_lang

from .buurtbemiddeling_case_report import NOT_RECORDED, PERSONAL_FACTS


class BuurtbemiddelingDimension(models.Model):
    """A breakdown of the figures, by one or two facts of a case.

    Two records may share a code when cases registered and cases closed are broken down by
    different facts, as with the month.
    """

    _name = "buurtbemiddeling.dimension"
    _description = "Breakdown"
    _order = "sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    field_name = fields.Char("Fact", required=True)
    second_field_name = fields.Char("Second fact")
    basis = fields.Selection(
        [
            ("registration", "Cases registered in the year"),
            ("closing", "Cases closed in the year"),
        ],
        "Only for",
        help="Empty: for every figure.",
    )

    _code_basis_uniq = models.UniqueIndex(
        "(code, COALESCE(basis, ''))", "This breakdown exists already."
    )

    @api.constrains("field_name", "second_field_name")
    def _check_field_names(self):
        """Refuse a breakdown by a fact that does not exist or has no codes."""
        for dimension in self:
            for name in dimension._get_field_names():
                if name not in dimension._get_possible_facts():
                    raise ValidationError(
                        self.env._(
                            "Breakdown %(dimension)s can not use “%(fact)s”."
                            " Choose one of: %(facts)s.",
                            dimension=dimension.name,
                            fact=name,
                            facts=", ".join(sorted(dimension._get_possible_facts())),
                        )
                    )

    @api.model
    def _get_possible_facts(self):
        return [
            name
            for name, field in self.env["buurtbemiddeling.case.report"]._fields.items()
            if field.type in ("many2one", "many2many", "selection", "char")
            and name not in (*models.MAGIC_COLUMNS, "display_name", *PERSONAL_FACTS)
        ]

    def _get_field_names(self):
        """Return one or two field names of the facts."""
        self.ensure_one()
        return tuple(filter(None, (self.field_name, self.second_field_name)))

    def _get_labels(self, rows):
        """Return ``{(position, value): (code, label)}`` for the values found in one breakdown.

        :param rows: pairs ``(first value, second value)`` as text, ``None`` where not recorded
        """
        self.ensure_one()
        facts = self.env["buurtbemiddeling.case.report"]
        labels = {}
        for position, name in enumerate(self._get_field_names()):
            values = {row[position] for row in rows} - {None}
            field = facts._fields[name]
            labels[position, None] = (NOT_RECORDED, self.env._("Not recorded"))
            if field.relational:
                # sudo: labels of code lists, areas and referral partners, of which only the name
                # is shown; a figure is there also for who may not open the list itself
                records = self.env[field.comodel_name].sudo().browse(int(v) for v in values)
                for record in records:
                    code = record.code if "code" in record._fields else str(record.id)
                    labels[position, str(record.id)] = (code, record.display_name)
            elif field.type == "selection":
                texts = dict(field._description_selection(self.env))
                labels.update({(position, v): (v, texts.get(v, v)) for v in values})
            elif name.endswith("_month"):
                months = get_month_names(locale=get_lang(self.env).code)
                labels.update({(position, v): (v, months[int(v)]) for v in values})
            else:
                labels.update({(position, v): (v, v) for v in values})
        return labels

    def _parse_value(self, name, text):
        """Return the value of a fact from its text in the lines; ``False`` for NONE."""
        if text is None:
            return False
        field = self.env["buurtbemiddeling.case.report"]._fields[name]
        return int(text) if field.relational else text
