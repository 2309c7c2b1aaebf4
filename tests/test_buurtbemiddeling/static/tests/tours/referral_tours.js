import { registry } from "@web/core/registry";
import { click } from "@test_buurtbemiddeling/../tests/tours/steps";

const see = (content, trigger) => ({ content, trigger });

const fill = (what, field, text) => ({
    content: what,
    trigger: `#${field}`,
    run: `edit ${text}`,
});

/** The form: what a resident agreed to, and a mistake that is put right. */
const refer = [
    fill("the resident", "name", "Anneke de Melder"),
    fill("of whom there is a phone number", "phone", "bel me"),
    fill("and a street", "street", "Rozenlaan 12"),
    click("what it is about", "#nuisances"),
    fill("the referrer's own number", "reference", "WR-2026-7"),
    click("the resident said yes", "input[name=feedback][value=yes]"),
    click("and agreed", "#consent"),
    { ...click("refer", "form button[type=submit]"), expectUnloadPage: true },
    see("what is wrong stands at the top", "#door_errors a[href='#phone']"),
    see("nothing was lost", "#name:value(Anneke de Melder)"),
    fill("a number", "phone", "06 0000 0123"),
    { ...click("once more", "form button[type=submit]"), expectUnloadPage: true },
];

registry.category("web_tour.tours").add("buurtbemiddeling_referral", {
    steps: () => [
        { ...click("my referrals", ".o_portal_my_home a[href='/my/verwijzingen']"), expectUnloadPage: true },
        { ...click("refer", "a[href='/my/verwijzingen/nieuw']"), expectUnloadPage: true },
        ...refer,
        see("it has arrived", ".alert-success"),
        { ...click("look at it", "li.card h2 a"), expectUnloadPage: true },
        see("with the referrer's own number", "dd:contains(WR-2026-7)"),
        see("and no name", "main:not(:contains(Anneke))"),
    ],
});

registry.category("web_tour.tours").add("buurtbemiddeling_referral_link", {
    steps: () => [...refer, see("thanked", "h1:not(:has(~ form))"), see("no form any more", "main:not(:has(form[method=post]))")],
});
