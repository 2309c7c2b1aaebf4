from collections import defaultdict, namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, split_every

from .buurtbemiddeling_facts_mixin import Term

COORDINATORS = "buurtbemiddeling_case.group_user"
#: how many activities are counted at once: each asks for some columns of one statement
BATCH = 200

#: Days of equal length on both sides: ``before`` up to the day before the activity, ``after`` from
#: that day on. Each a pair of first and last day.
Windows = namedtuple("Windows", "before after")


class BuurtbemiddelingNetworkActivity(models.Model):
    """What followed an activity, counted over the same facts as every figure.

    Registrations and applications in the weeks after, beside as many weeks before, in the areas of
    the activity; without areas in its project, or else in the organisation. Areas are on both sides
    those of its day: a merger of municipalities in these weeks makes no difference. Nothing says
    that the one came of the other. These are small numbers, so coordinators only see them.
    """

    _inherit = "buurtbemiddeling.network.activity"

    has_result = fields.Boolean(
        compute="_compute_result",
        export_string_translation=False,
        groups=COORDINATORS,
        exportable=False,
    )
    result_period = fields.Char("Counted over", compute="_compute_result", groups=COORDINATORS)
    registrations_after = fields.Integer(
        "Registrations in the weeks after",
        compute="_compute_result",
        groups=COORDINATORS,
        help="Cases registered in these areas in the weeks after, until now while these still run."
        " Whether they came because of this activity, is not known.",
    )
    registrations_before = fields.Integer(
        "Registrations in as many weeks before", compute="_compute_result", groups=COORDINATORS
    )
    applications_after = fields.Integer(
        "Applications of volunteers in the weeks after",
        compute="_compute_result",
        groups=COORDINATORS,
        help="People who live in these areas and came forward as a volunteer in the weeks after,"
        " until now while these still run.",
    )
    applications_before = fields.Integer(
        "Applications in as many weeks before", compute="_compute_result", groups=COORDINATORS
    )
    applications_unplaced = fields.Integer(
        "Applications of whom it is not recorded where they live",
        compute="_compute_result",
        groups=COORDINATORS,
        help="In the weeks after. They may live in these areas.",
    )

    @api.depends(
        "date", "state", "kind_id.counts_results", "kind_id.result_weeks", "area_ids",
        "project_id", "company_id",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_result(self):
        """Of activities that were held, of a kind that is meant for residents or volunteers."""
        today = fields.Date.context_today(self)
        counted = self.filtered(
            lambda each: each.state == "held" and each.date and each.kind_id.counts_results
        )
        batches = list(counted._split_by_mergers())
        registrations = self._count_facts(batches, "case", "registration_date")
        applications = self._count_facts(batches, "volunteer", "application_date")
        for activity in self:
            has_result = activity in counted
            cases, volunteers = registrations[activity], applications[activity]
            activity.has_result = has_result
            activity.result_period = has_result and activity._get_result_text(today)
            activity.registrations_before, activity.registrations_after = cases[:2]
            activity.applications_before, activity.applications_after = volunteers[:2]
            activity.applications_unplaced = volunteers[2] if activity.area_ids else 0

    def _get_windows(self):
        """Return the ``Windows`` that are looked at: as many days before as from the day on."""
        self.ensure_one()
        length = timedelta(weeks=self.kind_id.result_weeks)
        day = timedelta(days=1)
        return Windows((self.date - length, self.date - day), (self.date, self.date + length - day))

    def _get_result_text(self, today):
        """Return in words over which weeks is counted, and whether these still run."""
        first, last = self._get_windows().after
        values = {"first": format_date(self.env, first), "last": format_date(self.env, last)}
        if last >= today:
            return self.env._("%(first)s to %(last)s, until now", **values)
        return self.env._("%(first)s to %(last)s", **values)

    @api.model
    def _count_facts(self, batches, source, day):
        """Return ``{activity: (number before, number after, number after without an area)}``.

        One statement for each of ``batches`` (see ``_split_by_mergers``), mostly one for all.

        :param source: of the facts, as indicators have it
        :param day: the fact that says on which day it was
        """
        numbers = defaultdict(lambda: (0, 0, 0))
        facts = self.env["buurtbemiddeling.indicator"]._get_facts(source)
        for activities in batches:
            terms = []
            for activity in activities:
                before, after = (
                    Domain(day, ">=", first) & Domain(day, "<=", last)
                    for first, last in activity._get_windows()
                )
                scope = activity._get_scope(facts)
                nowhere = Domain("area_id", "=", False)
                terms += [
                    before & scope,
                    after & scope,
                    after & activity._get_wide_scope(facts) & nowhere,
                ]
            ends = [activity._get_windows().after[1] for activity in activities]
            starts = [activity._get_windows().before[0] for activity in activities]
            # areas are those of the end of a period, which otherwise plays no part here
            day_of_areas = max(activities.mapped("date"))
            # sudo: only numbers leave the facts, the same for whoever may see the activity
            seen = facts.sudo().with_context(period_end=day_of_areas, active_test=False)
            everything = (
                Domain("company_id", "in", activities.company_id.ids)
                & Domain(day, ">=", min(starts))
                & Domain(day, "<=", max(ends))
            )
            rows = seen._aggregate(everything, [Term(term) for term in terms], [()])
            counts = rows[0][3] if rows else [0] * len(terms)
            for activity, *of_activity in zip(
                activities, counts[::3], counts[1::3], counts[2::3], strict=True
            ):
                numbers[activity] = of_activity
        return numbers

    def _split_by_mergers(self):
        """Yield these activities in groups that see the same areas, of at most ``BATCH``.

        Areas are those of the day of the activity: a new group begins only where a merger of
        municipalities took effect in between.
        """
        if not self:
            return
        days = self.mapped("date")
        areas = self.env["buurtbemiddeling.area"].with_context(active_test=False)
        mergers = areas._read_group(
            [("merged_on", ">", min(days)), ("merged_on", "<=", max(days))],
            aggregates=["merged_on:array_agg_distinct"],
        )[0][0]
        groups = self.grouped(
            lambda each: sum(merger <= each.date for merger in mergers or () if merger)
        )
        for group in groups.values():
            yield from split_every(BATCH, group, lambda batch: self.browse().concat(*batch))

    def _get_scope(self, facts):
        """Return the domain of the facts that this activity is about."""
        self.ensure_one()
        if self.area_ids:
            return facts._get_scope(self.company_id, self.area_ids._origin)
        return self._get_wide_scope(facts)

    def _get_wide_scope(self, facts):
        """Return the domain of the facts of the project of this activity, or all there are."""
        scope = facts._get_scope(self.company_id)
        return scope & Domain("project_id", "=", self.project_id.id) if self.project_id else scope
