from . import mediator
from . import mediator_invitation
from . import volunteer_application
