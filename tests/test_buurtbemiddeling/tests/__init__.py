from . import test_first_journey
