from datetime import date

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools import long_sheet
from ..tools.delimited import BOM, csv_text

#: Rows that are fetched and sent at a time: memory does not grow with the number of cases.
CHUNK = 2000
#: The first year of which a benchmark may be (see there), and so of a file over more years.
FIRST_YEAR = 1990
#: Facts by which an outsider could recognise a case; the last is given up first.
RECOGNISABLE = (
    "municipality",
    "referrer_type",
    "registration_month",
    "tenure",
    "household",
    "age_band",
)
#: Facts that nobody is to learn of a case, each with the columns that tell the same.
SENSITIVE = {
    "main_nuisance_type": (),
    "nuisance_types": (),
    "intervention": (),
    "outcome": ("is_suitable", "is_handled", "is_positive"),
    "is_complex": (),
}


class BuurtbemiddelingBenchmarkCaseFileMixin(models.AbstractModel):
    """The cases behind a benchmark as an anonymous file, one row a case.

    No name, number, database id, contact person or text, and no order that tells anything. What
    was coarsened:

    - days are months, and a month is only that of registration; the days that a case took are
      numbers, known once it is closed;
    - places are municipalities, never neighbourhoods;
    - complexity is yes or no: the kinds are about health and accusations;
    - when fewer cases than the organisation's small-number threshold share municipality, kind of
      referrer, month, tenure, household and age, these are left out (``*``) one after another (see
      ``RECOGNISABLE``) until enough cases share what is left, or nothing is (k-anonymity by local
      suppression; Sweeney 2002). ``*`` is not ``NONE``, which means not recorded. When too few
      cases have everything left out, the smallest other group joins them;
    - when all cases that share these facts have the same result, the file would tell it of each of
      them: then the result of that group is left out, and likewise its nuisance, form of help and
      complexity (l-diversity with l = 2; Machanavajjhala et al. 2007).

    The facts are those of today, as known on the reference date of the benchmark. A file may be of
    more years, up to that of the benchmark: then the period of the facts begins earlier, and the
    rest is the same. Areas are those of the last year.
    """

    _name = "buurtbemiddeling.benchmark.case.file.mixin"
    _description = "Anonymous Case File of a Benchmark"

    def _check_case_file(self, since=None):
        """Raise ``AccessError`` or ``UserError``, with a sentence, when the file can not be had.

        :param since: the first year of the file, else only that of the benchmark
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if not user.has_group("buurtbemiddeling_case.group_user"):
            raise AccessError(
                self.env._("Only coordinators download the anonymous case file. Ask one of them.")
            )
        if not user.has_group("base.group_allow_export"):
            raise AccessError(
                self.env._(
                    "You may not export yet. Ask the administrator for “Access to export feature”."
                )
            )
        if since and not FIRST_YEAR <= since <= self.year:
            raise UserError(
                self.env._(
                    "A case file begins in %(first)s at the earliest, and in %(last)s at the"
                    " latest. Choose another first year.",
                    first=FIRST_YEAR,
                    last=self.year,
                )
            )
        facts = self._get_case_file_facts(since)
        self._check_sees_all_cases(facts)
        if facts.search_count(self._get_scope(), limit=self._get_fewest()) < self._get_fewest():
            raise UserError(
                self.env._(
                    "There are fewer than %s cases. A file of so few would tell who they are.",
                    self._get_fewest(),
                )
            )

    def _get_case_file_facts(self, since):
        """Return the model of facts, seen from the first year of the file on."""
        return self._get_facts().with_context(period_start=date(since or self.year, 1, 1))

    def _get_fewest(self):
        """Return how many cases share what the file says of one of them."""
        return max(self.company_id.buurtbemiddeling_small_number, 2)

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    def _stream_cases(self, since=None):
        """Yield the file as pieces of text (CSV as ``_render_csv``), never more than one at hand.

        The last line says that it is the last: of a file that was cut off nothing else tells so.

        :param since: see ``_check_case_file``, which says who may have the file
        """
        self._check_case_file(since)
        notice = self._get_case_file_notice(since)
        yield BOM + csv_text([(notice,), self._get_case_file_head(since)])
        count = 0
        for rows in self._fetch_cases(since):
            count += len(rows)
            yield csv_text(rows)
        yield csv_text([(self.env._("# End of the file: %s cases.", count),)])

    def _stream_case_workbook(self, since=None):
        """Yield the file as pieces of bytes of an Excel workbook; see ``_stream_cases``."""
        self._check_case_file(since)
        yield from long_sheet.stream(
            self.env._("Cases"),
            self._get_case_file_notice(since),
            self._get_case_file_head(since),
            self._fetch_cases(since),
            first_number=len(RECOGNISABLE) + len(SENSITIVE) - 1,  # from "complex" on
        )

    def _fetch_cases(self, since):
        """Yield lists of rows from a server-side cursor."""
        sql = self._select_cases(since)
        self.env.flush_query(sql)
        # compiling takes longer than it saves; what is sorted, and is sorted often, fits in memory
        self.env.cr.execute("SET LOCAL jit TO off; SET LOCAL work_mem TO '64MB'")
        with self.env.cr._cnx.cursor("buurtbemiddeling_case_file") as cursor:
            cursor.execute(sql.code, sql.params)
            while rows := cursor.fetchmany(CHUNK):
                yield rows

    def _release_case_file(self, since=None):
        """Note that the case file was taken: by whom and when, and nothing of what is in it."""
        self._check_case_file(since)
        values = self._prepare_release(None)
        if self._is_of_years(since):
            values["name"] = f"{since}–{self.name}"
        # sudo: nobody may make, change or delete what is noted; this is the one way in, for whom
        # may have the file
        self.env["buurtbemiddeling.benchmark.release"].sudo().create(
            {
                **values,
                "kind": "cases",
                "threshold": self._get_fewest(),
                "counts": {"": {}},
                "line_count": 0,
            }
        )

    def _is_of_years(self, since):
        """Return whether the file is of more years than that of the benchmark."""
        return bool(since) and since < self.year

    def _get_case_file_notice(self, since=None):
        """Return the first line of the file: what it is, and what was coarsened."""
        sentences = [
            self.env._(
                "# %(name)s, made on %(day)s. One row a case, in no order. Month instead of day,"
                " municipality instead of neighbourhood, complexity only yes or no. NONE is not"
                " recorded. * is left out: fewer than %(fewest)s cases shared municipality, kind of"
                " referrer, month, home, household and age (given up in the opposite order).",
                name=self.name,
                day=format_date(self.env, fields.Date.context_today(self)),
                fewest=self._get_fewest(),
            ),
            self.env._(
                "Where all cases that share these have the same result, nuisance, form of help or"
                " complexity, that is left out too."
            ),
        ]
        if self._is_of_years(since):
            sentences.append(
                self.env._(
                    "The period is that of %(first)s up to and including %(last)s.",
                    first=since,
                    last=self.year,
                )
            )
        if self.state == "frozen":
            sentences.append(
                self.env._("The facts are those of today: they may differ from the frozen figures.")
            )
        return " ".join(sentences)

    def _get_case_file_head(self, since=None):
        """Return the headings, in the order of ``_select_cases``."""
        if self._is_of_years(since):
            period = (self.env._("Registered in the period"), self.env._("Closed in the period"))
        else:
            period = (self.env._("Registered in the year"), self.env._("Closed in the year"))
        return (
            self.env._("Municipality"),
            self.env._("Kind of referrer"),
            self.env._("Month of registration"),
            self.env._("Home"),
            self.env._("Household"),
            self.env._("Age"),
            self.env._("Main nuisance"),
            self.env._("Nuisance"),
            self.env._("Form of help"),
            self.env._("Result"),
            self.env._("Complex"),
            *period,
            self.env._("Running"),
            self.env._("Suitable"),
            self.env._("Handled"),
            self.env._("Positive"),
            self.env._("Own days"),
            self.env._("Waiting days"),
        )
