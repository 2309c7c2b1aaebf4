"""Who sees figures only no longer reads a total that is too small to show."""


def migrate(cr, version):
    """Narrow the rule, where nobody changed it."""
    cr.execute(
        """
        UPDATE ir_rule
           SET domain_force = %s
          FROM ir_model_data data
         WHERE data.model = 'ir.rule' AND data.res_id = ir_rule.id
           AND data.module = 'buurtbemiddeling_report'
           AND data.name = 'benchmark_line_rule_reporting'
           AND ir_rule.domain_force = %s
        """,
        [
            "[('is_inside_only', '=', False), ('is_small', '=', False),"
            " '|', ('dimension_id', '=', False), ('benchmark_id.state', '=', 'frozen')]",
            "[('is_inside_only', '=', False), '|', ('dimension_id', '=', False),"
            " '&', ('is_small', '=', False), ('benchmark_id.state', '=', 'frozen')]",
        ],
    )
