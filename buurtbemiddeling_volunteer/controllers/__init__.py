from . import mediator
from . import mediator_agreement
from . import mediator_expense
from . import mediator_report
from . import mediator_talk
from . import mediator_invitation
from . import volunteer_application
