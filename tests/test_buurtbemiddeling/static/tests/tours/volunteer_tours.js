import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import {
    addRow,
    choose,
    chooseInRow,
    click,
    openPage,
    select,
} from "@test_buurtbemiddeling/../tests/tours/steps";

const tours = registry.category("web_tour.tours");

function see(content, trigger) {
    return { content, trigger };
}

function openMenu(section, item) {
    return [
        click(`open ${section}`, `button[data-menu-xmlid='buurtbemiddeling_volunteer.${section}']`),
        click(`open ${item}`, `a[data-menu-xmlid='buurtbemiddeling_volunteer.${item}']`),
    ];
}

/** The phase or state that the bar on top of a form shows. */
function inPhase(name, label) {
    return see(
        `it is in ${label}`,
        `.o_form_view .o_field_widget[name=${name}] .o_arrow_button_current:contains(${label})`
    );
}

function backToForm() {
    return [
        click("back", ".o_back_button a, .breadcrumb-item.o_back_button a"),
        see("the form is there", ".o_form_view"),
    ];
}

// ------------------------------------------------------------
// FROM FIRST INTEREST TO THE FIRST CASE
// ------------------------------------------------------------

/** Someone finds the form on the web, in Dutch, and sends it. */
tours.add("buurtbemiddeling_apply", {
    steps: () => [
        see("the page is in Dutch", "h1:contains(Word vrijwilliger bij Welzijn Rozenstad)"),
        { content: "name", trigger: "input[name=name]", run: "edit Sanne de Vries" },
        { content: "e-mail", trigger: "input[name=email]", run: "edit sanne@example.com" },
        { content: "phone", trigger: "input[name=phone]", run: "edit 06 0000 0123" },
        { content: "postcode", trigger: "input[name=zip]", run: "edit 4321 ZZ" },
        { content: "town", trigger: "input[name=city]", run: "edit Rozenstad" },
        click("speaks Dutch", "input[name=languages][value=nl]"),
        {
            content: "why",
            trigger: "textarea[name=motivation]",
            run: "edit Ik luister graag en oordeel niet.",
        },
        click("agrees", "input[name=consent]"),
        {
            content: "send",
            trigger: "button[type=submit]:contains(Versturen)",
            run: "click",
            expectUnloadPage: true,
        },
        see("thank you", "h1:contains(Bedankt)"),
    ],
});

const column = (phase) => `.o_kanban_group:has(.o_column_title:contains(${phase}))`;
const sanne = ".o_kanban_record:contains(Sanne de Vries)";

/** Five half-days of the last five weeks: of the first is told when, the others follow weekly. */
function planHalfDays() {
    const first = luxon.DateTime.now().minus({ weeks: 5 });
    const day = (weeks) => first.plus({ weeks }).toFormat("dd-MM-yyyy");
    const dayInForm = (weeks) => first.plus({ weeks }).setLocale("nl").toFormat("d MMM");
    const start = ".o_field_widget[name=event_ids] .o_selected_row [name=start]";
    // the next row begins a week after the last one, as soon as the session has that one
    const follows = (weeks) =>
        see("the session ends then", `.o_field_widget[name=date_end]:contains(${dayInForm(weeks)})`);
    return [
        openPage("half_days"),
        ...addRow("event_ids", 0),
        {
            content: "the first one was five weeks ago",
            trigger: `${start} input`,
            run: `edit ${day(0)} 10:00:00`,
        },
        click("that day", ".o_datetime_buttons button:contains(Toepassen)"),
        follows(0),
        ...[1, 2, 3, 4].flatMap((index) => [
            ...addRow("event_ids", index),
            see("a week later", `${start}:has(input:value(${day(index)}))`),
            follows(index),
        ]),
        ...stepUtils.saveForm(),
    ];
}

/** Note that everyone was there, on the list of the evening that is open. */
function everyonePresent() {
    return [
        see("nobody is noted yet", `${sanne}:not(:contains(Aanwezig))`),
        click("everyone", ".o_control_panel button[name=action_all_present]:contains(Iedereen)"),
        see("present", `${sanne}:contains(Aanwezig):contains(03:00)`),
        ...backToForm(),
    ];
}

function attendHalfDay(index) {
    return [
        openPage("half_days"),
        click(
            `attendance of half-day ${index + 1}`,
            `.o_field_widget[name=event_ids] .o_data_row:eq(${index}) button[name=action_open_training_attendance]`
        ),
        ...everyonePresent(),
    ];
}

/** From the card on the board to a pair for a first case; the phases follow by themselves. */
tours.add("buurtbemiddeling_recruitment", {
    steps: () => [
        // who applied is on the board; there is no information meeting soon
        see("a new card", `${column("Belangstelling")} ${sanne}`),
        {
            content: "invite for a talk at once",
            trigger: sanne,
            run: `drag_and_drop(${column("Intakegesprek")})`,
        },
        see("the card says what is needed", `${column("Intakegesprek")} ${sanne}:contains(positief)`),
        click("open the volunteer", `${column("Intakegesprek")} ${sanne}`),
        openPage("application"),
        see("what was typed", ".o_field_widget[name=application_ids]:contains(Ik luister graag)"),

        // the intake talk
        openPage("talks"),
        click("note a talk", ".o_field_widget[name=talk_ids] .o_field_x2many_list_row_add a"),
        ...select("result", "Geschikt", ".modal"),
        click("listens well", ".modal tr:contains(Luisteren) .o_priority_star[aria-label=Goed]"),
        click(
            "is very neutral",
            ".modal tr:contains(Neutraal) .o_priority_star[aria-label='Heel goed']"
        ),
        see("the average", ".modal .o_field_widget[name=score_average]:contains(4,5)"),
        click("keep the talk", ".modal .o_form_button_save"),
        see("it is on the page", ".o_field_widget[name=talk_ids] .o_data_row:contains(Geschikt)"),
        ...stepUtils.saveForm(),
        inPhase("stage_id", "Basistraining"),
        see("what is missing", ".o_form_view .alert:contains(basistraining):contains(protocol)"),

        // the basic training
        ...openMenu("menu_volunteer_root", "menu_training_session"),
        click("a new session", ".o-kanban-button-new"),
        ...choose("training_id", "Basistraining"),
        ...planHalfDays(),
        openPage("participants"),
        ...addRow("enrolment_ids", 0),
        ...choose("volunteer_id", "Sanne", ".o_field_widget[name=enrolment_ids] .o_selected_row"),
        ...stepUtils.saveForm(),
        ...[0, 1, 2, 3].flatMap(attendHalfDay),
        click("the evening that was last", ".o_form_view button[name=action_open_attendance]"),
        ...everyonePresent(),
        openPage("participants"),
        see("fifteen hours", ".o_data_row:contains(Sanne) td[name=attended_hours]:contains(15,00)"),
        ...chooseInRow("enrolment_ids", 0, "result", "Geslaagd"),
        ...stepUtils.saveForm(),
        click("it was held", ".o_form_view button[name=action_done]"),
        inPhase("state", "Gehouden"),

        // what has to be signed
        ...openMenu("menu_volunteer_root", "menu_volunteer"),
        click("open the volunteer", `${column("Basistraining")} ${sanne}`),
        openPage("documents"),
        ...addRow("document_ids", 0),
        see(
            "the first is the agreement",
            ".o_field_widget[name=document_ids] .o_selected_row:has(input:value(Overeenkomst))"
        ),
        ...addRow("document_ids", 1),
        ...chooseInRow("document_ids", 1, "kind", "Geheimhoudingsverklaring"),
        ...stepUtils.saveForm(),
        inPhase("stage_id", "Basistraining"),
        ...addRow("acceptance_ids", 0),
        ...choose("protocol_id", "Werkprotocol 1", ".o_field_widget[name=acceptance_ids] .o_selected_row"),
        ...stepUtils.saveForm(),
        inPhase("stage_id", "Eerste zaken"),
        see("nothing is missing", ".o_form_view:not(:has(.alert:contains(ontbreekt)))"),

        // the first case, with someone who has done more
        click("to the cases", "[data-menu-xmlid='buurtbemiddeling_case.menu_case']"),
        click("open the case", ".o_kanban_record:contains(Rozenbuurt)"),
        openPage("mediators"),
        click("propose", ".o_form_view button[name=action_couple]:contains(Duo voorstellen)"),
        click(
            "an experienced colleague takes her along",
            ".modal .o_kanban_record:contains(Bea Bemiddelaar is ervaren en kan Sanne de Vries meenemen) button[name=action_invite]"
        ),
        ...accept("Sanne"),
        ...accept("Bea"),
        see("a pair", ".o_form_view .o_field_widget[name=duo_state]:contains(Compleet)"),
    ],
});

// ------------------------------------------------------------
// COUPLING
// ------------------------------------------------------------

function row(name) {
    return `.o_form_view .o_field_widget[name=assignment_ids] .o_data_row:contains(${name})`;
}

function accept(name) {
    return [
        click(`${name} says yes`, `${row(name)}:contains(Uitgenodigd) button[name=action_accept]`),
        see(`${name} mediates`, `${row(name)}:contains(Aangenomen)`),
    ];
}

const pair = (first, second) =>
    `.modal .o_kanban_record:contains(${first} Bemiddelaar):contains(${second} Bemiddelaar)`;

/** Propose, and lift the filter that leaves nobody. */
function proposeWithoutLanguage() {
    return [
        click("propose", ".o_form_view button[name=action_couple]:contains(Duo voorstellen)"),
        see("nobody fits", ".modal .o_field_widget[name=summary]:contains(Zet een filter uit)"),
        see("this removes them", ".modal .o_field_widget[name=language_effect]:contains(Turks: haalt)"),
        click("lift it", ".modal .o_field_widget[name=use_language] input"),
        see("now it would", ".modal .o_field_widget[name=language_effect]:contains(Turks: zou)"),
    ];
}

/** A pair is proposed, invited and answers; one says no, and another takes the place. */
tours.add("buurtbemiddeling_coupling", {
    steps: () => [
        openPage("mediators"),
        see("nobody yet", ".o_form_view .o_field_widget[name=duo_state]:contains(Zonder bemiddelaars)"),
        ...proposeWithoutLanguage(),
        see("why they fit", `${pair("Bea", "Ben")}:contains(Beiden zijn ervaren.)`),
        see("when they can", `${pair("Bea", "Ben")}:contains(Kunnen op: Dinsdagavond)`),
        see(
            "what is not met",
            `${pair("Bea", "Ben")} .alert:contains(Niet elke gewenste taal wordt gesproken.)`
        ),
        see("who can on other days is in no pair", ".modal:not(:has(.o_kanban_record:contains(Dia)))"),
        click("invite these two", `${pair("Bea", "Ben")} button[name=action_invite]`),
        see("both are asked", `${row("Ben")}:contains(Uitgenodigd)`),
        see("and we wait", ".o_form_view .o_field_widget[name=duo_state]:contains(Wacht op antwoord)"),
        see("nobody else is looked for", ".o_form_view:not(:has(button[name=action_couple]))"),
        ...accept("Bea"),
        click("Ben says no", `${row("Ben")} button[name=action_decline]`),
        click(
            "he has no time",
            ".modal .o_field_widget[name=reason_id] .form-check:contains(Geen tijd) input"
        ),
        click("note it", ".modal footer button[name=action_decline]"),
        see("the row keeps why", `${row("Ben")}:contains(Doet niet mee):contains(Geen tijd)`),
        see("a gap", ".o_form_view .o_field_widget[name=duo_state]:contains(Er ontbreekt een)"),
        ...proposeWithoutLanguage(),
        see("with whom", ".modal .o_field_widget[name=present_id]:contains(Bea)"),
        see("not Ben again", ".modal:not(:has(.o_kanban_record:contains(Ben)))"),
        click("ask Cor", `${pair("Bea", "Cor")} button[name=action_invite]`),
        ...accept("Cor"),
        see("a pair", ".o_form_view .o_field_widget[name=duo_state]:contains(Compleet)"),
        inPhase("stage_id", "Toegewezen"),
    ],
});

// ------------------------------------------------------------
// ON A PHONE
// ------------------------------------------------------------

const person = (name) => `.o_kanban_record:contains(${name})`;

// a tap is done when the buttons can be used again
const ready = see("done", ".o_control_panel button[name=action_all_present]:enabled");

/** The evening of the training: a tap for who is there. */
tours.add("buurtbemiddeling_attendance_phone", {
    steps: () => [
        click("this evening", ".o_kanban_record:contains(Basistraining):contains(Buurthuis)"),
        click("who is there", ".o_form_view button[name=action_open_attendance]"),
        click("Anna is there", person("Anna")),
        see("so it says", `${person("Anna")}:contains(Aanwezig)`),
        ready,
        click("Bram let us know", `${person("Bram")} button[name=action_excused]`),
        see("so it says", `${person("Bram")}:contains(Afgemeld)`),
        ready,
        click("a tap by mistake", person("Chris")),
        see("present", `${person("Chris")}:contains(Aanwezig)`),
        ready,
        click("once more", person("Chris")),
        see("absent", `${person("Chris")}:contains(Afwezig)`),
        ready,
        click("all others", ".o_control_panel button[name=action_all_present]"),
        see("the others too", `${person("Dora")}:contains(Aanwezig)`),
        see("who was noted stays", `${person("Bram")}:contains(Afgemeld)`),
        see("and so does who was absent", `${person("Chris")}:contains(Afwezig)`),
    ],
});

/** A pair is found and answers, with one hand. */
tours.add("buurtbemiddeling_coupling_phone", {
    steps: () => [
        openPage("mediators"),
        click("propose", ".o_form_view button[name=action_couple]"),
        click("invite", `${pair("Bea", "Ben")} button[name=action_invite]`),
        ...["Bea", "Ben"].flatMap((name) => {
            const card = `.o_field_widget[name=assignment_ids] .o_kanban_record:contains(${name})`;
            return [
                click(`${name} says yes`, `${card} button[name=action_accept]:contains(Zegt ja)`),
                see(`${name} mediates`, `${card}:contains(Aangenomen)`),
            ];
        }),
        see("it begins by itself", ".o_form_view:not(:has(button[name=action_move_to_assigned]))"),
    ],
});
