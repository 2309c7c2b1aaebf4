import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const STEPS = "buurtbemiddeling.start.step";
const TOURS = "web_tour.tour";
const FIRST_CASE = "buurtbemiddeling_first_case";

/**
 * How far the guided start is: above its steps, and for an administrator above My day. There a
 * coordinator who is new gets a walk through a first case offered.
 */
class StartLine extends Component {
    static template = "buurtbemiddeling_case.StartLine";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ progress: false, isWalkOffered: false });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    get isOnSteps() {
        return this.props.list.resModel === STEPS;
    }

    get isProgressShown() {
        return this.state.progress && (this.isOnSteps || !this.state.progress.is_away);
    }

    async load() {
        this.state.progress = await this.orm.call(STEPS, "get_progress", [!this.isOnSteps]);
        this.state.isWalkOffered =
            !this.isOnSteps &&
            !this.isProgressShown &&
            (await this.orm.call(TOURS, "is_first_case_offered"));
    }

    open() {
        return this.action.doAction("buurtbemiddeling_case.buurtbemiddeling_start_step_action");
    }

    walk() {
        return this.action.doAction("buurtbemiddeling_case.start_action_first_case");
    }

    async putWalkAway() {
        await this.orm.call(TOURS, "consume", [FIRST_CASE]);
        await this.load();
    }

    async putAway() {
        await this.orm.call(STEPS, "put_away");
        await this.load();
    }
}

class StartKanbanRenderer extends KanbanRenderer {
    static template = "buurtbemiddeling_case.StartKanbanRenderer";
    static components = { ...KanbanRenderer.components, StartLine };
}

registry.category("views").add("buurtbemiddeling_start_kanban", {
    ...kanbanView,
    Renderer: StartKanbanRenderer,
});
