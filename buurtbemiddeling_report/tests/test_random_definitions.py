import math
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FiguresCase

YEAR = 2018
ONE = ("outcome_id", "tenure", "municipality_id")  # facts that a case has once
NAMES = st.sampled_from(
    [
        "outcome_id", "outcome_id.code", "is_positive", "is_closed", "is_complex", "tenure",
        "own_days", "waiting_days", "company_id", "registration_date", "nuisance_type_ids.code",
        "area_id", "area_id.code", "id", "case_id", "display_name", "create_uid.password",
        "partner_id.name", "is_active", "amount", "inhabitants", "x", "", "1", "a.b.c.d",
    ]
)  # fmt: skip
OPERATORS = st.sampled_from(
    ["=", "!=", "in", "not in", "<", ">=", "like", "=ilike", "child_of", "any", "not any", "x", ""]
)
VALUES = st.one_of(
    st.sampled_from(
        [
            True, False, None, 0, 1, -1, 30, 2**31, 2**63, 10**40, 1.5, 1e308, "OPG_BEM", "'", "%",
            "\0", "2018-05-01", "2018-02-31", "9" * 400, ["OPG_BEM", False], [], (), [[]], {},
            "\ud800", [("id", "=", 1)], ["a", 1, None], b"x", 1j, "owner",
        ]
    ),
    st.text(max_size=5),
    st.integers(),
    st.floats(),
)  # fmt: skip
CONDITION = st.tuples(NAMES, OPERATORS, VALUES)
# those that are right, so that enough definitions are computed
RIGHT = st.sampled_from(
    [
        ("is_closed", "=", True), ("outcome_id.code", "in", ["OPG_BEM", "NIET_OPG"]),
        ("own_days", ">", 10), ("is_complex", "=", False), ("tenure", "=", "owner"),
        ("tenure", "!=", False), ("outcome_id", "=", False),
    ]
)  # fmt: skip
TERM = st.one_of(RIGHT, RIGHT, RIGHT, CONDITION, st.sampled_from(["|", "&", "!"]), VALUES)
GOOD = st.lists(RIGHT, max_size=3).map(repr)
DOMAIN = st.one_of(
    GOOD,
    GOOD,
    GOOD,
    st.lists(TERM, max_size=4).map(repr),
    st.sampled_from(
        [
            "", "[", "[]", "None", "[1]", "[[]]", "[()]", "uid", "[('a','=',user.id)]", "{}", "1/0",
            "[" * 500, "-" * 5000, "__import__('os')", "[(1, '=', 1)]", "[(0, '=', 1)]",
        ]
    ),
    # half characters and NUL are no text to any database: Odoo refuses them everywhere
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestRandomDefinitions(FiguresCase):
    """Any definition of a figure is refused with a sentence, or gives a figure that can be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        areas = cls.make_area("One"), cls.make_area("Two")
        for number, outcome in enumerate(("OPG_BEM", "NIET_OPG", "DOORVERWEZEN", None, None)):
            for area in (*areas, None):
                cls.make_cases(
                    2,
                    registered=date(YEAR, 1 + number, 1),
                    outcome=outcome,
                    area_id=area and area.id,
                    party_ids=[(0, 0, {"side": "a", "tenure": "owner" if number % 2 else False})],
                )
        cls.env.flush_all()
        cls.indicators = cls.env["buurtbemiddeling.indicator"]
        cls.choices = {
            name: [value for value, _label in cls.indicators._fields[name].selection]
            for name in ("source", "kind", "basis", "measure")
        }
        cls.units = list(dict(cls.indicators._fields["unit"].selection))

    def test_any_definition_is_refused_or_adds_up(self):
        values, count = self.get_definitions(), {"computed": 0, "refused": 0}

        @settings(
            max_examples=300,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(values)
        def define(values):
            savepoint = self.env.cr.savepoint()
            try:
                with mute_logger("odoo.domains"):
                    indicator = self.indicators.create(
                        {"name": "Any", "explanation": "Any", "code": "any_figure", **values}
                    )
                self.assertFits(indicator)
                count["computed"] += 1
            except (UserError, ValidationError) as error:
                self.assertTrue(error.args[0].strip())
                count["refused"] += 1
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

        define()
        self.assertGreater(count["computed"], 50)
        self.assertGreater(count["refused"], 50)

    def get_definitions(self):
        """Return a strategy of definitions, of which one in four has what does not belong there."""
        choices = self.choices
        source = st.sampled_from(["case"] * 4 + choices["source"])
        right = {
            "kind": st.sampled_from(choices["kind"]),
            "basis": st.sampled_from(choices["basis"]),
            "source": source,
            "numerator_domain": DOMAIN,
            "denominator_domain": DOMAIN,
            "denominator_source": source,
            "measure": st.sampled_from(choices["measure"]),
            "fraction": st.floats(0.01, 0.99),
        }
        wrong = {
            "unit": st.sampled_from(self.units),
            "denominator_measure": st.sampled_from(choices["measure"]),
        }
        fixed = st.fixed_dictionaries
        return st.one_of(fixed(right), fixed(right), fixed(right), fixed(right | wrong))

    def assertFits(self, indicator):  # noqa: N802
        """A figure is a number, no count is less than nothing, and parts add up to the whole."""
        facts = self.env["buurtbemiddeling.case.report"]._of_year(YEAR, date(YEAR, 12, 31))
        breakdowns = [(), *((name,) for name in ONE)]
        rows = indicator._measure(facts.sudo(), indicator._get_scopes(self.company), breakdowns)
        totals = {}
        for index, _first, _second, figures in rows:
            if indicator not in figures:
                continue
            figure = figures[indicator]
            self.assertTrue(math.isfinite(figure.value), figure)
            self.assertGreaterEqual(figure.numerator, 0)
            self.assertGreaterEqual(figure.denominator, 0)
            if indicator.kind == "share":
                self.assertLessEqual(figure.numerator, figure.denominator)
                self.assertTrue(0 <= figure.value <= 1)
            totals.setdefault(index, []).append(figure)
        (total,) = totals.pop(0)
        if indicator.kind in ("count", "share") and indicator.source == "case":
            self.assertEqual(totals.keys() | {1, 2, 3}, {1, 2, 3})
            for parts in totals.values():
                for part in ("numerator", "denominator"):
                    added = sum(getattr(figure, part) for figure in parts)
                    self.assertEqual(added, getattr(total, part))
        self.assertTrue(indicator._format_figure(total))
