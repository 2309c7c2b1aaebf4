"""Numbers in the old system of cases that were merged become known as such."""

OURS = r"^\d{4}-\d{4,}$"


def migrate(cr, version):
    """Let an import know merged cases again, or it would bring back what was merged.

    Until now these numbers stood among those of the merged cases themselves, and both may look the
    same. The thread of a case says which case it was merged with; of one that was forgotten no
    thread is left, and there what looks like a number of ours is taken for one.
    """
    cr.execute(
        """
        UPDATE buurtbemiddeling_case kept
           SET merged_external_refs = found.numbers
          FROM (SELECT former.id, jsonb_agg(number ORDER BY place) AS numbers
                  FROM buurtbemiddeling_case former
                 CROSS JOIN LATERAL unnest(string_to_array(former.former_numbers, ', '))
                            WITH ORDINALITY AS each(number, place)
                 WHERE former.former_numbers != ''
                   AND (former.anonymized_date IS NULL OR number !~ %s)
                   AND NOT EXISTS (SELECT FROM mail_message message
                                    WHERE message.model = 'buurtbemiddeling.case'
                                      AND message.res_id = former.id
                                      AND message.body ~ 'erged with|amengevoegd met'
                                      AND strpos(message.body, concat(' ', number, ',')) > 0)
                 GROUP BY former.id) found
         WHERE kept.id = found.id AND kept.merged_external_refs IS NULL
        """,
        [OURS],
    )
