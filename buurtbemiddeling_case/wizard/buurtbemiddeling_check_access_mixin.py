from odoo import api, models, tools
from odoo.modules import Manifest
from odoo.tools import file_open

from ..shipped_rights import (
    MODES,
    Access,
    Rule,
    normal_domain,
    read_access,
    read_implied,
    read_rules,
)


class BuurtbemiddelingCheckAccessMixin(models.AbstractModel):
    """Whether the rights in the database are those that the modules brought."""

    _name = "buurtbemiddeling.check.access.mixin"
    _description = "Security Check of Rights"

    @api.model
    @tools.ormcache()
    def _get_shipped_rights(self):
        """Return what the files of our modules say, ``(rules, access, implied groups)``."""
        rules, access, implied = {}, {}, {}
        for module in self._get_our_modules():
            for name in Manifest.for_addon(module)["data"]:
                if not name.startswith("security/"):
                    continue
                with file_open(f"{module}/{name}", "rb") as file:
                    content = file.read()
                if name.endswith("ir.model.access.csv"):
                    access |= read_access(module, content.decode().splitlines())
                elif name.endswith(".xml"):
                    rules |= read_rules(module, content)
                    for group, brings in read_implied(module, content).items():
                        implied[group] = implied.get(group, set()) | brings
        return rules, access, implied

    def _verify_access_rule(self):
        """Each record rule is there, active, and says what the file says."""
        shipped = self._get_shipped_rights()[0]
        ours = self._get_our_records("ir.rule")
        rules = self.env["ir.rule"].with_context(active_test=False).search([("id", "in", [*ours])])
        groups = self._get_xml_ids(rules.groups)
        actual = {
            ours[rule.id]: rule.active
            and Rule(
                rule.model_id.model.replace(".", "_"),
                normal_domain(rule.domain_force),
                frozenset(groups.get(group.id, "") for group in rule.groups),
                frozenset(mode for mode in MODES if rule[f"perm_{mode}"]),
            )
            for rule in rules
        }
        changed = sorted(name for name in shipped if actual.get(name) != shipped[name])
        return self._result(
            self.env._("Record rules of the modules"),
            changed
            and self.env._("Switched off, removed or changed by hand: %s.", self._list(changed)),
            self.env._(
                "Remove these record rules by hand and update the modules: then they come back as"
                " they were meant. If you just updated the modules: a new version has other rules,"
                " and Odoo leaves the old ones."
            ),
            action="base.action_rule",
            records=rules.filtered(lambda rule: ours[rule.id] in changed),
        )

    def _verify_access_foreign_rule(self):
        """A rule for a group adds to what another rule for a group allows."""
        ours = self._get_our_records("ir.rule")
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=like", "buurtbemiddeling.%"), ("id", "not in", [*ours])]
        )
        return self._result(
            self.env._("Record rules of others on our records"),
            rules
            and self.env._(
                "Record rules that are not from these modules: %s.",
                self._list(rules.mapped(lambda rule: rule.name or rule.model_id.model)),
            ),
            self.env._("Look whether they let more people see more, and archive those that do."),
            "attention",
            action="base.action_rule",
            records=rules,
        )

    def _verify_access_row(self):
        """Who may read or write which model is in the files; whatever allows more is foreign."""
        shipped = self._get_shipped_rights()[1]
        ours = self._get_our_records("ir.model.access")
        rows = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "buurtbemiddeling.%")]
        )
        groups = self._get_xml_ids(rows.group_id)
        wider = rows.filtered(
            lambda row: (
                not self._is_within(
                    Access(
                        row.model_id.model.replace(".", "_"),
                        groups.get(row.group_id.id, ""),
                        frozenset(mode for mode in MODES if row[f"perm_{mode}"]),
                    ),
                    shipped.get(ours.get(row.id)),
                )
            )
        )
        return self._result(
            self.env._("Who may read and write our records"),
            wider
            and self.env._(
                "Rows of access that allow more than these modules do: %s.",
                self._list(wider.mapped("name")),
            ),
            self.env._(
                "Remove these rows of access, or set them back. Who needs to see cases gets a role"
                " of buurtbemiddeling."
            ),
            action="base.ir_access_act",
            records=wider,
        )

    @api.model
    def _is_within(self, access, shipped):
        """Tell whether a row allows nothing, or no more than the file's row does."""
        if not access.modes:
            return True
        return shipped is not None and access[:2] == shipped[:2] and access.modes <= shipped.modes

    def _verify_access_group(self):
        """Nobody gets a role of ours by another one, except as the modules say."""
        shipped = self._get_shipped_rights()[2]
        ours = self._get_our_records("res.groups")
        groups = self.env["res.groups"].browse(ours)
        parents = groups.implied_by_ids
        names = self._get_xml_ids(groups | groups.implied_ids)
        wrong = groups.browse()
        for parent in parents | groups:
            brings = {
                names.get(group.id, "")
                for group in parent.implied_ids
                if group in groups or parent in groups
            }
            if brings - shipped.get(ours.get(parent.id), set()):
                wrong |= parent
        return self._result(
            self.env._("Roles that come with another role"),
            wrong
            and self.env._(
                "These groups give rights that the modules do not give with them: %s.",
                self._list(wrong.mapped("full_name")),
            ),
            self.env._(
                "Take the groups of buurtbemiddeling out of the inherited groups, and give people"
                " their role one by one."
            ),
            action="base.action_res_groups",
            records=wrong,
        )

    def _verify_access_export(self):
        """Who may export takes a whole list along; for most colleagues there is no need."""
        export = self.env.ref("base.group_allow_export")
        everyone = self.env.ref("base.group_user") | self.env.ref("base.default_user_group")
        return self._result(
            self.env._("Exporting lists"),
            export in everyone.all_implied_ids
            and self.env._("All employees may export lists from Odoo."),
            self.env._("Give the right to export to the people who need it, one by one."),
            "attention",
            action="base.action_res_groups",
            records=everyone.filtered(lambda group: export in group.all_implied_ids),
        )

    def _verify_access_attachment(self):
        """A public file is for everyone who has its address, without logging in."""
        names = [name for name in self.env if name.startswith("buurtbemiddeling.")]
        number = (
            self.env["ir.attachment"]
            .with_context(skip_res_field_check=True)
            .search_count([("res_model", "in", names), ("public", "=", True)])
        )
        return self._result(
            self.env._("Public files"),
            number
            and self.env._(
                "Files of cases or volunteers that everyone who knows their address can read: %s.",
                number,
            ),
            self.env._("Open the list of attachments and make them not public."),
            action="base.action_attachment",
        )
