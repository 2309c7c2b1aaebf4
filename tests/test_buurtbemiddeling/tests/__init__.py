from . import (
    test_contract,
    test_first_journey,
    test_mediator_own,
    test_menus,
    test_merge_contacts,
    test_project,
    test_screens,
    test_volunteers,
)
