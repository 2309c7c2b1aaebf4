from . import (
    test_contract,
    test_first_journey,
    test_menus,
    test_merge_contacts,
    test_project,
    test_referral,
    test_screens,
    test_volunteers,
)
