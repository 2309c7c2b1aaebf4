"""Where one record counts in a breakdown. Knows no records."""

from itertools import product


def places(values):
    """Return the rows of a breakdown under which one record counts, as tuples of text.

    :param values: the record's facts that the breakdown is by: a list where the record has
        several values of a fact (it counts under each), ``None`` or ``[]`` where not recorded

    >>> places([[3, 5], "owner"])
    [('3', 'owner'), ('5', 'owner')]
    >>> places([[], None])
    [(None, None)]
    >>> places([])
    [()]
    """
    choices = [
        [None if each is None else str(each) for each in value] or [None]
        for value in (value if isinstance(value, list) else [value] for value in values)
    ]
    return list(product(*choices))
