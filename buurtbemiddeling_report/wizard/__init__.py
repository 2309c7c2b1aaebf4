from . import buurtbemiddeling_referral_card
