import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { addRow, choose, chooseInRow, openPage, radio, select, type } from "@test_buurtbemiddeling/../tests/tours/steps";

const board = ".o_kanban_renderer";
const card = `${board} .o_kanban_record:contains(Rozenbuurt)`;

function drag(phase) {
    return [
        {
            content: `drag the case to ${phase}`,
            trigger: card,
            run: `drag_and_drop(${board} .o_kanban_group:has(.o_column_title:contains(${phase})))`,
        },
        { trigger: `${board} .o_kanban_group:has(.o_column_title:contains(${phase})) .o_kanban_record:contains(Rozenbuurt)` },
    ];
}

function addMediator(name, index) {
    const row = `.o_field_widget[name=assignment_ids] .o_data_row:eq(${index}).o_selected_row`;
    return [
        ...addRow("assignment_ids", index),
        ...choose("volunteer_id", name, row),
    ];
}

registry.category("web_tour.tours").add("buurtbemiddeling_first_journey", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "open Buurtbemiddeling",
            trigger: ".o_app[data-menu-xmlid='buurtbemiddeling_case.menu_root']",
            run: "click",
        },
        {
            content: "who is new is offered a walk on My day; put it away",
            trigger: ".o_buurtbemiddeling_walk_line:contains(Rondleiding starten) .btn-link",
            run: "click",
        },
        { trigger: ".o_content:not(:has(.o_buurtbemiddeling_walk_line)) .o_kanban_renderer" },
        {
            content: "the first screen is My day; go to the cases",
            trigger: ".o_main_navbar [data-menu-xmlid='buurtbemiddeling_case.menu_case']",
            run: "click",
        },

        // the phone rings: one short form
        {
            content: "the board is in Dutch; take a new request",
            trigger: `.o_breadcrumb:contains(Zaken)`,
        },
        { trigger: ".o-kanban-button-new", run: "click" },
        type("reporter_name", "Anneke de Melder"),
        type("reporter_phone", "0600000001"),
        type("reporter_street", "Rozenlaan 12"),
        ...choose("nuisance_type_ids", "Geluid door personen"),
        type("reporter_story", "Elke avond lawaai op de trap.", "textarea"),
        radio("quarrel_duration", "Maanden"),
        radio("escalation", "Ruzies"),
        radio("talked_with_neighbour", "Ja"),
        ...choose("area_id", "Rozenbuurt"),
        type("neighbour_street", "Rozenlaan 14"),
        ...choose("referral_partner_id", "Wonen Rozenstad"),
        ...stepUtils.saveForm(),
        {
            content: "the case has a number and is new",
            trigger: ".o_field_widget[name=name]:contains(-0001)",
        },
        openPage("parties"),
        { trigger: ".o_field_widget[name=party_ids] .o_data_row:contains(Anneke de Melder)" },
        { trigger: ".o_field_widget[name=party_ids] .o_data_row:contains(Rozenlaan 14)" },

        // on the board: the card, and dragging it to another phase
        { content: "back to the board", trigger: ".o_breadcrumb a:contains(Zaken)", run: "click" },
        {
            content: "the card says what it is about",
            trigger: `${card}:contains(Geluid door personen)`,
        },
        ...drag("Intake"),
        { content: "open the case", trigger: card, run: "click" },

        // intake: suitable
        openPage("intake"),
        {
            content: "suitable",
            trigger: ".o_field_widget[name=intake_decision] .form-check:contains(Geschikt) input",
            run: "click",
        },
        radio("intake_reason_id", "Een gesprek kan"),

        // two mediators
        openPage("mediators"),
        ...addMediator("Bea Bemiddelaar", 0),
        ...addMediator("Ben Bemiddelaar", 1),

        // a talk, on the calendar
        openPage("meetings"),
        ...addRow("meeting_ids", 0),
        {
            content: "choose when: open the picker",
            trigger: ".o_field_widget[name=meeting_ids] .o_selected_row [name=start] input",
            run: "edit 08-03-2032 19:30:00",
        },
        ...chooseInRow("meeting_ids", 0, "place", "Telefonisch"),
        ...stepUtils.saveForm(),
        {
            content: "an agreement",
            trigger: ".nav-link[name=agreements]",
            run: "click",
        },
        ...addRow("agreement_ids", 0),
        {
            trigger: ".o_field_widget[name=agreement_ids] .o_selected_row [name=name] input",
            run: "edit Na tien uur stil op de trap",
        },
        ...stepUtils.saveForm(),

        // result and closing
        { content: "close", trigger: ".o_form_view button[name=action_close]", run: "click" },
        ...select("outcome_id", "Opgelost na bemiddelingsgesprek", ".modal"),
        {
            content: "the form of help follows from the result",
            trigger: ".modal .o_field_widget[name=intervention_id]:has(input:value(Bemiddelingsgesprek))",
        },
        { trigger: ".modal button[name=action_close]", run: "click" },
        { content: "closed", trigger: ".o_form_view:not(:has(button[name=action_close]))" },
        {
            content: "tell the referrer",
            trigger: ".o_form_view button[name=action_feedback]",
            run: "click",
        },
        {
            content: "the reporter agrees that the referrer is told",
            trigger: ".modal button[name=action_consent_yes]",
            run: "click",
        },
        {
            content: "that was noted",
            trigger: ".modal .o_field_widget[name=feedback_consent]:contains(Ja)",
        },
        { trigger: ".modal button[name=action_phone]", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_feedback]))" },

        // aftercare
        openPage("closing"),
        { trigger: ".o_field_widget[name=feedback_state]:contains(Gedaan)" },
        // before the day: what follows from a day comes from the server, and would close the list
        ...choose("aftercare_outcome_id", "Opgelost na bemiddelingsgesprek"),
        {
            content: "aftercare today",
            trigger: ".o_field_widget[name=aftercare_date] .o_input, .o_field_widget[name=aftercare_date] input",
            run: "click",
        },
        { trigger: ".o_date_item_cell.o_today", run: "click" },
        {
            content: "the date is filled in and its picker is closed",
            trigger: "body:not(:has(.o_datetime_picker))",
        },
        ...stepUtils.saveForm(),

        // the figure in the benchmark
        { trigger: "button[data-menu-xmlid='buurtbemiddeling_report.menu_report']", run: "click" },
        {
            trigger: "a[data-menu-xmlid='buurtbemiddeling_report.menu_benchmark']",
            run: "click",
        },
        { trigger: ".o_list_button_add", run: "click" },
        {
            content: "this year",
            trigger: ".o_field_widget[name=year] input",
            run({ anchor }) {
                anchor.value = new Date().getFullYear();
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".o_form_view button[name=action_compute]", run: "click" },
        {
            content: "the case is a figure",
            trigger:
                ".o_field_widget[name=key_line_ids] .o_data_row:contains(Geslaagd, van behandelde zaken):contains(100,0 %)",
        },
        {
            content: "the workbook can be downloaded",
            trigger: ".o_form_view button[name=action_open_download]",
        },
        {
            content: "open the cases behind the figure",
            trigger:
                ".o_field_widget[name=key_line_ids] .o_data_row:contains(Geslaagd, van behandelde zaken) button[name=action_open_cases]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Rozenbuurt)",
        },
    ],
});
