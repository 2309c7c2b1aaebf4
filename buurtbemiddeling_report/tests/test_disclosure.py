"""Small numbers: an attacker who knows the rules finds none of them, on tables made at random."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.disclosure import protect
from ..tools.disclosure_file import File, Table, reference
from .common_disclosure import COLUMNS, THRESHOLD, Attack, Primary, World, attack, attack_versions

VERSIONED = ("referrer", "municipality", "area", "result", "referrer_area")
SCOPED = ("referrer", "result", "main_nuisance")
SHAPES = [
    {"size": size, "areas": areas, "referrers": referrers, "evenness": evenness}
    for size in (7, 25, 60, 150, 400)
    for areas, referrers, evenness in ((3, 3, 3), (6, 5, 1), (9, 6, 0.5))
]


@tagged("post_install", "-at_install")
class TestDisclosure(BaseCase):
    def test_attacker_finds_leaks_when_only_small_numbers_are_hidden(self):
        beaten = 0
        for seed, shape in enumerate(SHAPES):
            world = World(seed, **shape)
            game = Attack(world)
            game.learn_version("now", world.file(), Primary(world.file()))
            beaten += bool(game.leaks(most=1).keys() - game.told.keys())
            if beaten >= len(SHAPES) / 2:
                return
        self.fail(f"only {beaten} of {len(SHAPES)} give something away")

    def test_attacker_finds_nothing(self):
        for seed in range(4):
            for shape in SHAPES:
                with self.subTest(seed=seed, **shape):
                    world = World(seed, **shape)
                    file = world.file()
                    self.assertEqual(attack(world, file, protect(file, THRESHOLD)), {})

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        st.integers(0, 10**6),
        st.integers(1, 200),
        st.integers(1, 7),
        st.integers(1, 6),
        st.sampled_from([0.4, 1.0, 3.0]),
    )
    def test_attacker_finds_nothing_in_any_shape(self, seed, size, areas, referrers, evenness):
        world = World(seed, size, areas, referrers, evenness=evenness)
        file = world.file()
        self.assertEqual(attack(world, file, protect(file, THRESHOLD)), {})

    def test_attacker_finds_nothing_with_an_earlier_version(self):
        for seed in range(3):
            for shape in SHAPES[3::2]:
                with self.subTest(seed=seed, **shape):
                    world = World(seed, **shape)
                    earlier = world.file(moment=0.5 + seed / 6, tables=VERSIONED)
                    told = protect(earlier, THRESHOLD)
                    later = world.file(tables=VERSIONED)
                    shown = protect(later, THRESHOLD, [reference(earlier, told)])
                    leaks = attack_versions(world, [(earlier, told), (later, shown)], True)
                    self.assertEqual(leaks, {})

    def test_attacker_finds_leaks_between_versions_that_do_not_know_each_other(self):
        beaten = 0
        for seed, shape in enumerate(SHAPES[6:]):
            world = World(seed, **shape)
            files = [world.file(moment, tables=VERSIONED) for moment in (0.9, 1.0)]
            pairs = [(file, protect(file, THRESHOLD)) for file in files]
            beaten += bool(attack_versions(world, pairs, True))
            if beaten > len(SHAPES[6:]) / 2:
                return
        self.fail(f"only {beaten} of {len(SHAPES[6:])} give something away")

    def test_attacker_finds_nothing_with_a_version_of_one_municipality(self):
        for seed in range(2):
            for shape in SHAPES[3::2]:
                with self.subTest(seed=seed, **shape):
                    world = World(seed, **shape)
                    part, whole = world.file(inside="M0", tables=SCOPED), world.file(tables=SCOPED)
                    for first, second in ((part, whole), (whole, part)):
                        told = protect(first, THRESHOLD)
                        known = reference(first, told, is_same_scope=False)
                        shown = {id(first): told, id(second): protect(second, THRESHOLD, [known])}
                        pairs = [(file, shown[id(file)]) for file in (part, whole)]
                        self.assertEqual(attack_versions(world, pairs, False), {})

    def test_same_version_again_shows_the_same(self):
        for seed, shape in enumerate(SHAPES):
            file = World(seed, **shape).file()
            shown = protect(file, THRESHOLD)
            self.assertEqual(protect(file, THRESHOLD, [reference(file, shown)]), shown)

    def test_most_numbers_of_a_large_file_remain(self):
        world = World(1, size=4000, areas=6, referrers=5, evenness=3)
        file = world.file()
        shown = protect(file, THRESHOLD)
        self.assertEqual(shown.totals, file.totals.keys())
        for name, most in (
            ("referrer", 0.7), ("municipality", 0.7), ("area", 0.5), ("result", 0.7),
            ("nuisance", 0.4), ("referrer_area", 0.1), ("area_nuisance", 0.05),
        ):  # fmt: skip
            table, view = file.tables[name], shown.tables[name]
            numbers = len(table.rows) * (len(COLUMNS) - 1)
            self.assertGreaterEqual(len(view.rows) * len(view.columns) / numbers, most, name)
            self.assertGreaterEqual(len(view.rows) / len(table.rows), 0.4, name)

    def test_zero_is_shown(self):
        rows = {"A": {"n": 0}, "B": {"n": 9}}
        shown = protect(File({"n": 9}, {"t": Table(rows)}, ({"n"},)), THRESHOLD)
        self.assertEqual(shown.tables["t"].rows, {"A", "B"})

    def test_totals_do_not_tell_the_rest_of_the_rows(self):
        """30 cases, 26 of which it is known how long the quarrel took: of 4 it is not."""
        rows = {
            "weeks": {"n": 12, "known": 12, "early": 12},
            "years": {"n": 14, "known": 14, "early": 0},
            "NONE": {"n": 4, "known": 0, "early": 0},
        }
        figures = ({"n"}, {"known", "early"})
        file = File(
            {"n": 30, "known": 26, "early": 12}, {"t": Table(rows)}, figures, (("known", "early"),)
        )
        self.assertEqual(protect(file, THRESHOLD).totals, {"n", "early"})
        rows["NONE"]["n"] = 5
        self.assertEqual(
            protect(file._replace(totals={**file.totals, "n": 31}), THRESHOLD).totals,
            {"n", "known", "early"},
        )

    def test_rows_add_up_to_the_total_where_they_hardly_do_to_their_parent(self):
        """A partner with 3 cases is the only one of its type: all less the others would be it."""
        types = {"POLICE": {"n": 30}, "OWN": {"n": 40}}
        partners = {"X": {"n": 3}, "NONE": {"n": 30}, "Y": {"n": 22}, "Z": {"n": 15}}
        above = {"X": "POLICE", "NONE": "OWN", "Y": "OWN", "Z": "OWN"}
        tables = {"type": Table(types), "partner": Table(partners, (("type", above),))}
        shown = protect(File({"n": 70}, tables, ({"n"},)), THRESHOLD)
        self.assertEqual(shown.tables["partner"].rows, {"NONE"})

    def test_share_of_few_that_ended_alike_is_hidden(self):
        for part, is_shown in ((9, False), (0, False), (5, False), (4, False)):
            file = File(
                {"base": 9, "part": part}, {}, ({"base"}, {"base", "part"}), (("base", "part"),)
            )
            self.assertEqual("part" in protect(file, THRESHOLD).totals, is_shown, part)
        file = file._replace(totals={"base": 12, "part": 12})
        self.assertIn("part", protect(file, THRESHOLD).totals)
