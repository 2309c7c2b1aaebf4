import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// Odoo's own address for a tour (?tour=…) starts it twice, and both then lose their way.
registry.category("actions").add("buurtbemiddeling_case.first_case", (env) =>
    env.services.tour_service.startTour("buurtbemiddeling_first_case", {
        mode: "manual",
        rainbowManMessage: _t(
            "Your first case is in. Talks, letters and closing have a page of their own on it."
        ),
    })
);
