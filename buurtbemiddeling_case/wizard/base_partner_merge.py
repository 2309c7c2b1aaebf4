from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts loses nothing of ours, or is refused before anything has changed.

    Odoo repoints every row to the kept contact, and deletes what it can not repoint.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Contacts of two parties in one case are two people, however much they look alike.

        :raise UserError: one party would get the other's letters and messages, or a row of ours
            would be lost. Whoever may not see these rows is told nothing of them.
        """
        # sudo: looks in cases that are hidden from the user as well; what they are is not told
        parties = self.env["buurtbemiddeling.case.party"].sudo()
        parties = parties.search([("partner_id", "in", list(partner_ids))])
        for case, named in parties.grouped("case_id").items():
            if len(named.partner_id) > 1:
                if not case.with_user(self.env.user).has_access("read"):
                    raise UserError(
                        self.env._("These contacts are two different people. They stay apart.")
                    )
                raise UserError(
                    self.env._(
                        "These contacts are different parties in case %s. Take one of them off the"
                        " case first.",
                        case.name,
                    )
                )
        with self.env.cr.savepoint():
            return super()._merge(partner_ids, dst_partner, extra_checks)

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge what both contacts are to an organisation, and repoint all else of ours."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self._merge_ours(src_partners, dst_partner)
        except (IntegrityError, UserError) as error:
            self._refuse_merge(error)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """What belongs to one organisation does not get the contact of another.

        :raise UserError: when it would
        """
        res = super()._update_values(src_partners, dst_partner)
        if company := dst_partner.company_id:
            for field in self._get_our_links():
                # sudo: rows of other organisations count as well; nothing of them is told
                rows = self.env[field.model_name].sudo().with_context(active_test=False)
                if field.check_company and rows.search_count(
                    [(field.name, "=", dst_partner.id), ("company_id", "!=", company.id)], limit=1
                ):
                    raise UserError(
                        self.env._(
                            "These contacts are used by several organisations. Take the"
                            " organisation off both contacts first, or leave them apart."
                        )
                    )
        return res

    @api.model
    def _merge_ours(self, src_partners, dst_partner):
        """Merge and repoint our rows; raises ``UserError`` or ``IntegrityError``."""
        role = self.env.registry["buurtbemiddeling.contact.role.mixin"]
        for rows in self.env.values():
            if isinstance(rows, role) and rows._auto:
                # as superuser: nothing may be lost of what the user can not see or may not name;
                # none of it is told
                rows = rows.with_user(SUPERUSER_ID)
                rows._merge_of_contacts(src_partners | dst_partner, dst_partner)
        self.env.flush_all()
        for field in self._get_our_links():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(kept)s WHERE %(column)s IN %(merged)s",
                    table=SQL.identifier(self.env[field.model_name]._table),
                    column=SQL.identifier(field.name),
                    kept=dst_partner.id,
                    merged=tuple(src_partners.ids),
                )
            )
        self.env.invalidate_all()

    @api.model
    def _get_our_links(self):
        """Return the stored fields of our models that hold one contact."""
        return [
            field
            for name, model in self.env.items()
            if name.startswith("buurtbemiddeling.") and model._auto and not model._transient
            for field in model._fields.values()
            if field.store and field.type == "many2one" and field.comodel_name == "res.partner"
        ]

    @api.model
    def _refuse_merge(self, error):
        """Raise ``UserError``: with the reason for a coordinator, without it for others."""
        user = self.env.user
        may_know = user._is_superuser() or user.has_group("buurtbemiddeling_case.group_user")
        if isinstance(error, UserError) and may_know:
            raise error
        raise UserError(
            self.env._(
                "Something of these contacts would be lost elsewhere in Odoo, so they are not"
                " merged. Ask your Odoo administrator."
            )
        ) from error

    def _log_merge_operation(self, src_partners, dst_partner):
        """Old names and addresses of residents are kept in no message."""
        # sudo: the flag is not for everyone to read; it only decides what is not logged
        if dst_partner.sudo().is_confidential:
            return None
        return super()._log_merge_operation(src_partners, dst_partner)
