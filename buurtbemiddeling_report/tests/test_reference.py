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
            with freeze_time(self.today):
                benchmark = self.compute(
                    YEAR, reference_date=self.reference, area_ids=[Command.set(self.only.ids)]
                )
            single = self.env["buurtbemiddeling.dimension"].search(
                [("second_field_name", "=", False)]
            )
            found = {
                (line.dimension, line.dimension_code, line.indicator_code): (
                    line.numerator, line.denominator, round(line.value, 6)
                )
                for line in benchmark.line_ids
                if line.dimension_id in single or not line.dimension_id
            }  # fmt: skip
            expected = {
                key: (*figure[:2], round(figure[2], 6))
                for key, figure in self.count_everything(cases, volunteers).items()
            }
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
                set(single.mapped("code")),
                "every breakdown is counted here",
            )
            different = {
                key: (found.get(key), expected.get(key))
                for key in found.keys() | expected.keys()
                if found.get(key) != expected.get(key)
            }
            self.assertFalse(different, "counted by the computer, and one by one")
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
