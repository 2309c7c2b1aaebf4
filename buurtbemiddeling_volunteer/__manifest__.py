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

        "data/buurtbemiddeling_requirement_data.xml",
        "data/buurtbemiddeling_attention_require_data.xml",
        "data/mail_template_require_data.xml",

        "wizard/buurtbemiddeling_settings_views.xml",
        "wizard/buurtbemiddeling_lapse_decide_views.xml",
        "wizard/buurtbemiddeling_protocol_accept_views.xml",
        "wizard/buurtbemiddeling_volunteer_merge_views.xml",

        "views/buurtbemiddeling_assignment_views.xml",
        "views/buurtbemiddeling_volunteer_views.xml",
        "views/buurtbemiddeling_requirement_views.xml",
        "views/buurtbemiddeling_protocol_views.xml",
        "views/buurtbemiddeling_training_views.xml",
        "views/buurtbemiddeling_training_session_views.xml",
        "views/buurtbemiddeling_code_list_views.xml",
        "views/buurtbemiddeling_case_views.xml",
        "views/buurtbemiddeling_volunteer_menus.xml",
    ],
    "demo": [
        "demo/buurtbemiddeling_training_demo.xml",
        "demo/buurtbemiddeling_volunteer_demo.xml",
        "demo/res_users_demo.xml",
    ],
}
