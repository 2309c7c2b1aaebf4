from . import buurtbemiddeling_download
from . import buurtbemiddeling_referral_card
