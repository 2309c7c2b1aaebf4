from markupsafe import Markup

from odoo import api, models
from odoo.fields import Command
from odoo.tools import format_date

# Says that records are being merged or split. No browser can send this object: a plain value in the
# context could come from anyone, also where our own code goes on as superuser.
MERGING = object()


def is_merging(env):
    """Return whether our own code is merging or splitting, as superuser."""
    return env.su and env.context.get("merging") is MERGING


class BuurtbemiddelingMergeMixin(models.AbstractModel):
    """A record that takes over all that belongs to others which turn out to be the same.

    Nothing is listed by hand: every stored field, in whatever app, that points to one of the others
    is found in the registry and points to the kept record afterwards. So nothing is lost when
    another model gets a link to a case or party.
    """

    _name = "buurtbemiddeling.merge.mixin"
    _description = "Merging of Records"

    def _absorb(self, others):
        """Take over everything of ``others``, which are deleted then.

        What is empty here is filled in; what was recorded differently is told in a note on this
        record's own thread, so that no fact is lost.

        :param others: records of the same model, the oldest first
        """
        self.ensure_one()
        # sudo: the caller has checked that the user may write all of these records; what points to
        # them is moved whole, also what the user has archived or may not delete
        kept, others = self._as_merging(), others.sudo()
        values, different = kept._merge_values(others)
        kept.write(values)
        kept._take_over_rows(others)
        kept._note_differences(different)
        # nothing that was moved may be found as theirs any more, or it would be deleted with them
        self.env.flush_all()
        self.env.invalidate_all()
        others.unlink()

    def _as_merging(self):
        """Return these records for repointing: nobody is told of it, and nothing is refused."""
        # sudo: as in _absorb
        return self.sudo().with_context(merging=MERGING)

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def _get_unmerged_fields(self):
        """Return the names of the fields that say which record this is, which stay as they are."""
        return {*models.MAGIC_COLUMNS, "active", "company_id"}

    def _get_facts(self):
        """Return the fields in which something was recorded, by a person or an import."""
        skipped = self._get_unmerged_fields()
        return [
            field
            for field in self._fields.values()
            if field.store
            and not (field.name in skipped or field.related)
            and not (field.compute and field.readonly)
            and field.type not in ("one2many", "many2one_reference", "reference", "json")
        ]

    def _merge_values(self, others):
        """Return what to write here, and what the others recorded differently.

        Lists are united, texts put under each other, what is ticked anywhere is ticked; of the rest
        the first that is known counts, this record's own before that of the others.

        :return: ``({field name: value}, [(other record, field, value as text)])``
        """
        values, different = {}, []
        for field in self._get_facts():
            name = field.name
            known = [record for record in (self, *others) if _is_known(record[name])]
            if not known:
                continue
            if field.type == "many2many":
                missing = others[name] - self[name]
                values[name] = [Command.link(record.id) for record in missing]
            elif field.type in ("text", "html"):
                glue = Markup("<br/>") if field.type == "html" else "\n\n"
                values[name] = glue.join(dict.fromkeys(record[name] for record in known))
            elif known[0] != self or field.compute:
                # a computed fact is written as well, or it would follow what is filled in
                values[name] = field.convert_to_write(known[0][name], self)
            if field.type not in ("many2many", "text", "html", "boolean") and not field.compute:
                different += [
                    (record, field, record._describe(field))
                    for record in known
                    if record[name] != known[0][name]
                ]
        return values, different

    def _describe(self, field):
        """Return the value of a field as text."""
        if field.type == "date":
            return format_date(self.env, self[field.name])
        return field.convert_to_export(self[field.name], self)

    def _note_differences(self, different):
        if different:
            items = Markup("").join(
                Markup("<li>%s: %s</li>") % (field._description_string(self.env), text)
                for _record, field, text in different
            )
            self.message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (self.env._("Was recorded differently in what was merged:"), items)
            )

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @api.model
    def _get_models_left_behind(self):
        """Return the names of the models whose rows go when a merged record goes."""
        return set()

    @api.model
    def _get_pointers(self):
        """Return the stored fields, of any app, that can hold a record of this model."""
        left_behind = self._get_models_left_behind()
        return [
            field
            for name, model in self.env.items()
            if model._auto and not (model._abstract or model._transient or name in left_behind)
            for field in model._fields.values()
            if field.store
            and not (field.related or (field.compute and field.readonly))
            and (
                (field.type in ("many2one", "many2many") and field.comodel_name == self._name)
                or field.type in ("many2one_reference", "reference")
            )
        ]

    def _take_over_rows(self, others):
        """Let every row that points to ``others`` point here, in one batch a field."""
        self._drop_double_followers(others)
        for field in self._get_pointers():
            rows = self.env[field.model_name].with_context(active_test=False)
            name = field.name
            if field.type == "many2one":
                rows.search([(name, "in", others.ids)]).write(self._get_row_values(field))
            elif field.type == "many2many":
                unlinked = [Command.unlink(other.id) for other in others]
                rows.search([(name, "in", others.ids)]).write(
                    {name: [*unlinked, Command.link(self.id)]}
                )
            elif field.type == "many2one_reference":
                rows.search([(field.model_field, "=", self._name), (name, "in", others.ids)]).write(
                    {name: self.id}
                )
            else:
                named = [f"{self._name},{other.id}" for other in others]
                rows.search([(name, "in", named)]).write({name: f"{self._name},{self.id}"})

    def _get_row_values(self, field):
        """Return what to write on a row that points here with many2one ``field`` from now on."""
        return {field.name: self.id}

    def _drop_double_followers(self, others):
        """Whoever follows several of the records follows the kept one once."""
        followers = self.env["mail.followers"].search(
            [("res_model", "=", self._name), ("res_id", "in", [self.id, *others.ids])]
        )
        for rows in followers.grouped("partner_id").values():
            rows.sorted(lambda row: (row.res_id != self.id, row.id))[1:].unlink()


def _is_known(value):
    """Return whether something was recorded; the answer "unknown" is as good as none."""
    return bool(value) and not (isinstance(value, str) and value == "unknown")
