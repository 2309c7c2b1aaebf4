from . import buurtbemiddeling_demo
from . import buurtbemiddeling_demo_people
from . import buurtbemiddeling_demo_work
