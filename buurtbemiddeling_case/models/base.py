from odoo import SUPERUSER_ID, api, models, tools


class Base(models.AbstractModel):
    """Nobody links a contact that is hidden from them, on any model.

    The record rule on contacts guards reading them. But a many2one, a related field or a default
    shows something of a contact as well, and Odoo reads those for everybody. So whoever may not
    see a confidential contact may not name it either: not by guessing its number, in no field of
    no app, not in an onchange.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_linked_contacts(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_linked_contacts([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        self._check_linked_contacts([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    @tools.ormcache()
    def _get_contact_field_names(self):
        """Return the names of the fields of this model that hold contacts."""
        return tuple(
            name for name, field in self._fields.items() if field.comodel_name == "res.partner"
        )

    def _check_linked_contacts(self, vals_list):
        """Refuse values that link a confidential contact which the user may not see.

        Counts for the user who acts, also where code runs with more rights than that user has.
        """
        if self.env.uid == SUPERUSER_ID:
            return
        names = self._get_contact_field_names()
        if not names:
            return
        context = self.env.context
        partner_ids = set()
        for name in names:
            if (default := f"default_{name}") in context:
                partner_ids |= _linked_ids(context[default])
            for vals in vals_list:
                if name in vals:
                    partner_ids |= _linked_ids(vals[name])
        if partner_ids:
            self.env["res.partner"]._check_may_be_linked(partner_ids)


def _linked_ids(value):
    """Return the database ids in a value of a relational field, in any of the forms it takes."""
    if isinstance(value, models.BaseModel):
        return set(value._origin.ids)
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, int):
        return {value} if value and value is not True else set()
    if not isinstance(value, (list, tuple)):
        return set()
    ids = set()
    for item in value:
        if isinstance(item, (list, tuple)) and item:
            # commands: 4 links one, 6 sets a list, 1 changes one
            if item[0] in (1, 4) and len(item) > 1 and isinstance(item[1], int):
                ids.add(item[1])
            elif item[0] == 6 and len(item) > 2:
                ids.update(id_ for id_ in item[2] if isinstance(id_, int))
        elif isinstance(item, int):
            ids.add(item)
    return ids
