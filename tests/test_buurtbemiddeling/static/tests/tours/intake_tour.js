import { registry } from "@web/core/registry";
import { edit, press } from "@odoo/hoot-dom";

const MOST_CLICKS = 12;
const counted = { clicks: 0 };

/** Type in the field that has the focus, and go to the next one with the Tab key. */
function typeAndTab(name, text, input = "input") {
    return {
        content: `type ${name}, without the mouse`,
        trigger: `.o_form_view .o_field_widget[name=${name}] ${input}:focus`,
        async run() {
            await edit(text);
            await press("Tab");
        },
    };
}

/** Pass a field that has the focus. */
function tab(name, input = "input") {
    return {
        content: `pass ${name}`,
        trigger: `.o_form_view .o_field_widget[name=${name}] ${input}:focus`,
        async run() {
            await press("Tab");
        },
    };
}

/** Search in the list that has the focus, and take the one that is found with the Enter key. */
function typeAndEnter(name, text) {
    const item = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)";
    return [
        {
            content: `search ${text}, without the mouse`,
            trigger: `.o_form_view .o_field_widget[name=${name}] input:focus`,
            async run() {
                await edit(text);
            },
        },
        {
            content: `take ${text} with Enter`,
            trigger: `.o-autocomplete--dropdown-menu:not(:has(${item}:not(:contains(${text})))) ${item} a:contains(${text})`,
            async run() {
                await press("Enter");
            },
        },
        {
            content: `${text} is chosen`,
            trigger: [
                `.o_field_widget[name=${name}]:has(input:value(${text}))`,
                `.o_field_widget[name=${name}]:has(.o_tag:contains(${text}))`,
            ].join(", "),
        },
        {
            content: `on from ${name}`,
            trigger: `.o_form_view .o_field_widget[name=${name}] input`,
            async run() {
                await press("Tab");
            },
        },
    ];
}

function click(content, trigger) {
    return { content, trigger, run: "click" };
}

function radio(name, label) {
    return click(
        `${name}: ${label}`,
        `.o_form_view .o_field_widget[name=${name}] .form-check:contains(${label}) input`
    );
}

/** A resident phones: both neighbours on one form, in at most 12 clicks and 2 screens. */
registry.category("web_tour.tours").add("buurtbemiddeling_intake", {
    steps: () => [
        {
            content: "the first screen: the board; from here every click counts",
            trigger: ".o_kanban_renderer",
            run() {
                counted.clicks = 0;
                document.addEventListener("pointerdown", () => counted.clicks++, true);
            },
        },
        click("the second screen: a new request", ".o-kanban-button-new"),
        typeAndTab("reporter_name", "Anneke de Melder"),
        typeAndTab("reporter_phone", "0600000001"),
        tab("reporter_email"),
        typeAndTab("reporter_street", "Rozenlaan 12"),
        typeAndTab("reporter_zip", "1234 AB"),
        typeAndTab("reporter_city", "Rozenstad"),
        tab("reporter_tenure"),
        click("the resident agrees", ".o_field_widget[name=reporter_consents] input"),
        {
            content: "on to what is going on",
            trigger: ".o_field_widget[name=reporter_consents] input:checked",
            async run() {
                await press("Tab");
            },
        },
        ...typeAndEnter("nuisance_type_ids", "Geluid door personen"),
        tab("main_nuisance_type_id"),
        typeAndTab("reporter_story", "Elke avond lawaai op de trap.", "textarea"),
        ...typeAndEnter("area_id", "Rozenbuurt"),
        radio("quarrel_duration", "Maanden"),
        radio("escalation", "Ruzies"),
        radio("talked_with_neighbour", "Ja"),
        {
            content: "on to the other party",
            trigger: ".o_field_widget[name=talked_with_neighbour] input:checked",
            async run() {
                // a browser passes the whole question with one Tab, the test's keyboard each answer
                while (document.activeElement.closest("[name=talked_with_neighbour]")) {
                    await press("Tab");
                }
            },
        },
        typeAndTab("neighbour_street", "Rozenlaan 14"),
        typeAndTab("neighbour_zip", "1234 AB"),
        typeAndTab("neighbour_city", "Rozenstad"),
        typeAndTab("neighbour_name", "Bert Buur"),
        click("save", ".o_form_button_save"),
        {
            content: "the case has its number, on the same screen; the clicks are counted",
            trigger: ".o_form_saved .o_field_widget[name=name]:contains(-0001)",
            run() {
                if (!counted.clicks || counted.clicks > MOST_CLICKS) {
                    throw new Error(`${counted.clicks} clicks, of at most ${MOST_CLICKS}`);
                }
            },
        },
    ],
});
