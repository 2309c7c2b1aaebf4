import { patch } from "@web/core/utils/patch";
import { ExportDataDialog } from "@web/views/view_dialogs/export_data_dialog";

// Odoo leaves the button disabled after an error. Here the error asks for the reason of the
// export, after which one exports from the same dialog.
patch(ExportDataDialog.prototype, {
    async onClickExportButton() {
        try {
            return await super.onClickExportButton(...arguments);
        } finally {
            this.state.disabled = false;
        }
    },
});
