from . import buurtbemiddeling_demo
from . import buurtbemiddeling_demo_money
from . import buurtbemiddeling_plan_demo
