"""How large the databases are that we measure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How much of everything a database holds, spread over `years` years up to `Size.last_year`."""

    name: str
    cases: int
    organisations: int
    municipalities: int
    volunteers: int
    years: int = 10
    last_year: int = 2025


# 21,000 cases a year over 342 municipalities; 2,200 a year in the largest organisation, with 266
# mediators (reference: volumes of the field). Mediators that left are in the pool of ten years.
SIZES = {
    size.name: size
    for size in (
        Size("tiny", 200, 2, 4, 16, years=3),  # for tests
        Size("small", 2_000, 1, 4, 60),
        Size("organisation", 22_000, 1, 8, 500),
        Size("country", 210_000, 50, 342, 5_000),
    )
}
