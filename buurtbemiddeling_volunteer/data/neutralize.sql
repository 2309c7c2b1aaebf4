-- a copy takes no applications
UPDATE res_company
   SET buurtbemiddeling_application_form = false;

-- the calendar of a volunteer is fed by the real database, not by the copy
UPDATE buurtbemiddeling_volunteer
   SET feed_key = NULL,
       feed_date = NULL;
