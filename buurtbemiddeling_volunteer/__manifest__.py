{
    "name": "Buurtbemiddeling: volunteers",
    "version": "19.0.1.0.0",
    "category": "Services/Buurtbemiddeling",
    "summary": "Volunteer mediators: recruitment, training, and who mediates in which case",
    "author": "Buurtbemiddeling voor Odoo",
    "license": "LGPL-3",
    "depends": ["buurtbemiddeling_case"],
    "data": [
        "security/buurtbemiddeling_volunteer_rules.xml",
        "security/ir.model.access.csv",

        "data/buurtbemiddeling_volunteer_stage_data.xml",
        "data/buurtbemiddeling_competence_data.xml",
        "data/buurtbemiddeling_jubilee_data.xml",
        "data/buurtbemiddeling_thanks_occasion_data.xml",
        "data/buurtbemiddeling_attention_keep_data.xml",

        "report/buurtbemiddeling_thanks_report.xml",

        "wizard/buurtbemiddeling_settings_views.xml",
        "wizard/buurtbemiddeling_thanks_compose_views.xml",
        "wizard/buurtbemiddeling_forecast_views.xml",

        "views/buurtbemiddeling_assignment_views.xml",
        "views/buurtbemiddeling_volunteer_views.xml",
        "views/buurtbemiddeling_training_views.xml",
        "views/buurtbemiddeling_training_session_views.xml",
        "views/buurtbemiddeling_code_list_views.xml",
        "views/buurtbemiddeling_case_views.xml",
        "views/buurtbemiddeling_thanks_views.xml",
        "views/buurtbemiddeling_jubilee_views.xml",
        "views/buurtbemiddeling_volunteer_load_views.xml",
        "views/buurtbemiddeling_population_views.xml",
        "views/buurtbemiddeling_pool_mirror_views.xml",
        "views/buurtbemiddeling_volunteer_menus.xml",
    ],
    "demo": [
        "demo/buurtbemiddeling_training_demo.xml",
        "demo/buurtbemiddeling_volunteer_demo.xml",
        "demo/res_users_demo.xml",
    ],
}
