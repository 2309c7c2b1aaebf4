import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { utils } from "@web/core/ui/ui_service";

const form = ".o_form_view";

function field(name, input = "input") {
    return `${form} .o_field_widget[name=${name}] ${input}`;
}

/** Beside what it points at; on a phone there is no room there, and below it there is. */
function beside() {
    return utils.isSmall() ? "bottom" : "right";
}

/** Somebody who has never seen Odoo takes a first request; what is typed is their own. */
registry.category("web_tour.tours").add("buurtbemiddeling_first_case", {
    url: "/odoo/buurtbemiddeling",
    steps: () => [
        {
            trigger: ".o-kanban-button-new",
            content: markup(
                _t(
                    "A resident phones. <b>Take a new request.</b> Made-up neighbours are fine: you can remove this case afterwards."
                )
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: field("reporter_name"),
            content: markup(_t("<b>Who phones?</b> A name is enough to begin.")),
            tooltipPosition: beside(),
            run: "edit Anneke Voorbeeld",
        },
        {
            trigger: field("reporter_phone"),
            content: _t("On which number do you phone back?"),
            tooltipPosition: beside(),
            run: "edit 0600000001",
        },
        {
            trigger: field("reporter_street"),
            content: _t("Where does the reporter live?"),
            tooltipPosition: beside(),
            run: "edit Voorbeeldstraat 1",
        },
        {
            trigger: field("nuisance_type_ids"),
            content: markup(_t("<b>What is it about?</b> Choose from the list, or type a few letters.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o-autocomplete--dropdown-item a",
            content: _t("Choose one. There may be more."),
            tooltipPosition: beside(),
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_select_create_dialog_content .o_kanban_record, .o_select_create_dialog_content .o_data_row",
            content: _t("Choose one. There may be more."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: field("reporter_story", "textarea"),
            content: _t(
                "What happened, in the reporter's own words. The other party never gets to read this."
            ),
            tooltipPosition: "top",
            run: "edit Elke avond muziek.",
        },
        {
            trigger: field("neighbour_street"),
            content: markup(_t("<b>And the other party?</b> Often only the address is known.")),
            tooltipPosition: "top",
            run: "edit Voorbeeldstraat 3",
        },
        {
            trigger: ".o_form_button_save",
            content: _t("Save. The case gets its number."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_form_saved .nav-link[name=intake]",
            content: markup(_t(
                    "<b>Can mediation help here?</b> You judge that on the page Intake: decide, and say why."
                )),
            tooltipPosition: "bottom",
            run: "click",
        },
        // Odoo's pointer misses what fades in: by hand the next step is the button that comes with it
        {
            isActive: ["auto"],
            trigger: field("intake_decision", ".form-check:first input"),
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: field("intake_reason_id", ".form-check:first input"),
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            content: _t("Choose what you decide, and why. Then save."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_form_saved .nav-link[name=parties]",
            content: markup(
                _t("<b>Each party has a page of its own</b>, with its story and letters. Have a look.")
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_form_saved .o_statusbar_status",
            content: _t(
                "This is the phase. When you go on to the next step, click the next phase here."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".breadcrumb-item:not(.active) a, .o_back_button",
            content: _t(
                "Back to the board: your case is there. Was it made up? An administrator opens it, clicks the gear at the top and chooses Delete."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto"],
            trigger: ".o_kanban_view .o_kanban_record",
        },
    ],
});
