"""Charts of figures, drawn to SVG on the server by Altair and vl-convert (`ui.md` 3).

No style attribute, no script: strict CSP holds. Each chart is one image with a title and a description; its
values stand in a table beside it. A suppressed value is absent from the drawing, not hidden in it. Drawings are
kept in the cache under a hash of everything drawn, so a changed figure is a new drawing. Altair takes seconds to
load, so each chart loads it where it is described.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    import altair as alt

WIDE, NARROW, PAPER = 900, 300, 660
"""Drawn widths in px, for a desktop page, a phone and paper: scaled-down text would be unreadable."""

MOST_COLOURS = 6
"""More lines than this cannot be told apart; then all are grey but the one that is looked for."""

# Okabe and Ito's colours, dark enough on white; shapes repeat the same distinction without colour.
COLOURS = ["#005b8f", "#b54708", "#00694f", "#7a3e9d", "#8a6100", "#444444"]
STACK = ["#00694f", "#a86400", "#8b0a03", "#5c5c5c"]
GREY = "#8d9297"
INK = "#1b1b1b"
FONT = "Source Sans Pro Web, Source Sans Pro, Helvetica Neue, Helvetica, Arial, sans-serif"
KEEP_SECONDS = 30 * 24 * 3600
ALT_TEXT = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


@dataclass(frozen=True)
class Point:
    """One value of one site in one month; None where there is none to show."""

    series: str
    month: dt.date
    value: float | None


def bar_chart(
    rows: Sequence[tuple[str, float]], *, title: str, description: str, width: int = PAPER
) -> SafeString:
    """Horizontal bars with their values printed on them, in the order given."""
    import altair as alt

    data = alt.Data(values=[{"label": label, "value": value} for label, value in rows])
    labels = [label for label, _ in rows]
    base = alt.Chart(data).encode(
        y=alt.Y(
            "label:N",
            sort=labels,
            title=None,
            axis=alt.Axis(labelLimit=int(width * 0.5), ticks=False, domain=False),
        ),
        x=alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domainMin=0)),
    )
    bars = base.mark_bar(color=COLOURS[0], height={"band": 0.7})
    text = base.mark_text(align="left", dx=5, color=INK).encode(text="value:Q")
    chart = (bars + text).properties(width=int(width * 0.5), height=max(len(rows), 1) * 30)
    return _svg(chart, title, description)


def stacked_chart(
    points: Iterable[Point], *, order: Sequence[str], title: str, description: str, width: int = WIDE
) -> SafeString:
    """One bar for each month, its parts on top of each other in this order, with their numbers in them."""
    import altair as alt

    points = list(points)
    rows = [
        {"part": p.series, "place": order.index(p.series), "month": f"{p.month:%b %Y}", "value": p.value}
        for p in points
        if p.value
    ]
    months = list(dict.fromkeys(f"{p.month:%b %Y}" for p in points))
    legend = alt.Legend(title=None, orient="bottom", columns=2 if width < WIDE else 4)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "month:N",
            sort=months,
            title=None,
            axis=alt.Axis(labelAngle=0 if width >= WIDE else -90),
            scale=alt.Scale(domain=months),
        ),
        y=alt.Y("value:Q", title=None, stack="zero", axis=alt.Axis(tickMinStep=1, tickCount=5, domain=False)),
        order="place:Q",
    )
    colours = alt.Scale(domain=list(order), range=[STACK[n] for n in range(len(order))])
    bars = base.mark_bar(width={"band": 0.6}).encode(color=alt.Color("part:N", scale=colours, legend=legend))
    numbers = base.mark_text(color="white", fontWeight="bold").encode(
        y=alt.Y("value:Q", stack="zero", bandPosition=0.5), text="value:Q"
    )
    return _svg((bars + numbers).properties(width=width - 60, height=200), title, description)


def trend_chart(
    points: Iterable[Point], *, title: str, description: str, highlight: str = "", width: int = WIDE
) -> SafeString:
    """One line for each site over months; a missing or suppressed month breaks the line."""
    import altair as alt

    points = list(points)
    rows = [{"site": p.series, "month": f"{p.month:%Y-%m-%d}", "value": p.value} for p in points]
    is_whole = all(p.value is None or p.value == int(p.value) for p in points)
    sites = sorted({p.series for p in points})
    domain = [highlight] if len(sites) > MOST_COLOURS and highlight else sites[:MOST_COLOURS]
    shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
    legend = alt.Legend(title=None, orient="bottom", columns=2 if width < WIDE else 4, symbolSize=110)
    lines = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "month:T",
            timeUnit="utcyearmonth",
            title=None,
            axis=alt.Axis(format="%b %Y", tickCount=width // 110, grid=False),
        ),
        y=alt.Y(
            "value:Q",
            title=None,
            scale=alt.Scale(domainMin=0),
            axis=alt.Axis(tickCount=5, domain=False, tickMinStep=1 if is_whole else 0),
        ),
        detail="site:N",
    )
    shown = alt.FieldOneOfPredicate(field="site", oneOf=domain)
    grey = lines.transform_filter(alt.LogicalNotPredicate(**{"not": shown})).mark_line(
        color=GREY, strokeWidth=1
    )
    bold = (
        lines.transform_filter(shown)
        .mark_line(point={"size": 70, "filled": True}, strokeWidth=2.5)
        .encode(
            color=alt.Color(
                "site:N", scale=alt.Scale(domain=domain, range=COLOURS[: len(domain)]), legend=legend
            ),
            shape=alt.Shape(
                "site:N", scale=alt.Scale(domain=domain, range=shapes[: len(domain)]), legend=legend
            ),
        )
    )
    layers = bold if len(sites) <= MOST_COLOURS else grey + bold
    return _svg(layers.properties(width=width - 60, height=240), title, description)


def _svg(chart: alt.Chart | alt.LayerChart, title: str, description: str) -> SafeString:
    spec = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=15, labelColor=INK, gridColor="#dfe1e2", labelPadding=6)
        .configure_legend(labelFontSize=15, labelColor=INK)
        .configure_text(fontSize=15)
        .to_dict()
    )
    name = hashlib.sha256(json.dumps([spec, title, description], sort_keys=True).encode()).hexdigest()[:20]
    return mark_safe(  # noqa: S308
        cache.get_or_set(f"chart-{name}", lambda: _draw(spec, name, title, description), KEEP_SECONDS)
    )


def _draw(spec: dict, name: str, title: str, description: str) -> str:
    """One image to a screen reader: its own title and description, nothing of the drawing's inside."""
    import vl_convert

    drawn = ALT_TEXT.sub("", vl_convert.vegalite_to_svg(spec))
    words = format_html(
        ' role="img" aria-labelledby="c{0}-t c{0}-d"><title id="c{0}-t">{1}</title><desc id="c{0}-d">{2}</desc>',
        name, title, description,
    )  # fmt: skip
    head, _, rest = drawn.partition(">")
    return f"{head}{words}{rest}"
