import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

// of this form only, and to be given anew each time
const NEVER_KEPT = ["csrf_token", "token", "homepage", "consent"];

/** Keep the draft of a form in this tab; some browsers keep nothing at all. */
function keep(key, draft) {
    try {
        browser.sessionStorage.setItem(key, JSON.stringify(draft));
    } catch {
        // this browser keeps nothing
    }
}

// The browser itself fills a page that one comes back to: that the form was sent, or cleared, is
// kept instead of the draft, for who uses this computer next.
const dropDraft = (key) => keep(key, { isGone: true });

/**
 * The form for residents, one step at a time.
 *
 * The answers are kept in this tab of the browser only, so that a reload loses nothing.
 */
export class RequestForm extends Interaction {
    static selector = ".o_bb_request";
    dynamicSelectors = {
        ...this.dynamicSelectors,
        _errors: () => document.querySelectorAll("#door_errors a"),
    };
    dynamicContent = {
        _root: { "t-on-input": this.keepDraft, "t-on-submit": this.onSubmit },
        _errors: { "t-on-click": this.onErrorClick },
        ".o_bb_scripted": { "t-att-class": () => ({ "d-none": false }) },
        ".o_bb_step": { "t-att-class": (el) => ({ "d-none": el !== this.step }) },
        ".progress-bar": { "t-att-style": () => ({ width: `${this.progress}%` }) },
        ".o_bb_back": { "t-on-click": () => this.show(this.index - 1) },
        ".o_bb_next": { "t-on-click": this.goOn },
        ".o_bb_clear": { "t-on-click": () => dropDraft(this.el.dataset.draft) },
    };

    setup() {
        this.steps = [...this.el.querySelectorAll(".o_bb_step")];
        this.index = this.getFirstStep();
    }

    start() {
        this.el.noValidate = true; // hidden steps are checked one by one, see onSubmit
        this.registerCleanup(() => (this.el.noValidate = false));
        this.fillSummary();
    }

    get step() {
        return this.steps[this.index];
    }

    get progress() {
        return (100 * (this.index + 1)) / this.steps.length;
    }

    /** Where something is wrong, or where the visitor was before a reload. */
    getFirstStep() {
        const last = this.steps.length - 1;
        if (this.el.dataset.new) {
            return Math.min(this.restoreDraft(), last);
        }
        const wrong = this.steps.findIndex((step) => step.querySelector(".is-invalid"));
        return wrong < 0 ? last : wrong;
    }

    show(index) {
        this.index = index;
        this.fillSummary();
        this.keepDraft();
        this.updateContent();
        this.step.querySelector("h2").focus();
        this.step.scrollIntoView();
    }

    goOn() {
        if (this.isComplete(this.step)) {
            this.show(this.index + 1);
        }
    }

    onSubmit(ev) {
        if (this.index < this.steps.length - 1) {
            ev.preventDefault(); // the Enter key
            this.goOn();
            return;
        }
        const wrong = this.steps.findIndex((step) => !this.isComplete(step, false));
        if (wrong >= 0) {
            ev.preventDefault();
            this.show(wrong);
            this.isComplete(this.step);
        }
    }

    /** Bring the question that a line of the error summary is about into view. */
    onErrorClick(ev) {
        const field = document.getElementById(ev.currentTarget.hash.slice(1));
        const index = this.steps.findIndex((step) => step.contains(field));
        if (index >= 0) {
            ev.preventDefault();
            this.show(index);
            field.focus();
        }
    }

    /** Whether all that is required in a step is filled in; if wanted, the browser says what is not. */
    isComplete(step, say = true) {
        for (const group of step.querySelectorAll("[data-one-of]")) {
            const fields = [...group.querySelectorAll("input")];
            const filled = fields.some((field) =>
                field.type === "checkbox" ? field.checked : field.value.trim()
            );
            fields[0].setCustomValidity(filled ? "" : group.dataset.oneOf);
        }
        const fields = [...step.querySelectorAll("input, select, textarea")];
        const wrong = fields.find((field) => !field.checkValidity());
        if (wrong && say) {
            wrong.reportValidity();
        }
        return !wrong;
    }

    //--------------------------------------------------------------------------
    // The draft
    //--------------------------------------------------------------------------

    keepDraft() {
        const answers = {};
        for (const [name, value] of new FormData(this.el)) {
            if (!NEVER_KEPT.includes(name)) {
                (answers[name] ||= []).push(value);
            }
        }
        keep(this.el.dataset.draft, { index: this.index, answers });
    }

    /** Fill in what was kept; returns the step that was shown. */
    restoreDraft() {
        let draft;
        try {
            draft = JSON.parse(browser.sessionStorage.getItem(this.el.dataset.draft));
        } catch {
            // this browser keeps nothing
        }
        if (!draft) {
            return 0;
        }
        if (draft.isGone) {
            this.el.reset();
            return 0;
        }
        for (const field of this.el.elements) {
            if (!field.name || NEVER_KEPT.includes(field.name)) {
                continue;
            }
            const values = draft.answers[field.name] || [];
            if (["checkbox", "radio"].includes(field.type)) {
                field.checked = values.includes(field.value);
            } else {
                field.value = values[0] || "";
            }
        }
        return draft.index;
    }

    //--------------------------------------------------------------------------
    // The summary
    //--------------------------------------------------------------------------

    /** Show in the last step what was answered in the others, as text. */
    fillSummary() {
        const list = document.createElement("dl");
        const questions = "fieldset, label.form-label, .o_bb_step > .form-check > label";
        for (const question of this.el.querySelectorAll(questions)) {
            const answer = this.getAnswer(question);
            if (answer) {
                const label = (question.querySelector("legend") || question).cloneNode(true);
                label.querySelector(".text-muted")?.remove();
                this.addLine(list, "dt", label.textContent);
                this.addLine(list, "dd", answer);
            }
        }
        this.el.querySelector(".o_bb_summary").replaceChildren(list);
    }

    getAnswer(question) {
        if (question.matches("fieldset")) {
            const chosen = [...question.querySelectorAll("input:checked")];
            return chosen.map((field) => field.labels[0].textContent.trim()).join(", ");
        }
        const field = question.control;
        if (field.type === "checkbox") {
            return field.checked && !NEVER_KEPT.includes(field.name) && "✓";
        }
        if (field.matches("select")) {
            return field.value && field.selectedOptions[0].textContent.trim();
        }
        return field.value.trim();
    }

    addLine(list, tag, text) {
        const line = document.createElement(tag);
        line.textContent = text.trim();
        line.classList.add("text-break");
        list.append(line);
    }
}

/** Who sent the form needs no draft any more. */
export class RequestSent extends Interaction {
    static selector = ".o_bb_request_sent";

    start() {
        dropDraft(this.el.dataset.draft);
    }
}

registry.category("public.interactions").add("buurtbemiddeling_case.request_form", RequestForm);
registry.category("public.interactions").add("buurtbemiddeling_case.request_sent", RequestSent);
