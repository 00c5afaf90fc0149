"""Draws the results: each goal with how far it was reached or missed, then the costs beside their
references."""

from driver.report import figure
from driver.results import MISSED, REACHED, STRETCHED
from driver.svg import Drawing

INK, MUTED, GRID, BACKGROUND = "#1f2933", "#6b7785", "#dde3e9", "#ffffff"
COLORS = {STRETCHED: "#2f9e6e", REACHED: "#3b7dd8", MISSED: "#e07b39"}
OURS, REFERENCE = "#3b7dd8", "#b6c2cf"

WIDTH = 980
MARGIN = 28
BARS = 350  # where they begin
BAR_WIDTH = 470
ROW = 30
# The longest bar of the first chart, as a multiple of the limit; a longer one ends in an arrow.
LONGEST = 2.5


def chart(rows, about):
    drawing = Drawing(WIDTH, BACKGROUND)
    drawing.text(MARGIN, 34, "aiopyr: cost of the server's work", INK, 20, weight="bold")
    drawing.text(MARGIN, 58, about, MUTED, 12)
    y = _goals(drawing, 92, [row for row in rows if row.goal and row.verdict in COLORS])
    y = _pairs(drawing, y + 36, [row for row in rows if row.ratio is not None])
    return drawing.finish(y + MARGIN)


def share_of_limit(row):
    """Returns the share of the limit: 1 must be reached, and less is better."""
    value = row.ratio if row.goal.of_ratio else row.ours
    return row.goal.must / value if row.goal.at_least else value / row.goal.must


def _goals(drawing, y, rows):
    if not rows:
        return y
    drawing.text(MARGIN, y, "Goals: shorter is better", INK, 15, weight="bold")
    _legend(drawing, y, [(COLORS[MISSED], "missed"), (COLORS[REACHED], "reached"),
                         (COLORS[STRETCHED], "further goal reached")])
    top = y + 38
    unit = BAR_WIDTH / LONGEST
    bottom = top + ROW * len(rows)
    for share in (0.5, 1.5, 2.0):
        drawing.line(BARS + unit * share, top, BARS + unit * share, bottom, GRID)
        drawing.text(BARS + unit * share, top - 10, f"{share:g} x", MUTED, 11, "middle")
    for i, row in enumerate(rows):
        _goal(drawing, top + ROW * (i + 0.5), row, unit)
    drawing.line(BARS + unit, top, BARS + unit, bottom, INK, 1.5)
    drawing.text(BARS + unit, top - 10, "must", INK, 11, "middle", "bold")
    return bottom


def _goal(drawing, y, row, unit):
    share = share_of_limit(row)
    color = COLORS[row.verdict]
    drawing.text(BARS - 12, y, row.name, INK, 13, "end")
    drawing.rect(BARS, y - 9, unit * min(share, LONGEST - 0.05), 18, color)
    if share > LONGEST:
        drawing.triangle(BARS + unit * LONGEST + 6, y, 9, color)
    if row.goal.stretch is not None:
        stretch = row.goal.stretch / row.goal.must
        x = BARS + unit * (1 / stretch if row.goal.at_least else stretch)
        drawing.line(x, y - 12, x, y + 12, COLORS[STRETCHED], 2, "3 2")
    value = f"{row.ratio:.2f} x" if row.goal.of_ratio else figure(row.ours, row.unit)
    drawing.text(BARS + BAR_WIDTH + 20, y, value, INK, 13, weight="bold")


def _pairs(drawing, y, rows):
    if not rows:
        return y
    drawing.text(MARGIN, y, "Cost, and the reference's", INK, 15, weight="bold")
    _legend(drawing, y, [(OURS, "aiopyr"), (REFERENCE, "reference")])
    y += 26
    for row in rows:
        drawing.text(BARS - 12, y + 14, row.name, INK, 13, "end")
        longest = max(row.ours, row.reference)
        for value, color, label, offset in (
                (row.ours, OURS, figure(row.ours, row.unit), 0),
                (row.reference, REFERENCE,
                 f"{figure(row.reference, row.unit)}  {row.reference_name}", 15)):
            width = BAR_WIDTH * 0.85 * value / longest
            drawing.rect(BARS, y + offset, width, 13, color)
            drawing.text(BARS + width + 8, y + offset + 6.5, label, MUTED, 11)
        y += 42
    return y


def _legend(drawing, y, entries):
    x = BARS
    for color, text in entries:
        drawing.rect(x, y - 6, 12, 12, color)
        drawing.text(x + 18, y, text, MUTED, 12)
        x += 34 + 7 * len(text)
