from collections import namedtuple
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare, format_date
from odoo.tools.misc import formatLang

#: How an organisation stands: the state, how much there is in words, and what is to be done
#: (``False`` when nothing is).
Measurement = namedtuple("Measurement", "state figure gap")
#: Evidence that is a number of cases or volunteers, which may be too small to show.
COUNTED = ("figure", "requirement", "protocol", "retention")


class BuurtbemiddelingCriterionMeasurementMixin(models.AbstractModel):
    """How an organisation stands today with evidence, measured where the facts are.

    Only numbers, dates and names of documents leave it, never a case or the name of a volunteer.
    Who sees figures only reads how it stands, and no number: those that are not too small to show
    are among the key figures.
    """

    _name = "buurtbemiddeling.criterion.measurement.mixin"
    _description = "Measurement of Evidence"

    def _measure(self, company):
        """Return ``{evidence: Measurement}`` of one organisation, today.

        The number of queries depends on the kinds of evidence only, not on how many there are, nor
        on volunteers or cases.
        """
        measured = dict.fromkeys(self, Measurement("unknown", "", False))
        # sudo: only numbers leave the facts of cases and volunteers, of this organisation alone
        for kind, evidence in self.sudo().filtered("kind").grouped("kind").items():
            measured.update(getattr(evidence, f"_measure_{kind}")(company))
        if not self.env["buurtbemiddeling.benchmark"]._sees_all():
            measured.update(
                {one: one._leave_out_numbers(measured[one]) for one in self if one.kind in COUNTED}
            )
        return measured

    def _leave_out_numbers(self, measurement):
        """Return the same in words for who sees figures only."""
        gap, asked = measurement.gap, self._get_norm_text()
        if gap and asked:
            gap = self.env._("%(name)s: asked is %(norm)s.", name=self.name, norm=asked)
        elif gap:
            gap = self.env._("%s: ask the coordinator.", self.name)
        return measurement._replace(figure=self.env._("hidden"), gap=gap)

    # ------------------------------------------------------------
    # FIGURES: facts and indicators, as in the benchmark
    # ------------------------------------------------------------

    @api.model
    def _get_facts(self, period):
        """Return the facts of cases in the last 12 months, or in the calendar year before.

        Those of volunteers and areas are seen likewise.
        """
        facts = self.env["buurtbemiddeling.case.report"]
        today = fields.Date.context_today(self)
        if period == "year":
            return facts._of_year(today.year - 1, date(today.year - 1, 12, 31))
        return facts.with_context(
            period_start=today - relativedelta(years=1) + timedelta(days=1),
            period_end=today,
            reference_date=today,
            active_test=False,
        )

    @api.model
    def _get_company_domain(self, company):
        return Domain("company_id", "=", company.id)

    def _measure_figure(self, company):
        result = {}
        for period, evidence in self.grouped("period").items():
            indicators = evidence.indicator_id
            figures = {}
            if indicators:
                figures = indicators._measure(
                    self._get_facts(period), indicators._get_scopes(company), [()]
                )[0][3]
            for one in evidence:
                result[one] = one._judge_figure(figures.get(one.indicator_id))
        return result

    def _judge_figure(self, figure):
        indicator = self.indicator_id
        if not indicator:
            return Measurement("unknown", "", self.env._("%s: choose a figure.", self.name))
        if indicator.kind != "count" and not figure.denominator:
            return Measurement(
                "unknown",
                self.env._("Nothing to count"),
                self.env._("%s: there is nothing to count in this period.", self.name),
            )
        text = indicator._format_value(figure.value)
        if indicator.kind != "count":
            text = self.env._(
                "%(value)s (of %(base)s)", value=text, base=self._format_count(figure.denominator)
            )
        order = float_compare(figure.value, self.norm, precision_digits=4)
        if order >= 0 if self.comparison == "min" else order <= 0:
            return Measurement("met", text, False)
        return Measurement("gap", text, self._describe_gap(text))

    def _describe_gap(self, text):
        return self.env._(
            "%(name)s: %(figure)s, asked is %(norm)s.",
            name=self.name,
            figure=text,
            norm=self._get_norm_text(),
        )

    # ------------------------------------------------------------
    # VOLUNTEERS
    # ------------------------------------------------------------

    @api.model
    def _get_active_domain(self, company):
        """Return the domain of the volunteers of an organisation who get cases."""
        return (
            self._get_company_domain(company)
            & Domain("active", "=", True)
            & Domain("stage_id.is_active", "=", True)
        )

    @api.model
    def _get_domain_of(self, name, rows):
        return Domain(name, "any", rows)

    def _measure_requirement(self, company):
        """Expiring still counts; who will lapse soon makes it nearly."""
        counts = {}
        for kind, state, number in self.env["buurtbemiddeling.volunteer.requirement"]._read_group(
            Domain("kind", "in", self.mapped("requirement_kind"))
            & Domain("volunteer_id", "any", self._get_active_domain(company)),
            ["kind", "state"],
            ["__count"],
        ):
            counts.setdefault(kind, {})[state] = number
        result = {}
        for one in self:
            states = counts.get(one.requirement_kind, {})
            complete, expiring = states.get("complete", 0), states.get("expiring", 0)
            result[one] = one._judge_share(complete + expiring, expiring, sum(states.values()))
        return result

    def _measure_protocol(self, company):
        """Who has not accepted a new version has until the end of its term."""
        protocols = self.env["buurtbemiddeling.protocol"]
        current = protocols._get_current(company).get(company)
        if not current:
            return {
                one: Measurement(
                    "gap",
                    self.env._("No current version"),
                    self.env._("%s: publish a working protocol.", one.name),
                )
                for one in self
            }
        volunteers = self.env["buurtbemiddeling.volunteer"]
        total = volunteers.search_count(self._get_active_domain(company))
        accepted = self.env["buurtbemiddeling.protocol.acceptance"].search_count(
            Domain("protocol_id", "=", current.id)
            & Domain("volunteer_id", "any", self._get_active_domain(company))
        )
        today = fields.Date.context_today(self)
        in_term = bool(current.date_grace and current.date_grace >= today)
        waiting = total - accepted if in_term else 0
        return {one: one._judge_share(accepted + waiting, waiting, total) for one in self}

    def _judge_share(self, valid, expiring, total):
        """Judge a share of volunteers, of whom ``expiring`` of the valid ones soon are not."""
        if not total:
            return Measurement(
                "unknown",
                self.env._("No mediators to count"),
                self.env._("%s: it is asked of no active mediator.", self.name),
            )
        text = self.env._(
            "%(valid)s of %(total)s mediators",
            valid=self._format_count(valid),
            total=self._format_count(total),
        )
        if expiring:
            text = self.env._(
                "%(share)s, of whom %(expiring)s lapse soon",
                share=text,
                expiring=self._format_count(expiring),
            )
        if float_compare(valid / total, self.norm, precision_digits=4) < 0:
            return Measurement("gap", text, self._describe_gap(text))
        if float_compare((valid - expiring) / total, self.norm, precision_digits=4) < 0:
            return Measurement("nearly", text, self._describe_gap(text))
        return Measurement("met", text, False)

    def _measure_meeting(self, company):
        today = fields.Date.context_today(self)
        counts = dict(
            self.env["buurtbemiddeling.training.session"]._read_group(
                self._get_company_domain(company)
                & Domain("state", "=", "done")
                & Domain("kind", "in", self.mapped("training_kind"))
                & Domain("date_start", ">", today - relativedelta(years=1)),
                ["kind"],
                ["__count"],
            )
        )
        result = {}
        for one in self:
            held = counts.get(one.training_kind, 0)
            text = self.env._("%s held in the last 12 months", self._format_count(held))
            if held >= one.norm:
                result[one] = Measurement("met", text, False)
            else:
                result[one] = Measurement("gap", text, one._describe_gap(text))
        return result

    # ------------------------------------------------------------
    # PERSONAL DATA
    # ------------------------------------------------------------

    @api.model
    def _count_overdue(self, company, day):
        """Return of how many records the personal data are to be gone on ``day``, of all kinds.

        What counts is what a list of the retention screen holds, less what is kept longer for a
        reason: there is no second definition.
        """
        kinds = self.env["buurtbemiddeling.retention.run"]._get_kinds()
        return sum(
            records.search_count(records._get_retention_domain(company, kind, day))
            for kind, names in kinds.items()
            for records in (self.env[name].with_context(active_test=False) for name in names)
        )

    def _measure_retention(self, company):
        """What is to be removed within the days of warning makes it nearly."""
        today = fields.Date.context_today(self)
        counts = {
            day: self._count_overdue(company, today + timedelta(days=day))
            for day in {0, *self.mapped("warning_days")}
        }
        result = {}
        for one in self:
            late, soon = counts[0], counts[one.warning_days] - counts[0]
            text = self.env._(
                "%(late)s kept too long, %(soon)s soon",
                late=self._format_count(late),
                soon=self._format_count(soon),
            )
            if late:
                gap = self.env._(
                    "%(name)s: remove the personal data of %(number)s cases and others whose term"
                    " is over.",
                    name=one.name,
                    number=self._format_count(late),
                )
                result[one] = Measurement("gap", text, gap)
            elif soon:
                gap = self.env._(
                    "%(name)s: %(number)s cases and others reach their term within %(days)s days.",
                    name=one.name,
                    number=self._format_count(soon),
                    days=one.warning_days,
                )
                result[one] = Measurement("nearly", text, gap)
            else:
                result[one] = Measurement("met", text, False)
        return result

    # ------------------------------------------------------------
    # DOCUMENTS AND STATEMENTS
    # ------------------------------------------------------------

    def _measure_document(self, company):
        """The document that is valid longest counts, its last day included."""
        today = fields.Date.context_today(self)
        documents = self.env["buurtbemiddeling.criterion.document"].search(
            self._get_company_domain(company)
            & Domain("evidence_id", "in", self.ids)
            & Domain("date", "<=", today)
        )
        by_evidence = documents.grouped("evidence_id")
        return {one: one._judge_documents(by_evidence.get(one), today) for one in self}

    def _measure_statement(self, company):
        return self._measure_document(company)

    def _judge_documents(self, documents, today):
        if not documents:
            return Measurement(
                "gap",
                self.env._("Nothing yet"),
                self.env._("%s: add it, with its date.", self.name),
            )
        last = max(documents, key=lambda one: (one.valid_until or date.max, one.date, one.id))
        if not last.valid_until:
            text = self.env._(
                "%(document)s, %(date)s",
                document=last.name,
                date=format_date(self.env, last.date),
            )
            return Measurement("met", text, False)
        text = self.env._(
            "%(document)s, valid until %(date)s",
            document=last.name,
            date=format_date(self.env, last.valid_until),
        )
        if last.valid_until < today:
            gap = self.env._(
                "%(name)s: lapsed on %(date)s.",
                name=self.name,
                date=format_date(self.env, last.valid_until),
            )
            return Measurement("gap", text, gap)
        if last.valid_until < today + timedelta(days=self.warning_days):
            gap = self.env._(
                "%(name)s: renew it before %(date)s.",
                name=self.name,
                date=format_date(self.env, last.valid_until),
            )
            return Measurement("nearly", text, gap)
        return Measurement("met", text, False)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _format_count(self, number):
        return formatLang(self.env, number, digits=0)

    def _get_norm_text(self):
        """Return what is asked as text, "" where it is only asked to be there."""
        self.ensure_one()
        if self.kind in ("requirement", "protocol"):
            text = f"{formatLang(self.env, self.norm * 100, digits=0)} %"
        elif self.kind == "figure" and self.indicator_id:
            text = self.indicator_id._format_value(self.norm)
        elif self.kind == "meeting":
            text = self._format_count(self.norm)
        else:
            return ""
        if self.comparison == "max" and self.kind == "figure":
            return self.env._("at most %s", text)
        return self.env._("at least %s", text)
