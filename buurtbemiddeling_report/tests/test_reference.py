"""The figures again, computed the slow and obvious way, on data that hypothesis makes up."""

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings

from odoo.fields import Command
from odoo.tests import tagged

from .common_reference import CountingCase
from .common_world import WORLD, YEAR


@tagged("post_install", "-at_install")
class TestReference(CountingCase):
    # ------------------------------------------------------------
    # THE FACTS, ONE BY ONE
    # ------------------------------------------------------------

    # ------------------------------------------------------------
    # THE FIGURES
    # ------------------------------------------------------------

    # ------------------------------------------------------------
    # THE BREAKDOWNS
    # ------------------------------------------------------------

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=12,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(WORLD)
    def test_every_figure_agrees_with_counting_one_by_one(self, world):
        savepoint = self.env.cr.savepoint()
        try:
            cases, volunteers = self.make_world(world)
            self.reference, self.today = world["reference"], world["today"]
            self.only = self.env["buurtbemiddeling.area"].union(
                *(self.areas[i] for i in world["only"])
            )
            benchmark = self.compute_world()
            expected = self.count_everything(cases, volunteers)
            self.assertAllCounted(expected)
            self.assertSame(self.read_lines(benchmark), expected)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def compute_world(self):
        with freeze_time(self.today):
            return self.compute(
                YEAR, reference_date=self.reference, area_ids=[Command.set(self.only.ids)]
            )

    def get_breakdowns(self):
        """Return the breakdowns in one direction."""
        return self.env["buurtbemiddeling.dimension"].search([("second_field_name", "=", False)])

    def read_lines(self, benchmark):
        """Return ``{(dimension, code, indicator): figure}`` of the lines, as it is counted."""
        single = self.get_breakdowns()
        return {
            (line.dimension, line.dimension_code, line.indicator_code): (
                line.numerator, line.denominator, line.value
            )
            for line in benchmark.line_ids
            if line.dimension_id in single or not line.dimension_id
        }  # fmt: skip

    def assertAllCounted(self, expected):  # noqa: N802
        """No figure and no breakdown is left out here."""
        self.assertEqual(
            {key[2] for key in expected if not key[0]},
            {
                indicator.code
                for indicator in self.env["buurtbemiddeling.indicator"].search([])
                if not (self.only and indicator.source == "cost")
            },
            "every figure is counted here",
        )
        self.assertEqual(
            set(self.case_keys()) | {"month"},
            set(self.get_breakdowns().mapped("code")),
            "every breakdown is counted here",
        )

    def assertSame(self, found, expected):  # noqa: N802
        """The figures are equal, but for how a computer rounds."""
        found, expected = (
            {key: (*figure[:2], round(figure[2], 6)) for key, figure in figures.items()}
            for figures in (found, expected)
        )
        different = {
            key: (found.get(key), expected.get(key))
            for key in found.keys() | expected.keys()
            if found.get(key) != expected.get(key)
        }
        self.assertFalse(different, "counted by the computer, and one by one")
