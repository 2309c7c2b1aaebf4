from ast import literal_eval

import psycopg2

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

NOT_UNDERSTOOD = (psycopg2.DataError, psycopg2.ProgrammingError)  # by the database
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
                self.env._("Say what %s is divided by: cases, volunteers or areas.", self.name)
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

    def _check_domain(self, source, domain):
        facts = self._get_facts(source)
        try:
            parsed = Domain(literal_eval(domain or "[]"))
            for condition in parsed.iter_conditions():
                self._check_fact(facts, condition)
            parsed.validate(facts)
            # sudo: whether the database understands it, no row comes back
            query = facts.sudo()._search(parsed, limit=0)
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query.select(), log_exceptions=False)
        except (ValueError, SyntaxError, TypeError, *NOT_UNDERSTOOD) as error:
            raise ValidationError(
                self.env._(
                    "The definition of %(indicator)s is not right: %(domain)s can not be"
                    " applied to the facts of %(facts)s (%(error)s).",
                    indicator=self.name,
                    domain=domain,
                    facts=self._get_source_label(source),
                    error=str(error).splitlines()[0],
                )
            ) from error

    @api.model
    def _check_fact(self, facts, condition):
        """Only facts themselves, or the code of one: nothing that leads to a person or a case."""
        name, _dot, rest = condition.field_expr.partition(".")
        if name in ("id", "display_name", *facts._personal_facts) or rest not in ("", "code"):
            raise ValueError(condition.field_expr)
        if "any" in condition.operator or name not in facts._fields:
            raise ValueError(condition.field_expr)
        if rest and "code" not in self.env[facts._fields[name].comodel_name]._fields:
            raise ValueError(condition.field_expr)

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
