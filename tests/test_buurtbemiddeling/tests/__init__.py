from . import (
    test_accessibility,
    test_contract,
    test_doors,
    test_first_journey,
    test_mediators,
    test_menus,
    test_merge_contacts,
    test_project,
    test_request_form,
    test_screens,
    test_volunteers,
    test_website,
)
