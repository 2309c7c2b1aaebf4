import { registry } from "@web/core/registry";
import { click } from "@test_buurtbemiddeling/../tests/tours/steps";

const shown = ".o_bb_step:not(.d-none)";
const see = (content, trigger) => ({ content, trigger });
const fill = (name, text, tag = "input") => ({
    content: name,
    trigger: `${shown} ${tag}[name=${name}]`,
    run: `edit ${text}`,
});
const next = () => click("go on", `${shown} .o_bb_next`);

/** The step has its progress, its heading has the focus, and nothing sticks out sideways. */
function inStep(number, title) {
    return {
        content: `step ${number}`,
        trigger: `${shown}:contains(Stap ${number} van 5):has(h2:contains(${title}))`,
        run() {
            const page = document.documentElement;
            if (page.scrollWidth > page.clientWidth) {
                throw new Error(`The page is ${page.scrollWidth} wide`);
            }
            if (number > 1 && !document.activeElement.matches("h2")) {
                throw new Error("The heading has no focus");
            }
        },
    };
}

registry.category("web_tour.tours").add("buurtbemiddeling_request", {
    steps: () => [
        see("the page is in Dutch", "h1:contains(Vraag hulp bij een conflict met uw buren)"),
        see("one step is shown", "body:has(.o_bb_step.d-none):not(:has(.o_bb_step:eq(1):visible))"),
        inStep(1, "Wat is er aan de hand?"),
        next(),
        see("what is required is asked first", `${shown} input[name=nuisance_types]:invalid`),
        click("noise", `${shown} input[name=nuisance_types][value=GELUID_APPARATUUR]`),
        click("for months", `${shown} input[name=duration][value=months]`),
        click("tried to talk", `${shown} input[name=talked][value=tried]`),
        fill("story", "Elke avond harde muziek.", "textarea"),
        next(),

        inStep(2, "Uw buren"),
        next(),
        see("their address is required", `${shown} input[name=neighbour_street]:invalid`),
        fill("neighbour_street", "Rozenlaan 14"),
        click("they live above", `${shown} input[name=neighbour_lives][value=above]`),
        {
            content: "reload the page",
            trigger: `${shown} .o_bb_next`,
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        see("the same step", `${shown}:contains(Stap 2 van 5)`),
        see("the answer is still there", `${shown} input[name=neighbour_street]:value(Rozenlaan 14)`),
        see("and so is this one", `${shown} input[name=neighbour_lives][value=above]:checked`),
        click("back", `${shown} .o_bb_back`),
        inStep(1, "Wat is er aan de hand?"),
        see("the story", `${shown} textarea:value(Elke avond harde muziek.)`),
        next(),
        inStep(2, "Uw buren"),
        next(),

        inStep(3, "Uw woning"),
        fill("street", "Rozenlaan 12"),
        fill("zip", "4321 ZZ"),
        {
            content: "the Enter key goes on as well, and what is missing is asked first",
            trigger: `${shown} input[name=zip]`,
            run: () => document.querySelector(".o_bb_request").requestSubmit(),
        },
        see("still here", `${shown} input[name=city]:invalid`),
        fill("city", "Rozenstad"),
        click("rents", `${shown} input[name=tenure][value=corporation]`),
        next(),

        inStep(4, "Hoe wij u bereiken"),
        fill("name", "Anneke de Melder"),
        next(),
        see("phone or e-mail is required", `${shown} input[name=phone]:invalid`),
        fill("email", "anneke@example.com"),
        see("in Dutch", `${shown} select[name=language]:value(nl)`),
        next(),

        inStep(5, "Controleren en versturen"),
        ...["apparatuur", "harde muziek", "Rozenlaan 14", "Rozenstad", "anneke@example.com"].map(
            (text) => see(`the summary has ${text}`, `.o_bb_summary dd:contains(${text})`)
        ),
        click("send", `${shown} button[type=submit]`),
        see("consent is required", `${shown} input[name=consent]:invalid`),
        click("agree", `${shown} input[name=consent]`),
        {
            content: "consent is in no draft",
            trigger: `${shown} input[name=consent]:checked`,
            run() {
                const draft = Object.values(window.sessionStorage).join();
                if (!draft.includes("Anneke") || /consent|token|homepage/.test(draft)) {
                    throw new Error(`This is kept: ${draft}`);
                }
            },
        },
        {
            content: "send",
            trigger: `${shown} button[type=submit]:contains(Versturen)`,
            run: "click",
            expectUnloadPage: true,
        },
        see("thank you", "h1:contains(Bedankt)"),
        {
            content: "the number, and no draft any more",
            trigger: ".o_bb_request_sent strong:contains(-0001)",
            run() {
                if (Object.values(window.sessionStorage).join().includes("Anneke")) {
                    throw new Error("The draft is still there");
                }
            },
        },
        {
            content: "someone else may use this computer next, and goes back",
            trigger: "h1:contains(Bedankt)",
            run: () => window.history.back(),
            expectUnloadPage: true,
        },
        inStep(1, "Wat is er aan de hand?"),
        {
            content: "no answer is left",
            trigger: ".o_bb_request:not(:has(input:checked))",
            run() {
                if (document.querySelector(".o_bb_request [name=name]").value) {
                    throw new Error("The name is still there");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("buurtbemiddeling_request_clear", {
    steps: () => [
        click("noise", `${shown} input[name=nuisance_types][value=PARKEREN]`),
        next(),
        inStep(2, "Uw buren"),
        {
            content: "someone else may use this computer next",
            trigger: ".o_bb_clear",
            run: "click",
            expectUnloadPage: true,
        },
        inStep(1, "Wat is er aan de hand?"),
        see("nothing is left", `${shown}:not(:has(input:checked))`),
    ],
});
