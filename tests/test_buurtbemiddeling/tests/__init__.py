from . import (
    test_contract,
    test_first_journey,
    test_mediator_work,
    test_mediators,
    test_menus,
    test_merge_contacts,
    test_project,
    test_screens,
    test_volunteers,
)
