from . import buurtbemiddeling_demo_money_mixin
from . import buurtbemiddeling_demo_plan_mixin
from . import buurtbemiddeling_demo
