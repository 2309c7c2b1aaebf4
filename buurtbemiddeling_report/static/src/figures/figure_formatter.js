import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";

// In a graph of figures 20 is 20 and 75.3 is 75.3: cases have no decimals.
registry
    .category("formatters")
    .add("buurtbemiddeling_figure", (value) =>
        formatFloat(value, { digits: [16, 1], trailingZeros: false })
    );
