from . import buurtbemiddeling_case_report
from . import buurtbemiddeling_indicator
from . import buurtbemiddeling_dimension
from . import buurtbemiddeling_benchmark
from . import buurtbemiddeling_benchmark_line
from . import buurtbemiddeling_benchmark_reference
from . import buurtbemiddeling_target
from . import buurtbemiddeling_referral_partner
