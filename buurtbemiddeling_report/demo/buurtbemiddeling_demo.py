from odoo import api, models


class BuurtbemiddelingDemo(models.AbstractModel):
    _inherit = "buurtbemiddeling.demo"

    @api.model
    def _compute_benchmarks(self):
        """Compute the demo's benchmarks as the coordinator would: in Dutch, and in her name."""
        benchmarks = self.env["buurtbemiddeling.benchmark"]
        for year in ("last_year", "this_year"):
            benchmarks |= self.env.ref(f"buurtbemiddeling_report.demo_benchmark_{year}")
        coordinator = self._demo_ref("user_coordinator")
        lang = self._get_lang("buurtbemiddeling_report")
        benchmarks.with_user(coordinator).with_context(lang=lang).action_compute()

    @api.model
    def _make_progress_report(self):
        """Make the draft of a progress report, with a first sentence of the coordinator's own."""
        lang = self._get_lang("buurtbemiddeling_report")
        reports = self.env["buurtbemiddeling.year.report"].with_context(lang=lang)
        reports = reports.with_user(self._demo_ref("user_coordinator"))
        report = reports.browse(reports.action_new_progress()["res_id"])
        summary = report.chapter_ids.filtered(lambda chapter: chapter.code == "summary")
        summary.text = (
            "<p>Het was een druk kwartaal. De meeste aanmeldingen gingen over geluid, en het lukte"
            " vaker dan vorig jaar om beide buren aan tafel te krijgen.</p>"
        )
