import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function see(content, trigger) {
    return { content, trigger };
}

function follow(content, trigger) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

/** Fill in a question; also days and times, of which a browser types the parts apart. */
function fill(name, value) {
    return {
        content: `fill in ${name}`,
        trigger: `[name=${name}]`,
        run() {
            this.anchor.value = value;
        },
    };
}

function choose(name, value) {
    return { content: `choose ${name}`, trigger: `select[name=${name}]`, run: `select ${value}` };
}

/** The page is as wide as the screen: nothing of it is out of sight. */
const fits = {
    content: "no scrolling sideways",
    trigger: "h1",
    run() {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} wide on a screen of ${clientWidth}.`);
        }
    },
};

/** A mediator plans a talk, reports the one of yesterday, and notes expenses and an agreement. */
tours.add("buurtbemiddeling_mediator_work", {
    steps: () => {
        const day = new Date(Date.now() + 7 * 24 * 3600 * 1000).toISOString().slice(0, 10);
        return [
            follow("plan a talk with A", "a[href$='/gesprek?kind=talk_a']"),
            see("a talk with A is at home", "select[name=place]:has(option[value=home_a]:checked)"),
            fits,
            fill("day", day),
            fill("time", "19:30"),
            { content: "invite", trigger: "input[name=invite]", run: "check" },
            follow("plan it", "form button[type=submit]"),
            see("it is planned", "div[role=status]"),
            fits,
            follow("report the talk of yesterday", "a[href*='/verslag?talk=']"),
            choose("outcome", "onward"),
            {
                content: "what was told",
                trigger: "textarea[name^=text_]",
                run: "edit Wil graag weer slapen.",
            },
            fill("hours", "2,5"),
            fits,
            follow("send it", "form button[type=submit]"),
            see("it is with the coordinator", "div[role=status]"),
            see("and on the page", "#mediator_reports details"),
            follow("an agreement", "a[href$='/afspraak']"),
            {
                content: "what they agreed",
                trigger: "textarea[name=name]",
                run: "edit Muziek uit na tienen",
            },
            fits,
            follow("keep it", "form button[type=submit]"),
            see("it is there", "#mediator_agreements li:contains(Muziek uit na tienen)"),
            follow("expenses", "a[href$='/kosten']:not([href='/my/kosten'])"),
            choose("kind", "parking"),
            fill("amount", "4,50"),
            fits,
            follow("claim", "form button[type=submit]"),
            see("it is claimed", "li.list-group-item"),
            fits,
        ];
    },
});
