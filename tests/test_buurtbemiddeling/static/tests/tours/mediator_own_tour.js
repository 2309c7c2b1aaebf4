import { registry } from "@web/core/registry";

function go(content, trigger) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

/** The page is there, and nothing sticks out of the side of a small phone. */
function see(content, trigger) {
    return {
        content,
        trigger,
        run() {
            const page = document.documentElement;
            if (page.scrollWidth > page.clientWidth) {
                throw new Error(`${content}: the page is wider than the screen`);
            }
        },
    };
}

const home = go("back to the overview", ".o_bb_door a[href='/my/bemiddelingen']");

registry.category("web_tour.tours").add("buurtbemiddeling_mediator_own", {
    steps: () => [
        go("my trainings", "#mediator_more a[href='/my/trainingen']"),
        see("an invitation", "#invitations"),
        go("I will come", "button[name=answer][value=accept]"),
        see("I am told so", ".alert-success"),
        home,
        go("when I can", "#mediator_more a[href='/my/beschikbaar']"),
        see("my week", "#week"),
        { content: "three cases", trigger: "#max_cases", run: "edit 3" },
        go("save", "form[action='/my/beschikbaar'] button[type=submit]"),
        see("it is saved", ".alert-success"),
        home,
        go("the protocol", "#mediator_more a[href='/my/protocol']"),
        see("its text", ".o_bb_door [role=region]"),
        { content: "I have read it", trigger: "#agree", run: "click" },
        go("I accept it", ".o_bb_door form button[type=submit]"),
        see("it is accepted", ".alert-success"),
        home,
        go("my calendar", "#mediator_more a[href='/my/agenda']"),
        see("how to add it", "#how"),
        go("make a link", "button[name=action][value=make]"),
        see("the link", "#feed_link"),
        home,
        go("my profile", "#mediator_more a[href='/my/profiel']"),
        see("what is kept", "#kept"),
    ],
});
