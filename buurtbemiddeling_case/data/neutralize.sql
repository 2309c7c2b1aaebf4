-- a copy takes nothing in, and opens to nobody outside
UPDATE res_company
   SET buurtbemiddeling_request_form = false,
       buurtbemiddeling_sms = false;

-- nobody works in a copy by mistake: mediators and referrers have no password there
UPDATE res_users
   SET password = NULL
 WHERE share;

-- a link that was mailed opens the real database, not the copy
UPDATE buurtbemiddeling_referral_link
   SET revoked_on = now() AT TIME ZONE 'UTC'
 WHERE used_on IS NULL
   AND revoked_on IS NULL;

-- what waited to be sent is sent by the real database
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state IN ('outgoing', 'exception');

DELETE FROM mail_scheduled_message;

-- the name at which mail becomes a request is that of the real database
UPDATE mail_alias
   SET alias_name = NULL
 WHERE id IN (SELECT buurtbemiddeling_alias_id FROM res_company);

DO $$
BEGIN
    IF to_regclass('sms_sms') IS NOT NULL THEN
        UPDATE sms_sms SET state = 'canceled' WHERE state IN ('outgoing', 'error', 'process');
    END IF;
END
$$;
