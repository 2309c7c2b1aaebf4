import { registry } from "@web/core/registry";
import { addRow, choose, chooseInRow, click, openPage } from "@test_buurtbemiddeling/../tests/tours/steps";

function see(content, trigger) {
    return { content, trigger };
}

function press(action, content) {
    return click(content, `.o_form_view button[name=${action}]:visible`);
}

/** A button that asks first whether you are sure. */
function pressAndConfirm(action, content) {
    return [
        press(action, content),
        click(`${content}: yes`, ".modal .modal-footer .btn-primary"),
        see(`${content}: the question is gone`, "body:not(:has(.modal))"),
    ];
}

function inState(label) {
    return see(
        `it is ${label}`,
        `.o_form_view .o_field_widget[name=state] .o_arrow_button_current:contains(${label})`
    );
}

function backToProject() {
    return [
        click("back to the project", ".breadcrumb-item a:contains(Buurtbemiddeling Rozenstad)"),
        see("the page of the project", ".o_form_view .o_field_widget[name=area_ids]"),
    ];
}

function openMeeting() {
    return [
        press("action_open_steering_meetings", "the meetings of the steering group"),
        click("the meeting of yesterday", ".o_list_view .o_data_row:eq(0) td[name=name]"),
        see("its agenda", ".o_form_view .o_field_widget[name=item_ids]"),
    ];
}

/** From the plan to the meeting that approves it, with the figures of that day, to the report. */
registry.category("web_tour.tours").add("buurtbemiddeling_project", {
    steps: () => [
        see("the page of the project", ".o_form_view .o_field_widget[name=area_ids]"),

        // the plan is complete, and goes to the steering group
        press("action_open_plan", "the plan"),
        inState("Concept"),
        press("action_submit", "submit the plan"),
        inState("Ingediend"),
        ...backToProject(),

        // the meeting was held: figures, a decision, minutes
        ...openMeeting(),
        press("action_held", "it was held"),
        inState("Gehouden"),
        ...pressAndConfirm("action_freeze_figures", "freeze the figures"),
        openPage("figures"),
        see(
            "the figures of that day",
            ".o_field_widget[name=figures_html]:contains(Aangemelde zaken):contains(12)"
        ),
        openPage("decisions"),
        ...addRow("decision_ids", 0),
        ...chooseInRow("decision_ids", 0, "kind", "Besluit"),
        {
            content: "what was decided",
            trigger: ".o_field_widget[name=decision_ids] .o_selected_row [name=name] :is(input, textarea)",
            run: "edit Het plan is goedgekeurd.",
        },
        ...pressAndConfirm("action_minute", "share the minutes"),
        inState("Verslag gedeeld"),
        ...backToProject(),

        // so the plan can be approved
        press("action_open_plan", "the plan again"),
        ...choose("meeting_id", "Stuurgroep"),
        ...pressAndConfirm("action_approve", "approve the plan"),
        inState("Goedgekeurd"),
        ...backToProject(),

        // and the report of the year is one click away
        press("action_open_year_reports", "the reports"),
        click("a new report", ".o_list_button_add, .o-kanban-button-new"),
        click("save the report", ".o_form_button_save"),
        press("action_compute", "its figures"),
        see("figures in it", ".o_form_view .o_field_widget[name=computed_on]:not(.o_field_empty)"),
    ],
});
