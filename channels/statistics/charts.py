"""Draws charts as SVG that stands in the page: no script, no inline style; colours come from the page's style sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pygal
from markupsafe import Markup

_DROPPED = {"style", "script", "desc", "defs", "title"}
_ID = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True)
class Series:
    """One row of bars. name: as the legend says it."""

    name: str
    values: Sequence[int]


def bar_chart(chart_id: str, title: str, labels: Sequence[str], series: Sequence[Series], every: int = 1) -> Markup:
    """Return standing bars, several series on top of each other.

    chart_id: names the chart in the page.  every: only each so many-th label is written.
    """
    kind = pygal.StackedBar if len(series) > 1 else pygal.Bar
    chart = kind(height=260, width=900, x_label_rotation=0, show_minor_x_labels=False, **_settings(series))
    chart.x_labels = list(labels)
    chart.x_labels_major = list(labels)[::every]
    return _draw(chart, chart_id, title, series)


def lying_bars(chart_id: str, title: str, labels: Sequence[str], values: Sequence[int]) -> Markup:
    """Return lying bars, first on top; the number stands beside the label, where a short bar has no room for it."""
    series = [Series(title, list(reversed(values)))]
    chart = pygal.HorizontalBar(height=60 + 30 * len(labels), width=900, **_settings(series))
    named = [f"{label}: {whole_number(value)}" for label, value in zip(labels, values, strict=True)]
    chart.x_labels = list(reversed(named))
    return _draw(chart, chart_id, title, series)


def _settings(series: Sequence[Series]) -> dict[str, Any]:
    highest = max((value for one in series for value in one.values), default=0)
    return {
        "css": [],
        "js": [],
        "pretty_print": False,
        "disable_xml_declaration": True,
        "show_legend": len(series) > 1,
        "legend_at_bottom": True,
        "include_x_axis": True,
        "range": (0, highest) if len(series) == 1 and highest else (0, 1) if not highest else None,
        "margin": 8,
        "spacing": 8,
        "truncate_label": -1,
        "no_data_text": "Chưa có số liệu",
        "formatter": whole_number,
        "value_formatter": whole_number,
    }


def whole_number(value: float | None) -> str:
    """Return a number as Vietnamese pages write it; fractions on an axis say nothing.

    >>> whole_number(12345)
    '12.345'
    """
    if value is None or value != int(value):
        return ""
    return f"{int(value):,}".replace(",", ".")


def _draw(chart: Any, chart_id: str, title: str, series: Sequence[Series]) -> Markup:
    if not _ID.fullmatch(chart_id):
        raise ValueError(chart_id)
    for one in series:
        chart.add(one.name, list(one.values))
    root = chart.render_tree()
    _clean(root)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-label", title)
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _clean(element: ElementTree.Element) -> None:
    """Remove what the page's policy forbids, and what says everything twice to people who listen."""
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag in _DROPPED:
            element.remove(child)
        else:
            _clean(child)
    for attribute in [name for name in element.attrib if name in ("style", "id") or name.startswith("on")]:
        del element.attrib[attribute]
