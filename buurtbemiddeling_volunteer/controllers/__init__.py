from . import mediator
from . import volunteer_application
from . import mediator_training
from . import mediator_availability
from . import mediator_profile
from . import mediator_protocol
from . import mediator_feed
