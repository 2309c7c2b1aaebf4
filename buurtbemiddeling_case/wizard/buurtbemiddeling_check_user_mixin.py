from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import SESSION_LIFETIME


class BuurtbemiddelingCheckUserMixin(models.AbstractModel):
    """Whether only the right people get in, and prove who they are."""

    _name = "buurtbemiddeling.check.user.mixin"
    _description = "Security Check of Users"

    @api.model
    def _get_staff(self, group="buurtbemiddeling_case.group_user", active=True):
        """Return the users of the organisations who have a role, also by another one."""
        return (
            self.env["res.users"]
            .with_context(active_test=False)
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(group).ids),
                    ("company_ids", "in", self.env.companies.ids),
                    ("active", "=", active),
                    ("id", "!=", SUPERUSER_ID),  # OdooBot has all roles and logs in nowhere
                ]
            )
        )

    @api.model
    def _get_without_second_step(self, users):
        """Return those of ``users`` who log in with a password only, in one query.

        Odoo's ``_mfa_type`` says the same of one user, with a query for each.
        """
        if "auth_totp_mail" in self.env.registry._init_modules:  # a code by mail, when asked
            policy = self._get_parameter("auth_totp.policy")
            if policy == "all_required":
                return users.browse()
            if policy == "employee_required":
                users = users.filtered("share")
        if "totp_enabled" not in users._fields:
            return users
        # asked this way round: in Odoo 19.0 a search for those without it finds those with it
        return users - users.search([("id", "in", users.ids), ("totp_enabled", "=", True)])

    def _verify_user_two_factor(self):
        """A password that leaks opens no case."""
        users = self._get_without_second_step(self._get_staff())
        return self._result(
            self.env._("Second step when coordinators log in"),
            users
            and self.env._("Log in with a password only: %s.", self._list(users.mapped("name"))),
            self.env._(
                "Let these colleagues switch on two-factor authentication, on the page Security of"
                " their own preferences."
            ),
            action="base.action_res_users",
            records=users,
            by_admin=False,
        )

    def _verify_user_calendar(self):
        """Other colleagues see the hours of an appointment, not what it is about."""
        users = self._get_staff().filtered(lambda user: user.calendar_default_privacy != "private")
        return self._result(
            self.env._("Calendars of coordinators"),
            users
            and self.env._(
                "Other colleagues read all appointments that are not marked as private, of: %s.",
                self._list(users.mapped("name")),
            ),
            self.env._(
                "Let these colleagues set the default privacy of their calendar to private, on the"
                " page Calendar of their own preferences."
            ),
            "attention",
            action="base.action_res_users",
            records=users,
            by_admin=False,
        )

    def _verify_user_password(self):
        """Odoo accepts any password unless it is told a length."""
        length = self._get_parameter("auth_password_policy.minlength")
        length = int(length) if length.isdecimal() else 0
        if "auth_password_policy" not in self.env.registry._init_modules:
            length = 0
        limit = self._get_limit("password_length")
        return self._result(
            self.env._("Length of passwords"),
            length < limit
            and self.env._(
                "Passwords of %(length)s characters are accepted; %(limit)s is what you ask.",
                length=length,
                limit=limit,
            ),
            self.env._("Set the minimum password length in Odoo's general settings."),
            "attention",
            action="base_setup.action_general_configuration",
        )

    def _verify_user_session(self):
        """A screen that is left alone does not stay open for days."""
        group = self.env.ref("buurtbemiddeling_case.group_user")
        minutes = []
        if "lock_timeout_inactivity" in group._fields:
            minutes = list(filter(None, group.all_implied_ids.mapped("lock_timeout_inactivity")))
        if not minutes:
            seconds = self._get_parameter("sessions.max_inactivity_seconds")
            minutes = [(int(seconds) if seconds.isdecimal() else SESSION_LIFETIME) // 60]
        limit = self._get_limit("session_hours")
        return self._result(
            self.env._("Logging out by itself"),
            min(minutes) > limit * 60
            and self.env._(
                "Who does nothing stays logged in for %(hours)s hours; %(limit)s is what you ask.",
                hours=min(minutes) // 60,
                limit=limit,
            ),
            self.env._(
                "Install the app that locks inactive sessions (auth_timeout) and set an inactivity"
                " timeout on the group of coordinators, or set the system parameter"
                " sessions.max_inactivity_seconds."
            ),
            "attention",
            action="base.ir_config_list_action",
        )

    def _verify_user_extra(self):
        """Signals of danger, health and addiction are for a few people."""
        users = self._get_staff("buurtbemiddeling_case.group_extra")
        limit = self._get_limit("extra_users")
        return self._result(
            self.env._("Who reads signals of danger, health and addiction"),
            len(users) > limit
            and self.env._(
                "%(number)s colleagues have Buurtbemiddeling Extra; at most %(limit)s is what you"
                " want: %(names)s.",
                number=len(users),
                limit=limit,
                names=self._list(users.mapped("name")),
            ),
            self.env._("Take the role from who does not handle the heavy cases."),
            "attention",
            action="base.action_res_users",
            records=users,
        )

    def _verify_user_idle(self):
        """A login that nobody uses is a door that nobody watches."""
        users = self._get_staff()
        limit = fields.Datetime.now() - timedelta(days=self._get_limit("login_days"))
        logins = dict(
            self.env["res.users.log"]._read_group(
                [("create_uid", "in", users.ids)], ["create_uid"], ["create_date:max"]
            )
        )
        idle = users.filtered(lambda user: (logins.get(user) or user.create_date) < limit)
        return self._result(
            self.env._("Logins that nobody uses"),
            idle
            and self.env._(
                "Have a role and did not log in for more than %(days)s days: %(names)s.",
                days=self._get_limit("login_days"),
                names=self._list(idle.mapped("name")),
            ),
            self.env._("Take the role from who no longer needs it, or archive the login."),
            "attention",
            action="base.action_res_users",
            records=idle,
        )

    def _verify_user_archived(self):
        """Who comes back into service gets a role on purpose, not by being unarchived."""
        users = self._get_staff(active=False)
        return self._result(
            self.env._("Roles of colleagues who left"),
            users
            and self.env._(
                "Are archived and still have a role: %s.", self._list(users.mapped("name"))
            ),
            self.env._("Take the role from them: it comes back when the login does."),
            "attention",
            action="base.action_res_users",
            records=users,
        )

    def _verify_user_api_key(self):
        """A key of a coordinator opens all that the coordinator may open, without a second step."""
        keys = self.env["res.users.apikeys"].search(
            [("user_id", "in", self._get_staff().ids), ("expiration_date", "=", False)]
        )
        return self._result(
            self.env._("Keys for programs"),
            keys
            and self.env._(
                "Have an API key without an end date: %s.",
                self._list(keys.user_id.mapped("name")),
            ),
            self.env._(
                "Let these colleagues remove the key on the page Security of their own preferences,"
                " or replace it by one with an end date."
            ),
            "attention",
            action="base.action_res_users",
            records=keys.user_id,
            by_admin=False,
        )

    def _verify_user_company(self):
        """Where organisations share an Odoo, each coordinator works for their own."""
        users = self._get_staff()
        several = users.filtered(lambda user: len(user.company_ids) > 1)
        return self._result(
            self.env._("Coordinators of more than one organisation"),
            several
            and self.env._(
                "See the cases of more than one organisation: %s.",
                self._list(several.mapped("name")),
            ),
            self.env._("Leave them the organisations that they work for."),
            "attention",
            action="base.action_res_users",
            records=several,
        )

    def _verify_user_sign_up(self):
        """A stranger with a login is inside the first door."""
        scope = self.env["res.users"]._get_signup_invitation_scope()
        return self._result(
            self.env._("Signing up without an invitation"),
            scope == "b2c"
            and self.env._("Everyone can make a login of their own on the login page."),
            self.env._(
                "Set Customer Account to On invitation in Odoo's general settings. Mediators and"
                " referrers get a login on their own page."
            ),
            "attention",
            action="base_setup.action_general_configuration",
        )

    def _verify_user_demo(self):
        """The password of a demo login is its name, and everyone can read that in the code."""
        ours = self._get_our_records("res.users")
        shipped = [
            user
            for name in ("base.user_demo", "base.demo_user0")
            if (user := self.env.ref(name, raise_if_not_found=False))
        ]
        ids = [*ours, *(user.id for user in shipped)]
        users = self.env["res.users"].search([("id", "in", ids)])
        return self._result(
            self.env._("Demo logins"),
            users
            and self.env._(
                "Came with the demo, with a password that everyone can guess: %s.",
                self._list(users.mapped("login")),
            ),
            self.env._("Archive these logins. Never put real cases in a demo."),
            action="base.action_res_users",
            records=users,
        )

    def _verify_user_admin_password(self):
        """One guess, the one that everybody makes first."""
        admin = self.env.ref("base.user_admin", raise_if_not_found=False)
        stored = ""
        if admin and admin.active:
            # the hash is in a column that no field reads
            self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [admin.id])
            stored = self.env.cr.fetchone()[0]
        return self._result(
            self.env._("Password of Odoo's administrator"),
            stored
            and admin._crypt_context().verify("admin", stored)
            and self.env._("The password of Odoo's first administrator is still “admin”."),
            self.env._("Change that password now."),
            action="base.action_res_users",
            records=admin,
        )
