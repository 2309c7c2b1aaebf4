{
    "name": "Buurtbemiddeling: tests across modules",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "summary": "Journeys in a real browser through all three modules",
    "author": "Buurtbemiddeling voor Odoo",
    "license": "LGPL-3",
    "depends": ["buurtbemiddeling_report"],
    "assets": {
        "web.assets_tests": ["test_buurtbemiddeling/static/tests/tours/**/*"],
    },
}
