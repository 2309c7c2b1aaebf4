from odoo import api, models

#: Texts of the annual report by chapter, without figures: those of the demo follow the day.
_ANNUAL_TEXTS = {
    "foreword": (
        "Buren die elkaar weer groeten: daar doen we het voor. Ook afgelopen jaar stonden onze"
        " vrijwilligers klaar, in de avond en aan de keukentafel.",
        "Dank aan alle bemiddelaars, en aan de verwijzers die ons op tijd wisten te vinden.",
    ),
    "summary": (
        "Geluid bleef de meest voorkomende klacht. Wie vroeg belde, kwam er vaker samen uit.",
        "De stuurgroep vragen we mee te denken over wijken waar we weinig aanmeldingen krijgen.",
    ),
    "method": (
        "Na een aanmelding belt de coördinator binnen een week. Twee bemiddelaars gaan daarna eerst"
        " bij de ene buur langs, en dan bij de andere. Willen beiden verder, dan volgt een gesprek"
        " op neutrale grond. Een paar weken later bellen we om te horen hoe het gaat.",
    ),
    "organisation": (
        "De stuurgroep kwam twee keer bijeen. Gemeenten, woningcorporaties en politie zitten erin.",
    ),
    "volunteers": (
        "De nieuwe bemiddelaars volgden de basistraining. Bij de intervisie ging het vaak over"
        " gesprekken waarin één van de buren boos blijft.",
    ),
    "network": (
        "In de wijken gaven we voorlichting en workshops, samen met de corporaties en het"
        " opbouwwerk. De krant schreef over een bemiddeling die goed afliep.",
    ),
    "registrations": (
        "In het voorjaar kwamen de meeste aanmeldingen binnen: ramen en tuindeuren gaan dan open.",
    ),
    "referrers": (
        "We gingen langs bij de wijkteams en bij de politie. Bewoners vinden ons vaker zelf.",
    ),
    "nuisance": (
        "Geluid van muziek, klussen en kinderen wisselden elkaar af. Bij tuinen ging het"
        " meestal over de erfgrens.",
    ),
    "results": (
        "Waar het niet lukte, wilde vaak één van de buren geen gesprek. Ook dan helpt het als"
        " iemand heeft geluisterd.",
    ),
    "time": ("De zomervakantie kostte tijd: gesprekken plannen lukte dan minder snel.",),
    "complexity": (
        "Achter een burenruzie zat geregeld meer: schulden, ziekte of verward gedrag. Die zaken"
        " vragen overleg met het wijkteam, en meer uren.",
    ),
    "finance": (
        "De jaarrekening staat in een eigen stuk, dat de stuurgroep in het voorjaar ontvangt.",
    ),
    "conclusion": (
        "Komend jaar willen we eerder in beeld zijn. We vragen de corporaties ons te noemen in de"
        " eerste brief die zij na een klacht sturen.",
    ),
}
_PROGRESS_TEXTS = {
    "summary": (
        "Het was een druk kwartaal. De meeste aanmeldingen gingen over geluid, en het lukte vaker"
        " dan vorig jaar om beide buren aan tafel te krijgen.",
    ),
}


class BuurtbemiddelingDemo(models.AbstractModel):
    _name = "buurtbemiddeling.demo"
    _inherit = [
        "buurtbemiddeling.demo",
        "buurtbemiddeling.demo.money.mixin",
        "buurtbemiddeling.demo.plan.mixin",
    ]

    @api.model
    def _compute_benchmarks(self):
        """Compute the demo's benchmarks as the coordinator would: in Dutch, and in her name.

        Last year is over: those figures are frozen.
        """
        benchmarks = self._compute_as_coordinator("last_year", "this_year", "last_year_to_date")
        benchmarks[0].action_freeze()

    @api.model
    def _compute_project_benchmarks(self):
        """Compute last year of each project, for its own steering group."""
        self._compute_as_coordinator("heldervoort_last_year", "lindewaard_last_year")

    @api.model
    def _compute_as_coordinator(self, *names):
        benchmarks = self.env["buurtbemiddeling.benchmark"]
        for name in names:
            benchmarks |= self.env.ref(f"buurtbemiddeling_report.demo_benchmark_{name}")
        coordinator = self._demo_ref("user_coordinator")
        lang = self._get_lang("buurtbemiddeling_report")
        benchmarks = benchmarks.with_user(coordinator).with_context(lang=lang)
        benchmarks.action_compute()
        return benchmarks

    @api.model
    def _make_annual_report(self):
        """Make the annual report of last year final, with texts of the coordinator's own."""
        self._make_report("annual", _ANNUAL_TEXTS)._finalize()

    @api.model
    def _make_progress_report(self):
        """Make the draft of a progress report, with a first sentence of the coordinator's own."""
        self._make_report("progress", _PROGRESS_TEXTS)

    @api.model
    def _make_report(self, kind, texts):
        """Make the last report of a kind with the button of the coordinator, and write in it."""
        lang = self._get_lang("buurtbemiddeling_report")
        reports = self.env["buurtbemiddeling.year.report"].with_context(lang=lang)
        reports = reports.with_user(self._demo_ref("user_coordinator"))
        report = reports.browse(getattr(reports, f"action_new_{kind}")()["res_id"])
        for chapter in report.chapter_ids.filtered(lambda chapter: chapter.code in texts):
            chapter.text = "".join(f"<p>{text}</p>" for text in texts[chapter.code])
        return report
