import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..turns import wait_for_turn

IMPORT_STATES = [
    ("new", "File"),
    ("columns", "Columns"),
    ("codes", "Codes"),
    ("checking", "Being checked"),
    ("checked", "Checked"),
    ("running", "Under way"),
    ("done", "Ready"),
]
#: What may be chosen anew: nothing is written yet, or no more is.
OPEN_STATES = ("new", "columns", "codes", "checked")
#: What a user fills in; everything else follows from the steps.
TYPED = {"file", "filename", "kind", "sheet_id", "header_row", "column_ids", "code_ids"}
# What was not imported is kept so long, for who mends it; then file and rows go.
KEPT_DAYS = 30
#: A file with no more rows is handled while the user waits.
ROWS_AT_ONCE = 200


class BuurtbemiddelingImport(models.Model):
    """A sheet that moves in: its columns and codes are matched with ours, tried, and then written.

    Nothing is written before *Import*. What is written goes in batches, each a transaction of its
    own; what is stopped half way goes on with the next batch. A row that is in already changes
    nothing. What could not be imported comes back as a file, with the reason. The file and its rows
    hold personal data: of what is in they go at once, of the rest after ``KEPT_DAYS``.
    """

    _name = "buurtbemiddeling.import"
    _description = "Import"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.import.reading.mixin",
        "buurtbemiddeling.import.code.mixin",
        "buurtbemiddeling.import.working.mixin",
        "buurtbemiddeling.import.file.mixin",
    ]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, default=lambda self: self.env.user
    )
    kind = fields.Selection(
        [("case", "Cases")],
        "What is in it",
        required=True,
        default="case",
        help="One row a case, with both neighbours.",
    )
    file = fields.Binary(attachment=True, help="Excel (.xlsx) or text (.csv), with headings.")
    filename = fields.Char("File name")
    sheet_id = fields.Many2one(
        "buurtbemiddeling.import.choice",
        domain="[('import_id', '=', id), ('column', '=', 'sheet')]",
        ondelete="set null",
    )
    sheet_count = fields.Integer(
        compute="_compute_sheet_count", export_string_translation=False, exportable=False
    )
    header_row = fields.Integer(
        "Row of the headings", help="As Excel counts it. Empty: it is looked for."
    )
    state = fields.Selection(IMPORT_STATES, required=True, default="new", readonly=True, copy=False)
    column_ids = fields.One2many("buurtbemiddeling.import.column", "import_id", "Columns")
    code_ids = fields.One2many("buurtbemiddeling.import.code", "import_id", "Codes")
    choice_ids = fields.One2many("buurtbemiddeling.import.choice", "import_id")
    row_ids = fields.One2many("buurtbemiddeling.import.row", "import_id", "Rows of the file")
    problem_ids = fields.One2many("buurtbemiddeling.import.problem", "import_id", "Problems")
    start_date = fields.Datetime("Started on", readonly=True)
    end_date = fields.Datetime("Ready on", readonly=True)
    stopped_why = fields.Char("Stopped", readonly=True)
    is_forgotten = fields.Boolean(readonly=True, export_string_translation=False, exportable=False)

    row_count = fields.Integer("Rows", compute="_compute_counts")
    waiting_count = fields.Integer("Still to do", compute="_compute_counts")
    ready_count = fields.Integer("Can be imported", compute="_compute_counts")
    made_count = fields.Integer("Imported", compute="_compute_counts")
    there_count = fields.Integer("Were there already", compute="_compute_counts")
    wrong_count = fields.Integer("With a problem", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Part that has been handled, in %.")
    open_code_count = fields.Integer(
        compute="_compute_code_counts", export_string_translation=False, exportable=False
    )
    new_code_count = fields.Integer(
        compute="_compute_code_counts", export_string_translation=False, exportable=False
    )

    @api.depends("row_ids.state", "state")
    def _compute_counts(self):
        counts = {
            (record.id, state): count
            for record, state, count in self.env["buurtbemiddeling.import.row"]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
            )
        }
        for record in self:
            states = {
                state: counts.get((record.id, state), 0)
                for state in ("waiting", "ready", "made", "there", "wrong")
            }
            record.row_count = sum(states.values())
            record.ready_count = states["ready"]
            record.made_count = states["made"]
            record.there_count = states["there"]
            record.wrong_count = states["wrong"]
            record.waiting_count = states["ready" if record.state == "running" else "waiting"]
            handled = record.row_count - record.waiting_count
            record.progress = 100 * handled / record.row_count if record.row_count else 0

    @api.depends("code_ids.choice_id")
    def _compute_code_counts(self):
        for record in self:
            record.open_code_count = len(record.code_ids.filtered(lambda code: not code.choice_id))
            record.new_code_count = len(record.code_ids.filtered("is_new"))

    @api.depends("choice_ids.column")
    def _compute_sheet_count(self):
        for record in self:
            sheets = record.choice_ids.filtered(lambda choice: choice.column == "sheet")
            record.sheet_count = len(sheets)

    @api.depends("filename", "create_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            day = record.create_date or fields.Datetime.now()
            record.display_name = record.filename or self.env._(
                "Import of %s", format_date(self.env, day)
            )

    @api.constrains("sheet_id")
    def _check_sheet(self):
        """A sheet is one of the file itself."""
        for record in self:
            sheet = record.sheet_id
            if sheet and (sheet.import_id != record or sheet.column != "sheet"):
                raise ValidationError(self.env._("Choose a sheet of this file."))

    @api.model_create_multi
    def create(self, vals_list):
        """An import begins with a file; whoever makes one chooses no step of it."""
        return super().create(
            [
                {
                    **{name: value for name, value in vals.items() if name in TYPED},
                    "user_id": self.env.uid,
                    "company_id": vals.get("company_id") or self.env.company.id,
                    "state": "new",
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Another file or kind begins anew; another sheet or row of headings is read at once.

        :raise AccessError: for what follows from the steps, and is not filled in
        :raise UserError: when it is under way
        """
        if vals.keys() - TYPED:
            raise AccessError(self.env._("An import goes by its steps: use the buttons."))
        self._check_state(*OPEN_STATES)
        anew = self.filtered(
            lambda record: "file" in vals or vals.get("kind", record.kind) != record.kind
        )
        for record in anew:
            record._forget_rows()
        other = self - anew
        if "sheet_id" in vals and "header_row" not in vals:
            other.filtered(lambda r: r.sheet_id.id != vals["sheet_id"])._put({"header_row": 0})
        other = other.filtered(
            lambda record: record.state != "new"
            and any(
                vals[name] != (record[name].id if name == "sheet_id" else record[name])
                for name in ("sheet_id", "header_row")
                if name in vals
            )
        )
        result = super().write(vals)
        if anew:
            anew._put(
                {"state": "new", "sheet_id": False, "header_row": 0, "is_forgotten": False}
            )
        for record in other:
            record.action_read()
        return result

    def _put(self, vals):
        """Write what follows from the steps."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _get_target(self):
        """Return the model whose records the rows become."""
        self.ensure_one()
        return self.env[self._get_targets()[self.kind]]

    @api.model
    def _get_targets(self):
        """Return ``{kind: name of a model}``."""
        return {"case": "buurtbemiddeling.case"}

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_read(self):
        """Read the file, and match its headings with our columns.

        :raise UserError: when there is no file, or none of which rows can be read
        """
        self.ensure_one()
        self._check_state(*OPEN_STATES)
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        self._read_file(base64.b64decode(self.file))
        self._put({"state": "columns"})

    def action_to_codes(self):
        """Keep how the headings were matched, and match what is in the columns with our codes.

        :raise UserError: when a column that is needed is missing, or is there twice
        """
        self.ensure_one()
        self._check_state(*OPEN_STATES[1:])
        self._check_columns()
        self._remember_columns()
        self._make_codes()
        self._put({"state": "codes"})

    def action_to_columns(self):
        """Go back to the columns."""
        self._check_state("codes", "checked")
        self._put({"state": "columns"})

    def action_check(self):
        """Try each row as if it were imported, and write nothing but what is wrong with it."""
        self.ensure_one()
        wait_for_turn(self)
        self._check_state("codes", "checked")
        self._remember_codes()
        self._reset_rows()
        self._begin("checking")

    def action_run(self):
        """Import the rows of which nothing is wrong.

        :raise UserError: when there are none
        """
        self.ensure_one()
        wait_for_turn(self)
        self._check_state("checked")
        if not self.ready_count:
            raise UserError(self.env._("There is no row that can be imported. See the problems."))
        self._make_new_entries()
        self._remember_codes()
        self._begin("running")

    def _begin(self, state):
        """Go on to a step of many rows: now, or in the background when there are more."""
        self._put(
            {
                "state": state,
                "user_id": self.env.uid,
                "start_date": fields.Datetime.now(),
                "end_date": False,
                "stopped_why": False,
            }
        )
        if self.row_count <= ROWS_AT_ONCE:
            self._work_through()
        else:
            self._go_on()

    def action_go_on(self):
        """Let the server go on with what was stopped."""
        self._check_state("checking", "running")
        self._put({"stopped_why": False, "user_id": self.env.uid})
        self._go_on()

    def _go_on(self):
        # sudo: runs only what an administrator of buurtbemiddeling started, as that user
        self.env.ref("buurtbemiddeling_case.ir_cron_import").sudo()._trigger()

    def action_stop(self):
        """Stop. What is in stays; the rest can be imported later, from the same file."""
        self._check_state("checking", "running")
        for record in self:
            record._put({"state": "codes" if record.state == "checking" else "checked"})

    def action_refresh(self):
        """Show how far it is now."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_problems(self):
        """Open what is wrong, row by row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_case.buurtbemiddeling_import_problem_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_download_wrong(self):
        """Give the rows that were not imported as a file, with the reason in an extra column."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/buurtbemiddeling/import/{self.id}/wrong.xlsx",
            "target": "download",
        }

    def action_download_template(self):
        """Give an empty file with our own headings, filled with an example."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/buurtbemiddeling/import/{self.id}/template.xlsx",
            "target": "download",
        }

    def _check_state(self, *states):
        """Raise ``UserError`` when an import is at another step than the user saw."""
        if any(record.state not in states for record in self):
            raise UserError(
                self.env._("This import has gone on in the meantime. Open it again to see how far.")
            )

    # on the model itself: the vacuum calls abstract models too
    @api.autovacuum
    def _gc_imports(self):
        """Forget files and rows that nobody went on with for ``KEPT_DAYS`` days."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        for record in self.search([("write_date", "<", before), ("is_forgotten", "=", False)]):
            if record.state == "done":
                record._forget_cells(("made", "there", "wrong"))
                record._delete_of(self.env["buurtbemiddeling.import.problem"])
            else:
                record._forget_rows()
            state = "done" if record.state == "done" else "new"
            record._put({"file": False, "is_forgotten": True, "state": state})
