import { registry } from "@web/core/registry";
import { click } from "@test_buurtbemiddeling/../tests/tours/steps";

const tours = registry.category("web_tour.tours");

function see(content, trigger) {
    return { content, trigger };
}

/** Go on to another page of the portal. */
function follow(content, trigger) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

function fitsTheScreen() {
    return {
        content: "nothing is wider than the screen",
        trigger: "body",
        run() {
            if (document.documentElement.scrollWidth > window.innerWidth) {
                throw new Error(`This page is wider than the screen: ${location.pathname}`);
            }
        },
    };
}

/** A mediator says yes to one case and no to another, and finds what is needed for a visit. */
tours.add("buurtbemiddeling_mediator", {
    steps: () => [
        follow("the entry on the portal", "a[href='/my/bemiddelingen']:contains(Bemiddelingen)"),
        see("the invitations", "h2:contains(Wil je dit doen?)"),
        fitsTheScreen(),
        follow("open the first", ".card a:contains(Nieuwe zaak in Rozenbuurt):first"),
        see("who is the colleague", "dd:contains(Ben Bemiddelaar)"),
        see("it tells no name", "body:not(:contains(Anneke))"),
        fitsTheScreen(),
        follow("yes", "button:contains(Ja, ik doe het)"),
        see("it is the case now", ".alert-success:contains(jouw zaak)"),
        see("what to do now", ".alert-info:contains(Wacht tot er een tweede bemiddelaar is)"),
        see("the reporter", "section:contains(Anneke de Melder):contains(Rozenlaan 12)"),
        see("what was shared", "dd:contains(Achterom graag)"),
        see("the colleague is there only after a yes", "p:contains(nog geen andere bemiddelaar)"),
        fitsTheScreen(),
        click("open the question", "summary:contains(Ik ken een van deze mensen)"),
        see("it can be told", "button:contains(Aan de coördinator doorgeven)"),
        follow("back", "a:contains(Mijn bemiddelingen)"),
        see("the case is among mine", "h3 a:contains(-0)"),
        follow("the other invitation", ".card a:contains(Nieuwe zaak)"),
        click("no", "summary:contains(Nee, deze keer niet)"),
        click("why", "label:contains(Geen tijd)"),
        fitsTheScreen(),
        follow("say no", "button:contains(Nee zeggen)"),
        see("thank you", ".alert-success:contains(Bedankt voor je antwoord)"),
        see("nothing is asked any more", "body:not(:contains(Wil je dit doen?))"),
    ],
});
