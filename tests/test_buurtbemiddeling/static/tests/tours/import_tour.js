import { registry } from "@web/core/registry";
import { choose, click } from "@test_buurtbemiddeling/../tests/tours/steps";

/** Match a row of the list of columns or codes with what it is with us. */
function match(list, text, name) {
    const row = `.o_field_widget[name=${list}] .o_data_row:contains(${text})`;
    return [
        click(`edit ${text}`, `${row} td[name=choice_id]`),
        ...choose("choice_id", name, ".o_selected_row"),
    ];
}

function isNow(state) {
    return {
        content: `it is now: ${state}`,
        trigger: `.o_field_widget[name=state] .o_arrow_button_current:contains(${state})`,
    };
}

/** A sheet of a colleague who left: headings, codes, a date that does not exist. */
registry.category("web_tour.tours").add("buurtbemiddeling_moving_in", {
    steps: () => [
        click("read the file", "button[name=action_read]"),
        isNow("Kolommen"),
        ...match("column_ids", "Waarover", "Hoofdklacht"),
        ...match("column_ids", "Einde", "Resultaat"),
        click("on to the codes", "button[name=action_to_codes]"),
        isNow("Codes"),
        ...match("code_ids", "Geluidsoverlast van buren", "Geluid door personen"),
        ...match("code_ids", "opgelost via ons", "Opgelost na bemiddelingsgesprek"),
        click("try it", "button[name=action_check]"),
        {
            content: "one row is wrong",
            trigger: ".o_field_widget[name=wrong_count]:contains(1)",
        },
        click("see what is wrong", "button[name=action_open_problems]"),
        { content: "it is said in a sentence", trigger: ".o_list_view td:contains(31-02-2025)" },
        click("back", ".o_back_button"),
        click("import", "button[name=action_run]"),
        click("yes", ".modal footer .btn-primary"),
        isNow("Klaar"),
        {
            content: "the wrong row can be downloaded",
            trigger: "button[name=action_download_wrong]",
        },
    ],
});
