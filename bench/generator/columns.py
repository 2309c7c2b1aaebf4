"""The tables that a case fills, in the order in which rows refer to each other.

`...` stands for a value that every row says; anything else is what a row has when it does not say.
Columns that are not here are empty, as the ORM leaves them in a case like ours.
"""

TRACE = dict.fromkeys(("create_uid", "create_date", "write_uid", "write_date"), ...)


def columns(said, **others):
    """`{column: ...}` for those that every row says, with the values of the others."""
    return {**dict.fromkeys(said.split(), ...), **others}


TABLES = {
    "res_partner": columns(
        "id name complete_name commercial_partner_id street zip city phone email email_normalized"
        " country_id company_id lang calendar_last_notif_ack",
        tz="Europe/Amsterdam", type="contact", active=True, is_company=False, partner_share=True,
        is_confidential=True, color=0, message_bounce=0, **TRACE,
    ),
    "buurtbemiddeling_case": columns(
        "id company_id name user_id registration_date channel referral_partner_id"
        " referral_contact_id referrer_type_id tipped_by_type_id quarrel_duration escalation"
        " area_id municipality_id project_id main_nuisance_type_id talked_with_neighbour"
        " stage_id stage_date stage_deadline is_closed waiting_reason close_date outcome_id"
        " intervention_id own_days waiting_days last_contact_date intake_decision"
        " intake_reason_id intake_date intake_norm_days intake_deadline is_complex last_talk_date"
        " aftercare_from aftercare_until aftercare_planned_date aftercare_date"
        " aftercare_outcome_id aftercare_state referrer_ref receipt_date feedback_consent"
        " feedback_date feedback_state",
        active=True, duo_state="none", **TRACE,
    ),
    "buurtbemiddeling_case_nuisance_type_rel": columns("case_id nuisance_type_id"),
    "buurtbemiddeling_case_complexity_rel": columns("case_id complexity_id"),
    "buurtbemiddeling_case_contraindication_rel": columns("case_id contraindication_id"),
    "buurtbemiddeling_case_party": columns(
        "id case_id company_id side postcode_key street_key tenure landlord_id household age_band"
        " language_id",
        sequence=10, no_mail=False, willing="unknown", feedback_consent="not_asked",
        **dict.fromkeys((
            "partner_id", "street", "zip", "city", "home_relation", "story", "consent_date",
            "referral_consent_date", "informed_date", "feedback_consent_date", "closing_result",
            "aftercare_result", "aftercare_date",
        )),
        **TRACE,
    ),
    "buurtbemiddeling_case_phase": columns(
        "id case_id company_id stage_id date_from date_to norm_days deadline user_id"
        " waiting_reason outcome_id aftercare_date aftercare_outcome_id feedback_date own_days"
        " waiting_days",
        **TRACE,
    ),
    "buurtbemiddeling_case_pause": columns(
        "id case_id company_id date_from date_to reason", **TRACE
    ),
    "buurtbemiddeling_approach": columns(
        "id case_id company_id party_id date mode outcome user_id", **TRACE
    ),
    "buurtbemiddeling_case_agreement": columns(
        "id case_id company_id name who kept kept_date", sequence=10, **TRACE
    ),
    "buurtbemiddeling_feedback": columns(
        "id case_id company_id referral_partner_id recipient_id kind mode date user_id wording_id"
        " text",
        **TRACE,
    ),
    "calendar_event": columns(
        "id name user_id start stop duration",
        privacy="private", show_as="busy", active=True, allday=False, location="",
        follow_recurrence=False, res_id=0, **TRACE,
    ),
    "calendar_event_res_partner_rel": columns("calendar_event_id res_partner_id"),
    "calendar_attendee": columns(
        "id event_id partner_id common_name access_token", state="accepted", **TRACE
    ),
    "buurtbemiddeling_meeting": columns(
        "id case_id company_id kind side start duration stop place state outcome event_id"
        " invited_date",
        **TRACE,
    ),
    "buurtbemiddeling_meeting_invited_party_rel": columns("meeting_id party_id"),
    "mail_activity": columns(
        "id res_model res_model_id res_id res_name activity_type_id summary date_deadline"
        " date_done active user_id",
        user_tz="Europe/Amsterdam", automated=True, **TRACE,
    ),
    "buurtbemiddeling_onward_referral": columns(
        "id case_id company_id party_id referral_partner_id partner_id date is_warm consent_date"
        " return_date state activity_id",
        is_emergency=None, **TRACE,
    ),
    "mail_followers": columns("id res_model res_id partner_id"),
    "mail_followers_mail_message_subtype_rel": columns(
        "mail_followers_id mail_message_subtype_id"
    ),
    "mail_message": columns(
        "id date body model res_id message_type subtype_id message_id author_id email_from",
        parent_id=None, record_company_id=None, mail_activity_type_id=None, subject=None,
        is_internal=None, email_add_signature=True, reply_to=None, **TRACE,
    ),
    "mail_message_res_partner_rel": columns("mail_message_id res_partner_id"),
    "mail_notification": columns(
        "id mail_message_id res_partner_id author_id read_date",
        notification_type="email", notification_status="sent", is_read=True,
    ),
    "mail_tracking_value": columns(
        "id mail_message_id field_id old_value_char new_value_char",
        old_value_integer=None, new_value_integer=None, **TRACE,
    ),
}  # fmt: skip
