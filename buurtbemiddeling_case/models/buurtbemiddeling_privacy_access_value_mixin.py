from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date, format_time, html2plaintext

TEXTS = ("char", "text", "html")
VALUES = ("date", "datetime", "selection", "boolean", "integer", "float", "monetary")
# lists with a name of their own, in which nobody is named
LINKS = ("buurtbemiddeling.case", "buurtbemiddeling.referral.partner")


class BuurtbemiddelingPrivacyAccessValueMixin(models.AbstractModel):
    """Which fields of a record are told in the file of one person, and in what words."""

    _name = "buurtbemiddeling.privacy.access.value.mixin"
    _description = "Values in the File of One Person"

    @api.model
    def _section(self, code, title, rows):
        return {
            "code": code,
            "title": title,
            "records": [{"title": title, "values": values} for title, values in rows if values],
        }

    @api.model
    def _value(self, field, label, value):
        return {"field": field, "label": label, "value": value}

    def _get_value(self, record, name, value):
        return self._value(name, record._fields[name]._description_string(self.env), value)

    def _get_values(self, record, about, mask, types=None, only=None):
        """Return what fields of ``record`` tell of this person.

        :param about: about whom a text must be, in the inventory, to be told
        :param types: types of fields besides those texts; none says all that name nobody
        :param only: names of fields to look at
        """
        lines = self._get_abouts(record._name)
        values = []
        for name in only or record._fields:
            field = record._fields[name]
            technical = (
                field.export_string_translation is False
                or name in ("active", "sequence", "display_name")
                or (not only and name in models.MAGIC_COLUMNS)
            )
            if technical or not field.store or not record[name]:
                continue
            value = record[name]
            if field.type in TEXTS and lines[name] & about:
                text = html2plaintext(value) if field.type == "html" else value
                value = mask(text)
            elif field.type in ("many2one", "many2many") and not types:
                if not self._names_nobody(field, lines[name]):
                    continue
                value = ", ".join(value.mapped("display_name"))
            elif field.type not in (types or VALUES):
                continue
            elif field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value, value)
            elif field.type == "datetime":
                value = fields.Datetime.context_timestamp(record, value).replace(tzinfo=None)
            values.append(self._get_value(record, name, value))
        return values

    @api.model
    def _get_abouts(self, model):
        """Return ``{field: words}``: about whom the inventory says that a text may be."""
        abouts = defaultdict(set)
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            if line.model == model:
                abouts[line.field].add(line.about)
        return abouts

    def _names_nobody(self, field, about):
        """Whether the name of what a field holds tells nothing of anyone."""
        if field.comodel_name in LINKS or about == {"nobody"}:
            return True
        abouts = self._get_abouts(field.comodel_name).values()
        return bool(abouts) and all(about == {"nobody"} for about in abouts)

    def _show_value(self, value):
        """Return a value as people write it."""
        if value is True:
            return self.env._("Yes")
        if hasattr(value, "hour"):
            time = format_time(self.env, value, tz="UTC", time_format="short")
            return f"{format_date(self.env, value)} {time}"
        if hasattr(value, "year"):
            return format_date(self.env, value)
        return str(value)
