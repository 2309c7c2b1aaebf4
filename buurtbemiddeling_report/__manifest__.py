{
    "name": "Buurtbemiddeling: figures",
    "version": "19.0.1.0.0",
    "category": "Services/Buurtbemiddeling",
    "summary": "Benchmark, success rates and breakdowns of neighbour mediation, one truth per figure",
    "author": "Buurtbemiddeling voor Odoo",
    "license": "LGPL-3",
    "depends": ["buurtbemiddeling_volunteer"],
    "data": [
        "security/buurtbemiddeling_report_groups.xml",
        "security/buurtbemiddeling_report_rules.xml",
        "security/ir.model.access.csv",

        "data/buurtbemiddeling_indicator_data.xml",
        "data/buurtbemiddeling_dimension_data.xml",
        "data/buurtbemiddeling_benchmark_reference_data.xml",

        "views/buurtbemiddeling_case_report_views.xml",
        "views/buurtbemiddeling_benchmark_line_views.xml",
        "views/buurtbemiddeling_benchmark_views.xml",
        "views/buurtbemiddeling_benchmark_reference_views.xml",
        "views/buurtbemiddeling_target_views.xml",
        "views/buurtbemiddeling_indicator_views.xml",
        "views/buurtbemiddeling_dimension_views.xml",
        "views/buurtbemiddeling_report_menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/buurtbemiddeling_benchmark_demo.xml",
        "demo/buurtbemiddeling_target_demo.xml",
    ],
}
