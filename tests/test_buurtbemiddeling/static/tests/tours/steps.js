// Steps that more than one tour takes.

import { waitFor } from "@odoo/hoot-dom";

/** Type in a field of the form. */
export function type(name, text, input = "input") {
    return {
        content: `type ${name}`,
        trigger: `.o_form_view .o_field_widget[name=${name}] ${input}`,
        run: `edit ${text}`,
    };
}

/**
 * Choose a record in a many2one or tags field of the form, or of a row in edition.
 *
 * Waits until the list shows nothing but what was searched for: the list of a moment ago would be
 * replaced under our click.
 */
export function choose(name, text, where = ".o_form_view") {
    const item = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)";
    return [
        {
            content: `search ${text}`,
            trigger: `${where} .o_field_widget[name=${name}] input`,
            run: `edit ${text}`,
        },
        {
            content: `choose ${text}`,
            trigger: `.o-autocomplete--dropdown-menu:not(:has(${item}:not(:contains(${text})))) ${item} a:contains(${text})`,
            run: "click",
        },
        {
            content: `${text} is chosen`,
            trigger: [
                `${where} .o_field_widget[name=${name}]:has(input:value(${text}))`,
                `${where} .o_field_widget[name=${name}]:has(.o_tag:contains(${text}))`,
            ].join(", "),
        },
    ];
}

/** Choose an option of a selection field, by clicking it open. */
export function select(name, label, where = ".o_form_view") {
    const field = `${where} .o_field_widget[name=${name}]`;
    return [
        click(`open ${name}`, `${field} .o_select_menu_toggler`),
        click(`${name}: ${label}`, `.o_select_menu_item:contains(${label})`),
        { content: `${label} is chosen`, trigger: `${field}:has(input:value(${label}))` },
    ];
}

/** Choose an option of which all are shown: one click. */
export function radio(name, label) {
    return {
        content: `${name}: ${label}`,
        trigger: `.o_form_view .o_field_widget[name=${name}] .form-check:contains(${label}) input`,
        run: "click",
    };
}

export function openPage(name) {
    return { content: `open page ${name}`, trigger: `.nav-link[name=${name}]`, run: "click" };
}

export function click(content, trigger) {
    return { content, trigger, run: "click" };
}

/** Choose an option of a selection field in a row of a list that is edited in place. */
export function chooseInRow(list, row, name, label) {
    const cell = `.o_field_widget[name=${list}] .o_data_row:eq(${row}) td[name=${name}]`;
    return [
        click(`edit ${name} of row ${row}`, cell),
        click(`open ${name} of row ${row}`, `${cell} .o_select_menu_toggler`),
        click(`${name}: ${label}`, `.o_select_menu_item:contains(${label})`),
        { content: `${label} is chosen`, trigger: `${cell}:has(input:value(${label}))` },
    ];
}

/**
 * Add a row to a list that is edited in place, and wait until it can be typed in.
 *
 * Clicks again as people do when nothing happens: a click on a list that is drawn anew under the
 * mouse is lost. A second click while the row is on its way adds no second one.
 */
export function addRow(list, index) {
    const field = `.o_form_view .o_field_widget[name=${list}]`;
    const row = `${field} .o_data_row:eq(${index}).o_selected_row`;
    return [
        {
            content: `add a row to ${list}`,
            trigger: `${field} .o_field_x2many_list_row_add a`,
            async run(helpers) {
                await helpers.click();
                await waitFor(row, { timeout: 5000 }).catch(() => {
                    console.log(`no row in ${list} yet: click again`);
                    return helpers.click(`${field} .o_field_x2many_list_row_add a`);
                });
            },
        },
        { content: "type in it", trigger: row },
    ];
}
