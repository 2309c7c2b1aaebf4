"""An attacker reads the files that left the organisation, and looks for what they hide."""

from datetime import date

from odoo.tests import tagged

from .common_output_attack import THRESHOLD, OutputAttackCase


@tagged("post_install", "-at_install")
class TestOutputAttack(OutputAttackCase):
    """Everything is read back from what the controllers send; only what to look for is not."""

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    # ------------------------------------------------------------
    # ATTACKING
    # ------------------------------------------------------------

    def test_nothing_small_is_found_in_the_files_of_two_versions_of_a_year(self):
        self.authenticate("attack_reader", "attack_reader")
        for seed, count in ((1, 150), (2, 150), (3, 60)):
            with self.subTest(seed=seed):
                self.company = self.env["res.company"].create({"name": f"Attacked {seed}"})
                self.env.user.company_ids |= self.company
                self.reader.company_ids |= self.company
                self.make_organisation(seed, count)
                self.municipalities = {
                    area.code: area.municipality_id.code
                    for area in self.env["buurtbemiddeling.area"].search(
                        [("code", "=like", f"TEST-{seed} %")]
                    )
                }
                versions = {}
                for version, day in (("earlier", date(2018, 9, 30)), ("later", date(2018, 12, 31))):
                    benchmark = self.compute(2018, company_id=self.company.id, reference_date=day)
                    versions[version] = (self.read_files(benchmark), self.get_truth(benchmark))
                    shown = [n for n in versions[version][0].values() if n]
                    self.assertGreater(len(shown), 40, "a file is of some use")
                for name, version in versions.items():
                    self.assertEqual(self.find_leaks({name: version}), {})
                self.assertEqual(self.find_leaks(versions), {})

    def test_the_attacker_finds_what_only_small_numbers_hide(self):
        """The test above is worth something: without secondary hiding much is found."""
        self.company = self.env["res.company"].create({"name": "Attacked"})
        self.env.user.company_ids |= self.company
        self.make_organisation(4, 150)
        self.municipalities = {}
        benchmark = self.compute(2018, company_id=self.company.id)
        shown = {
            (line.dimension or "", line.dimension_code or "", line.indicator_code): (
                line.numerator, line.denominator, line.value,
            )
            for line in benchmark.line_ids
            if not any(0 < n < THRESHOLD for n in (line.numerator, line.denominator))
        }  # fmt: skip
        self.assertTrue(self.find_leaks({"later": (shown, self.get_truth(benchmark))}, most=1))
