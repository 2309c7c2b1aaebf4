from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .buurtbemiddeling_criterion import WORST_FIRST

# word, icon and colour together: no state is told by its colour alone
STATE_LOOKS = {
    "gap": ("fa-times-circle", "danger"),
    "unknown": ("fa-question-circle", "secondary"),
    "nearly": ("fa-clock-o", "warning"),
    "met": ("fa-check-circle", "success"),
}


class BuurtbemiddelingRecognition(models.Model):
    """The folder for the CCV-erkenning of an organisation: until when, and how it stands today.

    A recognition is valid two years and then renewed; who has processed all recommendations gets a
    plus certificate (domain.md 4.1). The one that is not archived is the current one. Nothing of
    the overview is kept: criteria and evidence are measured when it is shown.
    """

    _name = "buurtbemiddeling.recognition"
    _description = "CCV Recognition"
    _inherit = ["buurtbemiddeling.care.mixin"]
    _order = "company_id, active desc, date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        index=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    date = fields.Date("Recognised on", copy=False, help="Empty while you prepare the first one.")
    validity_months = fields.Integer(
        "Valid for (months)",
        default=24,
        help="So many months after it was given, the certificate has to be renewed.",
    )
    valid_until = fields.Date(
        compute="_compute_valid_until", store=True, readonly=False, copy=False
    )
    is_plus = fields.Boolean(
        "Plus certificate",
        copy=False,
        help="The organisation has the certificate of the highest level.",
    )
    note = fields.Text("Notes", help="For instance the recommendations of the committee.")
    overview_html = fields.Html(
        "Overview",
        compute="_compute_overview_html",
        sanitize=False,
        export_string_translation=False, exportable=False,
    )

    _current_uniq = models.UniqueIndex(
        "(company_id) WHERE active",
        "This organisation has a current recognition. Renew it, or archive it first.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(valid_until IS NULL OR date IS NULL OR valid_until > date)",
        "A recognition is valid until a day after it was given. Correct one of the two dates.",
    )
    _validity_positive = models.Constraint(
        "CHECK(validity_months > 0)", "A recognition is valid for at least 1 month."
    )

    @api.depends("company_id.name", "date")
    def _compute_name(self):
        for recognition in self:
            recognition.name = " ".join(
                filter(
                    None,
                    (
                        recognition.company_id.name,
                        recognition.date and str(recognition.date.year),
                    ),
                )
            )

    @api.depends("date", "validity_months")
    def _compute_valid_until(self):
        for recognition in self:
            recognition.valid_until = recognition.date and (
                recognition.date + relativedelta(months=recognition.validity_months)
            )

    @api.depends("company_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_overview_html(self):
        for recognition in self:
            recognition.overview_html = recognition.id and self.env["ir.qweb"]._render(
                "buurtbemiddeling_report.recognition_overview",
                {
                    "folder": recognition._prepare_folder(),
                    "has_links": self.env.user.has_group("buurtbemiddeling_case.group_user"),
                },
            )

    def _prepare_folder(self):
        """Return how the organisation stands today, for the screen and for paper.

        :return: dict: ``blocks`` (the criteria, gaps first) and ``candidates``, lists of dicts
            ``criterion``, ``state``, ``rows`` (``(evidence, Measurement, look)``) and ``look``
            (word, icon, colour); ``gaps``, the sentences of what is to be done; ``counts``, pairs
            ``(look, number of criteria)``; ``measured_on``, now
        """
        self.ensure_one()
        criteria = self.env["buurtbemiddeling.criterion"].with_company(self.company_id)
        criteria = criteria._get_of_company(self.company_id)
        measured = criteria.evidence_ids._measure(self.company_id)
        blocks = []
        for criterion in criteria:
            rows = [
                (evidence, measured[evidence], self._get_look(measured[evidence].state))
                for evidence in criterion.evidence_ids
            ]
            states = [measurement.state for _evidence, measurement, _look in rows]
            state = next((state for state in WORST_FIRST if state in states), "unknown")
            blocks.append(
                {
                    "criterion": criterion,
                    "state": state,
                    "look": self._get_look(state),
                    "rows": rows,
                }
            )
        official = [block for block in blocks if block["criterion"].origin != "candidate"]
        states = [block["state"] for block in official]
        return {
            "blocks": sorted(official, key=lambda block: WORST_FIRST.index(block["state"])),
            "candidates": [block for block in blocks if block["criterion"].origin == "candidate"],
            "gaps": [
                measurement.gap
                for block in official
                for _evidence, measurement, _look in block["rows"]
                if measurement.gap
            ],
            "counts": [
                (self._get_look(state), states.count(state))
                for state in WORST_FIRST
                if state in states
            ],
            "measured_on": fields.Datetime.now(),
        }

    @api.model
    def _get_look(self, state):
        """Return ``(word, icon, colour)`` of a state."""
        words = dict(
            self.env["buurtbemiddeling.criterion"]._fields["state"]._description_selection(self.env)
        )
        return words[state], *STATE_LOOKS[state]

    def action_renew(self):
        """Archive this recognition, and open the one that follows it."""
        self.ensure_one()
        self.active = False
        self.flush_recordset(["active"])  # there is one current recognition at any moment
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy({"active": True}).id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """Print the overview: every criterion with its evidence, and the gaps."""
        self.check_access("read")
        report = self.env.ref("buurtbemiddeling_report.action_report_recognition")
        return report.report_action(self, config=False)

    def action_open_criteria(self):
        """Open the criteria of the organisation that the user works in."""
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_criterion_action"
        )
