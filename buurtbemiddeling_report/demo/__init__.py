from . import buurtbemiddeling_demo
from . import buurtbemiddeling_plan_demo
