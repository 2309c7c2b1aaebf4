from . import buurtbemiddeling_demo
