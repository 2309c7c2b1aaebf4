from odoo import api, fields, models

NAMED = 5  # so many names are written out, the others are a number
STATES = ("wrong", "attention", "ok")


class BuurtbemiddelingCheck(models.TransientModel):
    """What is set wrong in this Odoo for the confidentiality of cases, and how to mend it.

    A check is a method named ``_verify_<topic>_<what>`` that returns ``self._result(…)``; it is
    found by its name, so another module adds one by inheriting this model. Checks run with all
    rights, because they look at what only the administrator of Odoo may see, and they tell names
    of colleagues, screens and settings, never of a resident, and no secret. ``self.env.companies``
    are the organisations that the user works in now.

    Each row is the result of one check, for one user; ``action_run`` makes them anew.
    """

    _name = "buurtbemiddeling.check"
    _inherit = [
        "buurtbemiddeling.check.mail.mixin",
        "buurtbemiddeling.check.user.mixin",
        "buurtbemiddeling.check.access.mixin",
        "buurtbemiddeling.check.contact.mixin",
        "buurtbemiddeling.check.keep.mixin",
        "buurtbemiddeling.check.server.mixin",
    ]
    _description = "Security Check"
    _order = "id"

    code = fields.Char(readonly=True)
    topic = fields.Selection(
        [
            ("mail", "Mail and forms"),
            ("user", "People and logins"),
            ("access", "Rights"),
            ("contact", "Residents"),
            ("keep", "Terms"),
            ("server", "Server"),
        ],
        readonly=True,
    )
    state = fields.Selection(
        [("wrong", "Wrong"), ("attention", "Attention"), ("ok", "In order")], readonly=True
    )
    name = fields.Char("What", readonly=True)
    found = fields.Text("What was found", readonly=True)
    remedy = fields.Text("How to mend it", readonly=True)
    action = fields.Char(readonly=True)
    record_ids = fields.Json(readonly=True)

    # ------------------------------------------------------------
    # RUNNING
    # ------------------------------------------------------------

    def action_run(self):
        """Check everything anew and open the results, the worst first.

        :raise AccessError: for whoever is no administrator of buurtbemiddeling
        """
        self.check_access("read")
        # sudo: rows are made here only, so that nobody can type a good result; the user's own
        rows = self.sudo().search([("create_uid", "=", self.env.uid)])
        rows.unlink()
        results = sorted(self._get_results(), key=lambda result: STATES.index(result["state"]))
        rows.create(results)
        # sudo: companies are changed by the administrator of Odoo only; this is what was found
        self.env.companies.sudo().buurtbemiddeling_check_is_passed = not any(
            result["state"] == "wrong" for result in results
        )
        return self.env["ir.actions.actions"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_check_action"
        )

    @api.model
    def _get_results(self, names=None):
        """Return the values of a row for each check, by topic.

        :param names: of the methods to run, else all
        """
        # The companies are looked up first: with all rights nobody asks whether one works there.
        companies = self.env.companies.ids
        # sudo: users, rights, mail servers and parameters are for the administrator of Odoo.
        # What is told are settings and names of colleagues of one's own organisations.
        checker = self.sudo().with_context(allowed_company_ids=companies)
        results = []
        for method in names or self._get_check_names():
            result = getattr(checker, method)()
            action, by_admin = result.pop("action"), result.pop("by_admin")
            may_open = result["state"] != "ok" and self._may_open(action)
            if result["remedy"] and by_admin and not may_open and not self.env.user._is_system():
                result["remedy"] = self.env._("Ask your Odoo administrator: %s", result["remedy"])
            result["action"] = action if may_open else False
            results.append({**result, "code": method, "topic": method.split("_")[2]})
        return results

    @api.model
    def _get_check_names(self):
        """Return the names of all check methods, those of a topic together."""
        topics = list(dict(self._fields["topic"].selection))
        names = [name for name in dir(type(self)) if name.startswith("_verify_")]
        return sorted(names, key=lambda name: (topics.index(name.split("_")[2]), name))

    @api.model
    def _may_open(self, xml_id):
        """Tell whether the user may change something on the screen of this action."""
        if not xml_id:
            return False
        # sudo: only who may open the screen, and of which model it is
        action = self.env.ref(xml_id).sudo()
        if action.group_ids and not action.group_ids & self.env.user.all_group_ids:
            return False
        # our own screens of work that nobody types into have buttons
        ours = action.res_model.startswith("buurtbemiddeling.")
        return self.env[action.res_model].has_access("read" if ours else "write")

    @api.model
    def _result(self, name, found, remedy, state="wrong", **more):
        """Return what a check says.

        :param name: what was looked at
        :param found: a sentence that says what is wrong; empty when nothing is
        :param remedy: a sentence that says how to mend it
        :param state: ``wrong`` or ``attention``, how bad it is if something was found
        :param more: ``action``, the XML id of the screen where it is mended; ``records``, those to
            show there; ``by_admin``, whether it takes the administrator of Odoo (that is so for
            whoever may not open the screen) or can be done by colleagues themselves
        """
        records = more.get("records")
        return {
            "name": name,
            "found": found or False,
            "remedy": remedy if found else False,
            "state": state if found else "ok",
            "action": more.get("action"),
            "record_ids": records.ids if found and records else False,
            "by_admin": more.get("by_admin", True),
        }

    @api.model
    def _list(self, names):
        """Return names in a sentence, a few of them: "A, B and 3 more"."""
        names = list(names)
        text = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            return self.env._(
                "%(names)s and %(number)s more", names=text, number=len(names) - NAMED
            )
        return text

    @api.model
    def _get_limit(self, name):
        """Return the strictest of the limits of this name of the user's organisations."""
        return min(self.env.companies.mapped(f"buurtbemiddeling_check_{name}"))

    @api.model
    def _get_parameter(self, key):
        """Return a system parameter as it is in the database, past Odoo's cache."""
        # A script beside Odoo may have written it.
        parameters = self.env["ir.config_parameter"].search([("key", "=", key)])
        return parameters.value or ""

    @api.model
    def _get_our_modules(self):
        """Return the names of the installed modules whose rights are guarded."""
        return (
            self.env["ir.module.module"]
            .search([("name", "=like", "buurtbemiddeling%"), ("state", "=", "installed")])
            .mapped("name")
        )

    @api.model
    def _get_our_records(self, model):
        """Return ``{id: xml id}`` of the records of ``model`` that our modules brought."""
        data = self.env["ir.model.data"].search(
            [("model", "=", model), ("module", "in", self._get_our_modules())]
        )
        return {row.res_id: f"{row.module}.{row.name}" for row in data}

    @api.model
    def _get_xml_ids(self, records):
        """Return ``{id: xml id}`` of records; those without one are left out."""
        return {id_: names[0] for id_, names in records._get_external_ids().items() if names}

    # ------------------------------------------------------------
    # MENDING
    # ------------------------------------------------------------

    def action_mend(self):
        """Open the screen where the user mends this."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(self.action)
        if self.record_ids:
            action["domain"] = [("id", "in", self.record_ids)]
            action["context"] = {"active_test": False}
        return action

    def action_note_backup(self):
        """Keep that somebody looked after a backup today, and check anew.

        :raise AccessError: for whoever is no administrator of buurtbemiddeling
        """
        self.check_access("read")
        self._note_backup()
        return self.action_run()
