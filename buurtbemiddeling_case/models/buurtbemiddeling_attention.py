from ast import literal_eval

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .buurtbemiddeling_care_mixin import CARES

# the views of cases, by the end of their names; of a kind with columns and buttons of its own
CASE_VIEWS = {"kanban": "kanban_cards"}
OWN_VIEWS = {"FEEDBACK": {"list": "list_feedback_owed", "kanban": "kanban_feedback_owed"}}


class BuurtbemiddelingAttention(models.Model):
    """A kind of thing that asks a coordinator's attention, as data: which cases, talks, partners.

    The first screen (My day), the Monday digest and the filters of the list of cases all count by
    the domain that stands here and nowhere else, so the same number shows everywhere. An
    administrator changes "14 days" in one place.

    Counted is what is in the user's care (``buurtbemiddeling.case.care``): own cases, those of a
    colleague for whom the user stands in, and nobody's. The context key ``attention_scope`` says
    otherwise: ``"everyone"`` counts all cases that the user may see, ``"own"`` leaves what is a
    colleague's out of the number, and names it beside (My day).
    """

    _name = "buurtbemiddeling.attention"
    _description = "Kind of Attention"
    _inherit = ["buurtbemiddeling.code.mixin"]

    description = fields.Text(translate=True)
    res_model = fields.Selection(
        [
            ("buurtbemiddeling.case", "Cases"),
            ("buurtbemiddeling.meeting", "Talks"),
            ("buurtbemiddeling.duty", "Year circle"),
            ("buurtbemiddeling.steering.decision", "Decisions and actions"),
            ("buurtbemiddeling.covenant", "Agreements with the network"),
            ("buurtbemiddeling.referral.partner", "Referral partners"),
            ("buurtbemiddeling.unsorted.mail", "Mail without a place"),
            ("buurtbemiddeling.privacy.request", "Privacy requests"),
        ],
        "About",
        required=True,
        default="buurtbemiddeling.case",
        help="Which records are counted.",
    )
    domain = fields.Char(
        "Which",
        required=True,
        default="[]",
        help="Dates may be relative: 'today', 'today -14d', 'today +1d'.",
    )
    level = fields.Selection(
        [("info", "Information"), ("warning", "Soon"), ("danger", "Too late")],
        required=True,
        default="info",
        help="The colour of the number when there is anything.",
    )
    icon = fields.Char(default="fa-bell-o", help="Name of an icon of Font Awesome 4.")
    in_my_day = fields.Boolean(
        "On My day",
        default=True,
        help="Shows a card with the number on My day.",
    )
    in_digest = fields.Boolean(
        "In the Monday digest",
        default=True,
        help="Names the number in the mail that coordinators get on Monday.",
    )
    record_count = fields.Integer("Number", compute="_compute_record_count")
    care_text = fields.Char("Of whom", compute="_compute_record_count")
    stand_in_text = fields.Char("For colleagues", compute="_compute_record_count")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("res_model", "domain")
    @api.depends_context("uid", "tz", "lang", "allowed_company_ids", "attention_scope")
    def _compute_record_count(self):
        """One query a kind, whatever the number of cases; how many kinds there are is fixed."""
        absences = self.env["buurtbemiddeling.absence"]._get_covered()
        for kind, groups in self._read_groups("__count"):
            kind.record_count = sum(count for _user, _company, count in groups)
            kind.care_text = kind.stand_in_text = ""
            if self._is_everyone():
                continue
            colleagues, nobodys = self._split_care(groups, absences)
            colleagues_text = ", ".join(
                self.env._("%(count)s for %(colleague)s", count=count, colleague=user.name)
                for user, count in colleagues.items()
            )
            texts = [self.env._("%s without coordinator", nobodys)] if nobodys else []
            if self._is_own():
                kind.record_count -= sum(colleagues.values())
                kind.stand_in_text = colleagues_text
            elif colleagues_text:
                texts.insert(0, colleagues_text)
            kind.care_text = ", ".join(texts)

    def _split_care(self, groups, absences):
        """Return ``({colleague: number}, number of nobody's)`` of what is not the user's own."""
        colleagues, nobodys = {}, 0
        for user, company, count in groups:
            if absences._find(user, company):
                colleagues[user] = colleagues.get(user, 0) + count
            elif user != self.env.user:
                nobodys += count
        return colleagues, nobodys

    @api.constrains("domain", "res_model")
    def _check_domain(self):
        """Refuse what can not be searched for, in words, before My day stumbles over it."""
        for kind in self:
            try:
                domain = Domain(literal_eval(kind.domain))
                kind._check_open_fields(self.env[kind.res_model], domain)
                self.env[kind.res_model]._search(domain)
            except (ValueError, SyntaxError, TypeError, UserError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(kind)s” can not be searched for: %(domain)s is not a condition on"
                        " these records (%(error)s).",
                        kind=kind.name,
                        domain=kind.domain,
                        error=error,
                    )
                ) from error

    def _check_open_fields(self, model, domain):
        """Refuse fields that not every coordinator may see: My day counts for all of them.

        :raise ValueError: names the field
        """
        for condition in Domain(domain).iter_conditions():
            comodel = model
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name)
                if name in ("attention_ids", "care") or (field is not None and field.groups):
                    raise ValueError(condition.field_expr)
                if field is not None and field.relational:
                    comodel = self.env[field.comodel_name]
            if condition.operator in ("any", "not any", "any!", "not any!"):
                self._check_open_fields(comodel, condition.value)

    # ------------------------------------------------------------
    # WHAT IS COUNTED, LISTED AND MAILED
    # ------------------------------------------------------------

    @api.model
    def _is_everyone(self):
        return self.env.context.get("attention_scope") == "everyone"

    @api.model
    def _is_own(self):
        return self.env.context.get("attention_scope") == "own"

    @api.model
    def _get_targets(self):
        """Return ``{model: (xml id of its list, field of the coordinator, path to the care)}``."""
        cares = {
            "buurtbemiddeling.case": "care",
            "buurtbemiddeling.meeting": "case_id.care",
            "buurtbemiddeling.duty": "care",
            "buurtbemiddeling.steering.decision": "care",
            "buurtbemiddeling.covenant": "care",
            "buurtbemiddeling.referral.partner": "care",
            "buurtbemiddeling.unsorted.mail": "care",
            "buurtbemiddeling.privacy.request": "care",
        }
        return {
            model: (f"buurtbemiddeling_case.{model.replace('.', '_')}_action", "user_id", care)
            for model, care in cares.items()
        }

    def _get_domain(self):
        """Return the domain of this kind, whoever looks after it; relative dates stay relative."""
        self.ensure_one()
        return Domain(literal_eval(self.domain))

    @api.model
    def _get_domains(self, model):
        """Return ``[(id, domain)]`` of the kinds about a model, in order, without a query."""
        self.check_access("read")
        return [(id_, Domain(literal_eval(domain))) for id_, domain in self._get_texts(model)]

    @api.model
    @tools.ormcache("model")
    def _get_texts(self, model):
        # sudo: given to who may read all kinds
        kinds = self.sudo().search_fetch([("res_model", "=", model)], ["domain"])
        return tuple((kind.id, kind.domain) for kind in kinds)

    def _get_counted_domain(self):
        """Return the domain of what is counted: this kind, in the user's care."""
        if self._is_everyone():
            return self._get_domain()
        cares = [care for care, _label in CARES if care != "stand_in" or not self._is_own()]
        return self._get_domain() & self._get_care_path(cares)

    def _get_care_path(self, cares):
        _action, _user, path = self._get_targets()[self.res_model]
        return Domain(path, "in", cares)

    def _read_groups(self, aggregate):
        """Yield ``(kind, [(coordinator, organisation, aggregate)])`` of what each kind counts.

        As by ``_get_counted_domain``, but what is in the user's care is found out once for all.
        """
        targets = self._get_targets()
        care = {}
        if not self._is_everyone():
            carers = self.env["buurtbemiddeling.care.mixin"]._get_carers()
            for model in set(self.mapped("res_model")):
                _action, _user, path = targets[model]
                care[model] = self._get_care_domain(model, path, carers)
        for kind in self:
            _action, user, _path = targets[kind.res_model]
            domain = kind._get_domain() & care.get(kind.res_model, Domain.TRUE)
            yield (
                kind,
                self.env[kind.res_model]._read_group(domain, [user, "company_id"], [aggregate]),
            )

    def _get_care_domain(self, model, path, carers):
        """Return the domain of the records of ``model`` that are in the user's care.

        :param path: to their ``care``
        :param carers: as ``_get_carers`` gives them
        """
        name, _dot, rest = path.partition(".")
        if rest:
            comodel = self.env[model]._fields[name].comodel_name
            return Domain(name, "any", self._get_care_domain(comodel, rest, carers))
        return Domain.OR(self.env[model]._get_care_domains(carers).values())

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Give the kinds with something to do first; else in their own order (My day)."""
        result = super().web_search_read(
            domain, specification, offset=offset, limit=limit, order=order, count_limit=count_limit
        )
        if "record_count" in specification and not order:
            result["records"].sort(
                key=lambda values: not (values["record_count"] or values.get("stand_in_text"))
            )
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open(self):
        """Open the list of exactly those records that the number counts."""
        return self._open_list(self._get_counted_domain())

    def action_open_stand_in(self):
        """Open the list of what is of colleagues for whom the user stands in."""
        return self._open_list(self._get_domain() & self._get_care_path(["stand_in"]))

    def _open_list(self, domain):
        self.ensure_one()
        xml_id, _user, _path = self._get_targets()[self.res_model]
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        modes = action["view_mode"].split(",")
        modes.sort(key=lambda mode: mode != "list")
        shown = CASE_VIEWS if self.res_model == "buurtbemiddeling.case" else {}
        shown = OWN_VIEWS.get(self.code, shown)
        view_ids = {
            mode: self.env.ref(f"buurtbemiddeling_case.buurtbemiddeling_case_view_{name}").id
            for mode, name in shown.items()
        }
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": list(domain),
            "context": {},
            "view_mode": ",".join(modes),
            "views": [(view_ids.get(mode, False), mode) for mode in modes],
            "help": Markup('<p class="o_view_nocontent_smiling_face">%s</p>')
            % self.env._("Nothing here: all done."),
        }
