from . import buurtbemiddeling_demo
from . import buurtbemiddeling_demo_money
