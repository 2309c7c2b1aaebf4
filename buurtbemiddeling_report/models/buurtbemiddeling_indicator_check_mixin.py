from ast import literal_eval

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import OrderedSet

#: by Odoo or by the database
NOT_UNDERSTOOD = (
    ValueError, SyntaxError, TypeError, NotImplementedError, UserError,
    psycopg2.DataError, psycopg2.ProgrammingError,
)  # fmt: skip
#: A change of one of these makes it another figure.
DEFINITION = {
    "source", "kind", "basis", "numerator_domain", "measure", "fraction",
    "denominator_source", "denominator_domain", "denominator_measure", "unit",
}  # fmt: skip


class BuurtbemiddelingIndicatorCheckMixin(models.AbstractModel):
    """What a right definition of an indicator is, and in words what is wrong with another one."""

    _name = "buurtbemiddeling.indicator.check.mixin"
    _description = "Check of an Indicator"

    @api.constrains(*DEFINITION)
    def _check_definitions(self):
        for indicator in self:
            indicator._check_definition()

    def _check_definition(self):
        """Refuse a definition that can not be computed, in words.

        :raise ValidationError: says what is wrong
        """
        self.ensure_one()
        self._check_base()
        for source, domain, measure in self._get_parts():
            self._check_domain(source, domain)
            if source == "cost" and not measure:
                raise ValidationError(
                    self.env._(
                        "%s: costs are added up and not counted. Choose Total or Ratio, with the"
                        " costs as what is measured.",
                        self.name,
                    )
                )
            if measure and measure not in self._get_facts(source)._fields:
                raise ValidationError(
                    self.env._(
                        "The facts of %(facts)s have no “%(measure)s”, which %(indicator)s"
                        " measures. Choose another measure, or count something else.",
                        facts=self._get_source_label(source),
                        measure=dict(self._fields["measure"]._description_selection(self.env))[
                            measure
                        ],
                        indicator=self.name,
                    )
                )
        self._check_unit()

    def _check_base(self):
        """What a kind of figure needs; a share is a part of its base, in the same facts."""
        if self.kind in ("percentile", "total") and not self.measure:
            raise ValidationError(
                self.env._(
                    "%s needs something to measure. Choose a measure, such as own days.", self.name
                )
            )
        if self.kind in ("share", "ratio") and not self.denominator_domain:
            raise ValidationError(
                self.env._("%s needs a base. Fill in what it is divided by.", self.name)
            )
        if self.kind == "ratio" and not self.denominator_source:
            raise ValidationError(
                self.env._(
                    "Say what %s is divided by: cases, volunteers, areas or costs.", self.name
                )
            )
        if self.kind == "share" and self.denominator_source not in (False, self.source):
            raise ValidationError(
                self.env._(
                    "%(indicator)s is a share of %(facts)s, so its base is a number of those as"
                    " well. Choose Ratio to divide by something else.",
                    indicator=self.name,
                    facts=self._get_source_label(self.source),
                )
            )

    def _check_unit(self):
        units = dict(self._fields["unit"]._description_selection(self.env))
        if not self.unit:
            raise ValidationError(
                self.env._(
                    "%(indicator)s has no unit: then nobody knows what a target for it means."
                    " Choose as unit: %(units)s.",
                    indicator=self.name,
                    units=", ".join(units[unit] for unit in self._get_units()),
                )
            )
        if self.unit not in self._get_units():
            raise ValidationError(
                self.env._(
                    "The unit “%(unit)s” does not fit %(indicator)s. Choose as unit: %(units)s.",
                    unit=units.get(self.unit),
                    indicator=self.name,
                    units=", ".join(units[unit] for unit in self._get_units()),
                )
            )

    def _check_domain(self, source, domain):
        facts = self._get_facts(source)
        try:
            parsed = Domain(literal_eval(domain or "[]"))
        except (ValueError, SyntaxError, TypeError) as error:
            raise self._get_refusal(
                self.env._("Its conditions can not be read. Choose them again, one by one.")
            ) from error
        for condition in parsed.iter_conditions():
            self._check_fact(source, condition)
        if self._is_understood(facts, parsed):
            return
        conditions = list(parsed.iter_conditions())
        wrong = [c for c in conditions if not self._is_understood(facts, c)] or conditions
        raise self._get_refusal(
            self.env._(
                "A condition does not fit what it is about: %s. Choose its value again.",
                ", ".join(dict.fromkeys(self._get_fact_label(c.field_expr) for c in wrong)),
            )
        )

    @api.model
    def _is_understood(self, facts, domain):
        """Whether a condition can be applied to facts, also by the database."""
        try:
            domain.validate(facts)
            if not all(self._can_be_chosen(facts, each) for each in domain.iter_conditions()):
                return False
            # sudo: whether the database understands it, no row comes back
            query = facts.sudo()._search(domain, limit=0)
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query.select(), log_exceptions=False)
        except NOT_UNDERSTOOD:
            return False
        return True

    @api.model
    def _can_be_chosen(self, facts, condition):
        """Whether a fact with choices has those that are asked: nothing would ever count."""
        field = facts._fields.get(condition.field_expr)
        if not field or field.type != "selection" or "like" in condition.operator:
            return True
        value = condition.value
        values = set(value) if isinstance(value, (list, tuple, set, OrderedSet)) else {value}
        return values <= {False, *field.get_values(self.env)}

    def _check_fact(self, source, condition):
        """Only facts themselves, or the code of one: nothing that leads to a person or a case."""
        facts = self._get_facts(source)
        name, _dot, rest = condition.field_expr.partition(".")
        label = self._get_fact_label(name)
        field = facts._fields.get(name)
        if not field:
            raise self._get_refusal(
                self.env._(
                    "The facts of %(facts)s have no “%(fact)s”. Choose another fact in the list.",
                    facts=self._get_source_label(source),
                    fact=label,
                )
            )
        if name in ("id", "display_name", *facts._personal_facts):
            raise self._get_refusal(
                self.env._(
                    "“%s” leads to one case or one person, and a figure may not. Choose another"
                    " fact in the list.",
                    label,
                )
            )
        has_code = field.relational and "code" in self.env[field.comodel_name]._fields
        if "any" in condition.operator or rest and not (rest == "code" and has_code):
            raise self._get_refusal(
                self.env._(
                    "A figure may ask for “%s”, and not for what lies behind it. Choose one of its"
                    " values.",
                    label,
                )
            )

    def _get_refusal(self, reason):
        """Return the error that says why the definition is refused."""
        return ValidationError(
            self.env._(
                "The definition of %(indicator)s is not right. %(reason)s",
                indicator=self.name,
                reason=reason,
            )
        )

    @api.model
    def _get_fact_label(self, name):
        """Return how people call a fact, of any source; of what is no fact, the name itself."""
        name = name.partition(".")[0]
        for source, _label in self._fields["source"].selection:
            field = self._get_facts(source)._fields.get(name)
            if field:
                return field._description_string(self.env)
        return name

    @api.constrains("name", "explanation")
    def _check_texts(self):
        for indicator in self:
            if not (indicator.name or "").strip() or not (indicator.explanation or "").strip():
                raise ValidationError(
                    self.env._(
                        "A figure needs a name, and an explanation of what is counted. Fill in"
                        " both."
                    )
                )

    @api.constrains("code", "valid_from", "valid_to")
    def _check_one_definition_a_year(self):
        """Archived ones count too: they may come back."""
        same = self.with_context(active_test=False).search([("code", "in", self.mapped("code"))])
        for members in same.grouped("code").values():
            by_year = members.sorted("valid_from")
            for indicator, following in zip(by_year, by_year[1:], strict=False):
                if not indicator.valid_to or indicator.valid_to >= following.valid_from:
                    raise ValidationError(
                        self.env._(
                            "In %(year)s there would be two figures with the code %(code)s. Let the"
                            " years of one end before those of the other begin, or use another"
                            " code.",
                            year=following.valid_from,
                            code=indicator.code,
                        )
                    )
