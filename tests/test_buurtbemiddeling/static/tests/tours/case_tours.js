import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";
import { stepUtils } from "@web_tour/tour_utils";
import {
    addRow,
    choose,
    chooseInRow,
    click,
    openPage,
    radio,
    select,
    type,
} from "@test_buurtbemiddeling/../tests/tours/steps";

const tours = registry.category("web_tour.tours");

function dialogRadio(name, label) {
    return click(
        `${name}: ${label}`,
        `.modal .o_field_widget[name=${name}] .form-check:contains(${label}) input`
    );
}

/** Judging: the checklist warns, a decision asks why, and who is referred on gets a record. */
tours.add("buurtbemiddeling_triage", {
    steps: () => [
        openPage("intake"),
        click(
            "tick a contra-indication",
            ".o_field_widget[name=contraindication_ids] .form-check:contains(Geweld) input"
        ),
        radio("intake_decision", "Niet geschikt"),
        {
            content: "the contra-indication is the reason by itself",
            trigger:
                ".o_field_widget[name=intake_reason_id] .form-check:contains(Contra-indicatie) input:checked",
        },
        radio("intake_decision", "Doorverwijzen"),
        click("save without saying why", ".o_form_button_save"),
        {
            content: "the screen asks why, in a sentence",
            trigger: ".modal:contains(kies een reden op de pagina Intake)",
        },
        click("read it", ".modal footer button"),
        openPage("intake"),
        radio("intake_reason_id", "Zorg of hulp"),
        click("refer on", ".o_field_widget[name=onward_referral_ids] .o_field_x2many_list_row_add a"),
        ...choose("referral_partner_id", "Wonen Rozenstad", ".modal"),
        click("the resident agreed", ".modal .o_field_widget[name=consent_date] input"),
        click("today", ".o_date_item_cell.o_today"),
        { content: "the picker is closed", trigger: "body:not(:has(.o_datetime_picker))" },
        click("keep the referral", ".modal .o_form_button_save"),
        {
            content: "it is on the page",
            trigger: ".o_field_widget[name=onward_referral_ids] .o_data_row:contains(Wonen Rozenstad)",
        },
        ...stepUtils.saveForm(),
    ],
});

/** A talk: planned in a room, invited, cancelled; and another that was held. */
tours.add("buurtbemiddeling_talk", {
    steps: () => [
        openPage("meetings"),
        ...addRow("meeting_ids", 1), // below the talk that was planned before
        {
            content: "when",
            trigger: ".o_field_widget[name=meeting_ids] .o_selected_row [name=start] input",
            run: "edit 08-03-2032 19:30:00",
        },
        ...choose("room_id", "Buurthuis De Roos", ".o_field_widget[name=meeting_ids] .o_selected_row"),
        ...stepUtils.saveForm(),
        click(
            "open the talk",
            ".o_field_widget[name=meeting_ids] .o_data_row:contains(De Roos) .o_list_record_open_form_view"
        ),
        click("invite", ".o_form_view button[name=action_invite]"),
        click("everyone who comes is told", ".modal footer button.btn-primary:contains(Uitnodigen)"),
        { content: "invited", trigger: ".o_form_view .o_field_widget[name=invited_date]" },
        click("it is off", ".o_form_view button[name=action_open_cancel]"),
        dialogRadio("cancel_reason", "Op verzoek van de melder"),
        click("cancel", ".modal footer button:contains(Gesprek annuleren)"),
        {
            content: "cancelled",
            trigger: ".o_form_view .o_field_widget[name=state] .o_arrow_button_current:contains(Geannuleerd)",
        },
        click("back to the case", ".o_back_button a, .breadcrumb-item.o_back_button a"),
        openPage("meetings"),
        click(
            "open the talk of yesterday",
            ".o_field_widget[name=meeting_ids] .o_data_row:contains(Gepland) .o_list_record_open_form_view"
        ),
        click("it was held", ".o_form_view button[name=action_open_held]"),
        dialogRadio("outcome", "Afspraken gemaakt"),
        click("keep it", ".modal footer button:contains(Gesprek is gehouden)"),
        {
            content: "held",
            trigger: ".o_form_view .o_field_widget[name=state] .o_arrow_button_current:contains(Gehouden)",
        },
        click("back to the case", ".o_back_button a, .breadcrumb-item.o_back_button a"),
        openPage("meetings"),
        {
            content: "how it ended is on the case",
            trigger: ".o_field_widget[name=meeting_ids] .o_data_row:contains(Afspraken gemaakt)",
        },
    ],
});

/** Closing: what is loose is said, and how it ended for each party apart. */
tours.add("buurtbemiddeling_closing", {
    steps: () => [
        click("close", ".o_form_view button[name=action_close]"),
        {
            content: "what is loose is said, and stops nobody",
            trigger: ".modal .alert:contains(De hoofdklacht is niet ingevuld)",
        },
        ...select("outcome_id", "Opgelost na bemiddelingsgesprek", ".modal"),
        { content: "aftercare plans itself", trigger: ".modal .o_field_widget[name=aftercare_planned_date]" },
        ...chooseInRow("line_ids", 0, "closing_result", "Opgelost"),
        ...chooseInRow("line_ids", 1, "closing_result", "Beter"),
        click("close", ".modal button[name=action_close]"),
        {
            content: "closed, and it can be opened again",
            trigger: ".o_form_view button[name=action_move]:contains(Heropenen)",
        },
    ],
});

/** Aftercare: each party is asked apart; what did not hold is opened again, with a reason. */
tours.add("buurtbemiddeling_aftercare", {
    steps: () => [
        click("aftercare", ".o_form_view button[name=action_aftercare]"),
        ...chooseInRow("line_ids", 0, "aftercare_result", "Slechter"),
        ...chooseInRow("line_ids", 1, "aftercare_result", "Hetzelfde"),
        {
            content: "it did not hold: the wizard proposes to open the case again",
            trigger: ".modal .alert:contains(heropenen)",
        },
        click("open it again", ".modal button[name=action_save_and_reopen]"),
        {
            content: "the case is open",
            trigger: ".o_form_view button[name=action_close]:contains(Zaak afsluiten)",
        },
        openPage("pauses"),
        {
            content: "what was stays in the time per phase",
            trigger: ".o_field_widget[name=phase_ids] .o_data_row:contains(Afgesloten)",
        },
    ],
});

/** Going back in the statusbar asks why, and keeps the reason. */
tours.add("buurtbemiddeling_move_back", {
    steps: () => [
        click("click an earlier phase", ".o_statusbar_status button:contains(Intake)"),
        click("the screen asks why", ".modal button:contains(Reden)"),
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=reason] input, .modal .o_field_widget[name=reason] textarea",
            run: "edit De melder wil eerst nadenken",
        },
        click("move", ".modal button[name=action_move]"),
        {
            content: "back in intake, where its clock starts anew",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=stage_status]:contains(Op tijd)",
        },
        openPage("pauses"),
        { trigger: ".o_field_widget[name=phase_ids] .o_data_row:contains(De melder wil eerst nadenken)" },
    ],
});

/** Let a colleague write on a record that we have on the screen. */
function colleagueWrites(model, field, side) {
    return {
        content: `a colleague writes ${field}`,
        trigger: ".o_form_view",
        run: async () => {
            const call = (method, args, kwargs = {}) =>
                rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });
            const case_id = parseInt(location.pathname.split("/").at(-1));
            const domain = [["case_id", "=", case_id], ["side", "=", side]];
            const [party] = await call("search", [domain]);
            await call("write", [[party], { [field]: "Van de collega" }]);
        },
    };
}

const PAUSE = ".o_field_widget[name=pause_ids] .o_selected_row";
const HEARS = [
    click("save", ".o_form_button_save"),
    {
        content: "the screen says that somebody was first",
        trigger: ".modal:contains(Niets is verloren)",
    },
    click("read it", ".modal:contains(Niets is verloren) footer button"),
];

/** Two coordinators type in the same story: the second hears it, and loses nothing. */
tours.add("buurtbemiddeling_saved_meanwhile", {
    steps: () => [
        openPage("registration"),
        type("reporter_story", "Van mij", "textarea"),
        colleagueWrites("buurtbemiddeling.case.party", "story", "a"),
        ...HEARS,
        {
            content: "what was typed is still there",
            trigger: ".o_field_widget[name=reporter_story] textarea:value(Van mij)",
        },
        click("discard", ".o_form_button_cancel"),
        {
            content: "what the colleague typed is there",
            trigger: ".o_field_widget[name=reporter_story] textarea:value(Van de collega)",
        },
        type("reporter_story", "Van de collega, en van mij", "textarea"),
        ...stepUtils.saveForm(),
        openPage("parties"),
        click("open the other party", ".o_field_widget[name=party_ids] .o_data_row:eq(1) td[name=name]"),
        {
            content: "type in the story",
            trigger: ".modal .o_field_widget[name=story] textarea",
            run: "edit Van mij",
        },
        click("keep it", ".modal .o_form_button_save"),
        { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
        colleagueWrites("buurtbemiddeling.case.party", "story", "b"),
        ...HEARS,
        click("discard", ".o_form_button_cancel"),
        { content: "nothing is left to save", trigger: ".o_form_saved, .o_form_status_indicator:has(.invisible)" },
        // what the screen works out from a pause is saved by nobody, and no obstacle
        openPage("pauses"),
        ...addRow("pause_ids", 0),
        click("since when", `${PAUSE} td[name=date_from]`),
        {
            content: "it began days ago",
            trigger: `${PAUSE} td[name=date_from] input`,
            run: `edit ${luxon.DateTime.now().minus({ days: 5 }).toFormat("dd-MM-yyyy")}`,
        },
        ...stepUtils.saveForm(),
    ],
});
