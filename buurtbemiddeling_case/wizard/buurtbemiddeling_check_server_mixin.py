from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import config

BACKUP = "buurtbemiddeling.last_backup"


class BuurtbemiddelingCheckServerMixin(models.AbstractModel):
    """Whether the server is set as one with confidential data should be."""

    _name = "buurtbemiddeling.check.server.mixin"
    _description = "Security Check of the Server"

    def _verify_server_backup(self):
        """Odoo makes no backups and knows of none: a script or a person says that there is one."""
        stored = self._get_parameter(BACKUP)
        try:
            last = date.fromisoformat(stored[:10])
        except ValueError:
            last = None
        today = fields.Date.context_today(self)
        days = self._get_limit("backup_days")
        found = False
        if not last or last > today + timedelta(days=1):  # the script may live in another zone
            found = self.env._("Nobody said when the last backup was made.")
        elif last < today - timedelta(days=days):
            found = self.env._(
                "The last backup that is known of is of %(date)s, more than %(days)s days ago.",
                date=last,
                days=days,
            )
        return self._result(
            self.env._("Backup"),
            found,
            self.env._(
                "Look whether a backup was made and can be put back, and press the button “I"
                " checked a backup today”; or let the backup script say so, see the documentation."
            ),
            by_admin=False,
        )

    @api.model
    def _note_backup(self):
        """Keep today as the day of the last backup. Backup scripts call this, or write it."""
        # sudo: parameters are for the administrator of Odoo; this one holds a day
        self.env["ir.config_parameter"].sudo().set_param(
            BACKUP, fields.Date.to_string(fields.Date.context_today(self))
        )

    def _verify_server_address(self):
        """What residents type on a page without https can be read on its way."""
        address = self._get_parameter("web.base.url")
        return self._result(
            self.env._("Address of Odoo"),
            not address.startswith("https://")
            and self.env._("Odoo is reached at %s, without https.", address),
            self.env._(
                "Put Odoo behind a web server with a certificate, and set the system parameter"
                " web.base.url to its address with https."
            ),
            action="base.ir_config_list_action",
        )

    def _verify_server_proxy(self):
        """Behind a web server, limits per connection and secure cookies need its word."""
        address = self._get_parameter("web.base.url")
        return self._result(
            self.env._("Web server in front of Odoo"),
            address.startswith("https://")
            and not config["proxy_mode"]
            and self.env._(
                "Odoo has an address with https and does not know that a web server stands in front"
                " of it: all visitors look like one."
            ),
            self.env._("Set proxy_mode = True in the configuration file of Odoo."),
            "attention",
        )

    def _verify_server_manager(self):
        """The database manager lets everyone on the internet try to take a copy of all data."""
        return self._result(
            self.env._("Database manager"),
            config["list_db"]
            and self.env._("The page on which databases are copied and removed is open."),
            self.env._("Set list_db = False in the configuration file of Odoo."),
        )

    def _verify_server_master_password(self):
        """The master password opens the database manager."""
        stored = config["admin_passwd"] or ""
        return self._result(
            self.env._("Master password"),
            stored == "admin" and self.env._("The master password of Odoo is still “admin”."),
            self.env._("Set another admin_passwd in the configuration file of Odoo."),
        )

    def _verify_server_log(self):
        """A log that tells everything tells of residents, and is kept longer than they are."""
        handlers = [
            handler
            for handler in config["log_handler"]
            if handler.upper().endswith(":DEBUG") and not handler.startswith("odoo.tests")
        ]
        if config["log_level"].startswith("debug"):
            handlers.append(config["log_level"])
        return self._result(
            self.env._("What the log tells"),
            (handlers or config["dev_mode"])
            and self.env._(
                "The server runs for developers (%s): names and texts may come into its log.",
                self._list([*handlers, *config["dev_mode"]]),
            ),
            self.env._(
                "Take log_level, log_handler and dev_mode out of the configuration file of Odoo."
            ),
            "attention",
        )

    def _verify_server_neutralized(self):
        """A copy for testing has all residents in it, and is often guarded less."""
        return self._result(
            self.env._("Copy for testing"),
            self._get_parameter("database.is_neutralized")
            and self.env._(
                "This database is a copy for testing, with the data of residents in it. No mail"
                " leaves it and no job runs."
            ),
            self.env._("Remove the copy when the test is over."),
            "attention",
        )

    def _verify_server_demo(self):
        """Made-up cases among real ones make both worthless."""
        modules = self.env["ir.module.module"].search(
            [("name", "in", self._get_our_modules()), ("demo", "=", True)]
        )
        return self._result(
            self.env._("Demo data"),
            modules and self.env._("This database was made with demo data."),
            self.env._("Work with real cases in a database without demo data."),
        )

    def _verify_server_job(self):
        """Terms are kept, and reminders sent, by scheduled jobs."""
        jobs = self.env["ir.cron"].with_context(active_test=False)
        jobs = jobs.search([("id", "in", [*self._get_our_records("ir.cron")])])
        now = fields.Datetime.now()
        bad = jobs.filtered(
            lambda job: (
                not job.active
                or job.failure_count
                or job.nextcall + relativedelta(**{job.interval_type: job.interval_number}) < now
            )
        )
        return self._result(
            self.env._("Scheduled jobs"),
            bad
            and self.env._(
                "Are switched off, fail, or are late by a whole turn: %s.",
                self._list(bad.mapped("cron_name")),
            ),
            self.env._("Open the scheduled job, and switch it on or look why it fails."),
            action="base.ir_cron_act",
            records=bad,
        )
