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
        "data/mail_template_training_data.xml",
        "data/buurtbemiddeling_attention_training_data.xml",

        "report/buurtbemiddeling_certificate_report.xml",

        "data/buurtbemiddeling_attention_work_data.xml",

        "report/buurtbemiddeling_case_cards_report.xml",
        "wizard/buurtbemiddeling_expense_export_wizard_views.xml",
        "wizard/buurtbemiddeling_settings_views.xml",
        "wizard/buurtbemiddeling_training_invite_views.xml",

        "views/buurtbemiddeling_assignment_views.xml",
        "views/buurtbemiddeling_volunteer_views.xml",
        "views/buurtbemiddeling_training_views.xml",
        "views/buurtbemiddeling_training_attendance_views.xml",
        "views/buurtbemiddeling_training_enrolment_views.xml",
        "views/buurtbemiddeling_training_session_views.xml",
        "views/buurtbemiddeling_learning_goal_views.xml",
        "views/buurtbemiddeling_study_day_views.xml",
        "views/buurtbemiddeling_code_list_views.xml",
        "views/buurtbemiddeling_case_views.xml",
        "views/buurtbemiddeling_visit_report_views.xml",
        "views/buurtbemiddeling_debrief_views.xml",
        "views/buurtbemiddeling_expense_views.xml",
        "views/buurtbemiddeling_expense_export_views.xml",
        "views/buurtbemiddeling_coach_note_views.xml",
        "views/buurtbemiddeling_volunteer_menus.xml",
    ],
    "demo": [
        "demo/buurtbemiddeling_training_demo.xml",
        "demo/buurtbemiddeling_volunteer_demo.xml",
        "demo/res_users_demo.xml",
    ],
}
