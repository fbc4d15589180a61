"""A data_visualization block as inline SVG, with a table for those who do not see it."""

from html import escape
from math import cos, pi, sin

from markupsafe import Markup

from playground.workspace import Json

WIDTH, HEIGHT = 480, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 10, 10, 28


def svg(block: Json) -> Markup:
    chart = block["chart"]
    drawn = _pie(chart["segments"]) if chart["type"] == "pie" else _plot(chart)
    title = escape(block["title"])
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<figure class="chart"><figcaption>{title}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{drawn}</svg>{_table(chart)}</figure>'
    )


def _pie(segments: list[Json]) -> str:
    total = sum(segment["value"] for segment in segments) or 1
    radius, x, y = HEIGHT / 2 - 12, HEIGHT / 2, HEIGHT / 2
    angle, shown = -pi / 2, ""
    for index, segment in enumerate(segments):
        share = segment["value"] / total
        # A whole circle has no arc between two different points: stop just short of it.
        end = angle + 2 * pi * min(share, 0.9999)
        start_x, start_y = x + radius * cos(angle), y + radius * sin(angle)
        end_x, end_y = x + radius * cos(end), y + radius * sin(end)
        shown += (
            f'<path class="series-{index}" d="M{x:.1f},{y:.1f} L{start_x:.1f},{start_y:.1f} '
            f'A{radius:.1f},{radius:.1f} 0 {int(share > 0.5)} 1 {end_x:.1f},{end_y:.1f} Z"/>'
        )
        shown += _key(HEIGHT + 20, 30 + index * 26, index, f"{segment['label']} · {segment['value']:g}")
        angle += 2 * pi * share
    return shown


def _plot(chart: Json) -> str:
    categories = chart["axis_config"]["categories"]
    series = chart["series"]
    values: list[float] = [point["value"] for line in series for point in line["data"]]
    low, high = float(min(0, *values)), float(max(0, *values) or 1)
    span_x, span_y = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    slot = span_x / len(categories)

    def y_of(value: float) -> float:
        return _TOP + span_y * (high - value) / (high - low)

    shown = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y_of(mark):.1f}" y2="{y_of(mark):.1f}"/>'
        f'<text class="axis end" x="{_LEFT - 6}" y="{y_of(mark) + 4:.1f}">{mark:g}</text>'
        for mark in dict.fromkeys((low, low + (high - low) / 2, high))
    )
    for index, category in enumerate(categories):
        x = _LEFT + slot * (index + 0.5)
        shown += f'<text class="axis middle" x="{x:.1f}" y="{HEIGHT - 8}">{escape(category)}</text>'
    for index, line in enumerate(series):
        by_label = {point["label"]: point["value"] for point in line["data"]}
        heights = [by_label.get(category, 0) for category in categories]
        if chart["type"] == "bar":
            width = slot * 0.7 / len(series)
            for position, value in enumerate(heights):
                x = _LEFT + slot * (position + 0.15) + width * index
                top, bottom = sorted((y_of(value), y_of(0)))
                shown += (
                    f'<rect class="series-{index}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" '
                    f'height="{bottom - top:.1f}" rx="2"/>'
                )
            continue
        points = [f"{_LEFT + slot * (position + 0.5):.1f},{y_of(value):.1f}" for position, value in enumerate(heights)]
        if chart["type"] == "area":
            base = y_of(0)
            first, last = points[0].split(",")[0], points[-1].split(",")[0]
            outline = f"{first},{base:.1f} {' '.join(points)} {last},{base:.1f}"
            shown += f'<polygon class="series-{index} area" points="{outline}"/>'
        shown += f'<polyline class="series-{index} stroke" points="{" ".join(points)}"/>'
        shown += "".join(
            f'<circle class="series-{index}" cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3"/>'
            for point in points
        )
    return shown


def _key(x: float, y: float, index: int, label: str) -> str:
    return (
        f'<rect class="series-{index}" x="{x}" y="{y - 10}" width="12" height="12" rx="3"/>'
        f'<text class="axis" x="{x + 18}" y="{y}">{escape(label)}</text>'
    )


def _table(chart: Json) -> str:
    if chart["type"] == "pie":
        rows = [[segment["label"], f"{segment['value']:g}"] for segment in chart["segments"]]
    else:
        heads = ["", *chart["axis_config"]["categories"]]
        rows = [
            heads,
            *([line["name"], *(f"{point['value']:g}" for point in line["data"])] for line in chart["series"]),
        ]
    cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="unseen">{cells}</table>'
