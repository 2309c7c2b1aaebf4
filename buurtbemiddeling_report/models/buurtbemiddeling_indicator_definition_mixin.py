from odoo import models

_TEXTS = ("name", "explanation")
# how a definition is found and shown, and how long it is used: not what it counts
_NOT_COUNTING = ("code", "sequence", "unit", "version", "valid_from", "valid_to")


class BuurtbemiddelingIndicatorDefinitionMixin(models.AbstractModel):
    """What an indicator says, in a form that can be kept with figures."""

    _name = "buurtbemiddeling.indicator.definition.mixin"
    _description = "Definition of an Indicator"

    def _get_definition(self):
        """Return the definition as JSON: the texts as ``{language: text}``, the rest as it is.

        Every stored field that an indicator has, so that a new property is kept as well.
        """
        self.ensure_one()
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = [
            name
            for name, field in self._fields.items()
            if field.store
            and not field.relational
            and field.type not in ("date", "datetime")
            and name not in (*models.MAGIC_COLUMNS, *_TEXTS, "active")
        ]
        return {
            **{
                text: {lang: self.with_context(lang=lang)[text] for lang in languages}
                for text in _TEXTS
            },
            **{name: self[name] for name in names},
        }

    def _is_counted_as(self, definition):
        """Whether this still counts what ``definition`` says; its wording does not matter."""
        now = self._get_definition()
        ignored = {*_TEXTS, *_NOT_COUNTING}
        return all(
            now.get(name) == value for name, value in definition.items() if name not in ignored
        )

    def _from_definition(self, definition):
        """Return an indicator in memory that is as ``definition`` says, in the user's language."""
        language = self.env.lang or "en_US"
        values = {name: value for name, value in definition.items() if name in self._fields}
        for text in _TEXTS:
            translations = definition[text]
            values[text] = translations.get(language) or next(iter(translations.values()))
        return self.new(values)

    def _get_source(self, key=None):
        """Return the source of what is counted under ``key``, the numerator if none."""
        sources = [source for source, _domain, _measure in self._get_parts()]
        return sources[-1 if key == f"{self.code}/base" else 0]

    def _get_conditions(self, source=None):
        """Return ``{key: domain}``: the code for the numerator, ``code/base`` for the base.

        :param source: only what is counted of this source
        """
        self.ensure_one()
        return {
            key: self._get_domain(part)
            for (of_source, _domain, _measure), part, key in zip(
                self._get_parts(),
                ("numerator", "denominator"),
                (self.code, f"{self.code}/base"),
                strict=False,  # not all have a base
            )
            if source in (None, of_source)
        }

    def _get_measures(self, source):
        """Return ``{key: the fact that is measured there, or None}`` of one source."""
        measures = iter(
            measure or None
            for of_source, _domain, measure in self._get_parts()
            if of_source == source
        )
        return dict(zip(self._get_conditions(source), measures, strict=True))

    def _get_fact_names(self, source=None):
        """Return the facts by which this is counted or measured, of one source or all."""
        self.ensure_one()
        names = {
            condition.field_expr.partition(".")[0]
            for domain in self._get_conditions(source).values()
            for condition in domain.iter_conditions()
        }
        return names | {
            measure
            for of_source, _domain, measure in self._get_parts()
            if measure and source in (None, of_source)
        }
