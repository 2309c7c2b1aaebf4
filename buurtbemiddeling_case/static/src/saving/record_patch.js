import { markRaw } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";

const COMPARED = [
    "boolean", "char", "date", "datetime", "float", "html", "integer", "many2one", "monetary",
    "selection", "text",
];

/** Odoo does not send what a screen only shows, such as what was worked out from the rest. */
function isSaved(record, name) {
    const shown = record.activeFields[name];
    return !shown || shown.forceSave || !record._isReadonly(name);
}

/**
 * Collect what somebody changes in a record and in the rows of its lists.
 *
 * @param {Record} record
 * @param {Object} [seen] `{model: {id: {field: [what it was on the screen, what it becomes]}}}`
 */
function collectSeen(record, seen = {}) {
    const fields = {};
    for (const [name, value] of Object.entries(record._changes)) {
        const { type } = record.fields[name];
        if (type === "one2many" || type === "many2many") {
            // also the rows on other pages of the list
            Object.values(value._cache)
                .filter((row) => value.currentIds.includes(row.resId))
                .forEach((row) => collectSeen(row, seen));
        } else if (COMPARED.includes(type) && name in record._values && isSaved(record, name)) {
            const format = (each) => record._formatServerValue(type, each);
            fields[name] = [format(record._values[name]), format(value)];
        }
    }
    if (record.resId && Object.keys(fields).length) {
        (seen[record.resModel] ??= {})[record.resId] = fields;
    }
    return seen;
}

// Two colleagues may have the same case open. Odoo lets the last one who saves win; with what was
// on the screen the server can say that a colleague was first, and nothing is lost.
patch(Record.prototype, {
    get context() {
        return this.seen ? { ...super.context, buurtbemiddeling_seen: this.seen } : super.context;
    },

    async _save() {
        if (this.resId && this.resModel.startsWith("buurtbemiddeling.")) {
            this.seen = collectSeen(this);
        }
        const { _values: values, _changes: changes } = this;
        try {
            const done = await super._save(...arguments);
            if (done && this.model._urgentSave) {
                this._values = markRaw({ ...values, ...changes }); // Odoo does not read it again
            }
            return done;
        } catch (error) {
            this.isOld = Boolean(this.seen);
            throw error;
        } finally {
            delete this.seen;
        }
    },

    async discard() {
        await super.discard(...arguments);
        if (this.isOld) {
            this.isOld = false;
            await this.load(); // what the colleague saved
        }
    },
});
