"""Self-contained HTML pages."""

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data.errors import ConfigError
from data.store import whole_file, write_json


def twin_of(path: Path) -> Path:
    """Where the JSON of a page lies, beside it; ConfigError where that is the page itself."""
    twin = path.with_suffix(".json")
    if twin == path:
        raise ConfigError(f"{path}: a page must not end in .json: its JSON takes that name; name it .html")
    return twin


def write_page(path: Path, page: str, value: Any) -> None:
    """Writes a page, and its value as JSON beside it."""
    with whole_file(path) as temporary:
        temporary.write_text(page, "utf-8")
    write_json(twin_of(path), value)


def render(template: str, **values: Any) -> str:
    """One HTML page out of a template of this folder; every value is escaped, a missing one raises."""
    return _environment().get_template(template).render(**values)


@lru_cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(number=number, percent=percent, compact=compact, words=words)
    environment.globals["ticks"] = ticks
    return environment


def number(value: float | None) -> str:
    """A count with thousands marked, or a score with two decimals; a dash for None.

    >>> number(49834), number(0.4567), number(None)
    ('49,834', '0.46', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def percent(share: float | None) -> str:
    """A share in [0, 1] as per cent, finer where it is near 0 or 1; a dash for None.

    >>> percent(0.4567), percent(0.026), percent(0.0001), percent(0.9996), percent(1)
    ('46%', '2.6%', '<0.1%', '>99.9%', '100%')
    """
    if share is None or math.isnan(share):
        return "–"
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    fine = 0 < share < 0.0995 or 0.9905 < share < 1
    return f"{share:.1%}" if fine else f"{share:.0%}"


def compact(value: float) -> str:
    """A number short enough for an axis.

    >>> compact(1500), compact(250000), compact(3e6), compact(0.25), compact(40)
    ('1.5k', '250k', '3M', '0.25', '40')
    """
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if abs(value) >= size:
            return f"{value / size:.4g}{unit}"
    return f"{value:.4g}"


def words(name: str) -> str:
    """A label's or task's name as people read it.

    >>> words("refund_compensation")
    'refund compensation'
    """
    return name.replace("_", " ")


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round axis marks that enclose [low, high]: 1, 2 or 5 times a power of ten apart.

    >>> ticks(0, 87)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> ticks(0.62, 0.81)
    [0.6, 0.65, 0.7, 0.75, 0.8, 0.85]
    """
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(step * power for step in (1, 2, 5, 10) if step * power * most >= span)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]
