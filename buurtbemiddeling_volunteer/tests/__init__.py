from . import test_access_rights
from . import test_assignment
from . import test_case
from . import test_document
from . import test_meeting
from . import test_performance
from . import test_training
from . import test_volunteer
