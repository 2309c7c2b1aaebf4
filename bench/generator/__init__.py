"""A believable country, the same each time: organisations, volunteers, ten years of cases.

Rows are written with COPY, with the values that the ORM would have stored; a test computes them
again on a sample and finds no difference.
"""
