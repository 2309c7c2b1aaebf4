from babel.dates import get_month_names

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import get_lang

from .buurtbemiddeling_case_report import NOT_RECORDED
from .buurtbemiddeling_indicator_measurement_mixin import SOURCES

PREVIEW_ROWS = 5


class BuurtbemiddelingDimension(models.Model):
    """A breakdown of the figures, by one or two facts.

    A figure is broken down by it when all that it counts has these facts: cases by month of
    registration, volunteers not.

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
    is_public = fields.Boolean(
        "For outside",
        default=True,
        help="May stand in versions that leave the organisation. Leave it out for a breakdown that"
        " says nearly the same as another one.",
    )
    field_name = fields.Selection(
        lambda self: self._select_facts(),
        "Fact",
        required=True,
        help="The fact of a case by which figures are broken down.",
    )
    second_field_name = fields.Selection(
        lambda self: self._select_facts(),
        "Second fact",
        help="A second fact, to break down by both at once. Empty: by one only.",
    )
    basis = fields.Selection(
        [
            ("registration", "Cases registered in the year"),
            ("closing", "Cases closed in the year"),
        ],
        "Only for",
        help="Empty: for every figure.",
    )
    preview = fields.Char(
        "This year so far",
        compute="_compute_preview",
        help="How the cases registered this year come out for your organisation, counted now.",
    )

    _code_basis_uniq = models.UniqueIndex(
        "(code, COALESCE(basis, ''))", "This breakdown exists already."
    )

    _two_facts = models.Constraint(
        "CHECK(second_field_name IS NULL OR second_field_name != field_name)",
        "Choose two different facts, or leave the second one empty.",
    )

    @api.depends("field_name", "second_field_name", "basis")
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        """Count as a benchmark of this year would, with the rights of whoever looks."""
        self.preview = False
        facts = self.env["buurtbemiddeling.case.report"]
        indicator = self.env["buurtbemiddeling.indicator"].search(
            [("code", "=", "cases_closed" if self[:1].basis == "closing" else "cases_registered")],
            order="valid_from desc",
            limit=1,
        )
        if not indicator or not facts.has_access("read"):
            return
        if self.env["buurtbemiddeling.project"]._are_closed_in(self.env.company):
            self.preview = indicator._get_preview_refusal()
            return
        today = fields.Date.context_today(self)
        scopes = indicator._get_scopes(self.env.company)
        for dimension in self.filtered("field_name"):
            rows = indicator._measure(
                facts._of_year(today.year, today), scopes, [dimension._get_field_names()]
            )
            labels = dimension._get_labels([row[1:3] for row in rows])
            positions = range(len(dimension._get_field_names()))
            counted = [
                (
                    row[3][indicator].value,
                    " / ".join(labels[position, row[1 + position]][1] for position in positions),
                )
                for row in rows
                if row[3] and row[3][indicator].value
            ]
            counted.sort(key=lambda pair: (-pair[0], pair[1]))
            texts = [f"{label} {count}" for count, label in counted[:PREVIEW_ROWS]]
            if counted[PREVIEW_ROWS:]:
                texts.append("…")
            dimension.preview = ", ".join(texts)

    @api.model
    def _get_telling(self):
        """Return the breakdowns of which the rows decide which totals may be shown outside."""
        return self.search([("is_public", "=", True), ("second_field_name", "=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_facts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_facts(vals)
        return super().write(vals)

    def _check_facts(self, vals):
        """Refuse a breakdown by a fact that does not exist or has no codes.

        :raise ValidationError: names the facts that there are
        """
        for name in ("field_name", "second_field_name"):
            if vals.get(name) and vals[name] not in self._get_possible_facts():
                raise ValidationError(
                    self.env._(
                        "Breakdown %(dimension)s can not use “%(fact)s”. Choose one of: %(facts)s.",
                        dimension=vals.get("name") or self[:1].name,
                        fact=self.env["buurtbemiddeling.indicator"]._get_fact_label(vals[name]),
                        facts=", ".join(label for _name, label in self._select_facts()),
                    )
                )

    @api.constrains("field_name", "second_field_name")
    def _check_one_source(self):
        """Two facts that nothing has both of, divide nothing."""
        indicators = self.env["buurtbemiddeling.indicator"]
        for dimension in self:
            names = set(dimension._get_field_names())
            if not any(
                names <= set(self._get_possible_facts(source)) for source, _label in SOURCES
            ):
                raise ValidationError(
                    self.env._(
                        "Breakdown %(dimension)s: no figure can be divided by “%(fact)s” and"
                        " “%(second)s” at once, as they are facts of different things. Choose two"
                        " facts of cases, or two of volunteers.",
                        dimension=dimension.name,
                        fact=indicators._get_fact_label(dimension.field_name),
                        second=indicators._get_fact_label(dimension.second_field_name),
                    )
                )

    @api.model
    def _get_possible_facts(self, source=None):
        """Return the names of the facts that a breakdown may be by, of one source or of all."""
        indicators = self.env["buurtbemiddeling.indicator"]
        sources = [source] if source else [source for source, _label in SOURCES]
        return list(
            dict.fromkeys(
                name
                for source in sources
                for name in indicators._get_facts(source)._get_breakdown_facts()
            )
        )

    @api.model
    def _select_facts(self):
        """Return the facts with their labels, to choose from."""
        labels = {
            name: self._get_fact(name)._description_string(self.env)
            for name in self._get_possible_facts()
        }
        return sorted(labels.items(), key=lambda pair: pair[1])

    @api.model
    def _get_fact(self, name):
        """Return the field of a fact; of the same name, all sources have the same fact."""
        for source, _label in SOURCES:
            facts = self.env["buurtbemiddeling.indicator"]._get_facts(source)
            if name in facts._fields:
                return facts._fields[name]
        raise KeyError(name)

    def _get_field_names(self):
        """Return one or two field names of the facts."""
        self.ensure_one()
        return tuple(filter(None, (self.field_name, self.second_field_name)))

    def _get_labels(self, rows):
        """Return ``{(position, value): (code, label)}`` for the values found in one breakdown.

        :param rows: pairs ``(first value, second value)`` as text, ``None`` where not recorded
        """
        self.ensure_one()
        labels = {}
        for position, name in enumerate(self._get_field_names()):
            values = {row[position] for row in rows} - {None}
            field = self._get_fact(name)
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
        field = self._get_fact(name)
        return int(text) if field.relational else text
