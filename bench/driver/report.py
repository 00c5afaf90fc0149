"""Formats the table, as text and for the documentation."""

from driver.results import MISSED, REACHED, STRETCHED

UNITS = {"us": "µs", "ns": "ns", "B": "B"}
HEADINGS = ("work", "ours", "reference", "ratio", "must", "stretch", "verdict")


def table(rows):
    lines = [HEADINGS, *map(cells, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(text.ljust(width) if i in (0, 6) else text.rjust(width)
                  for i, (text, width) in enumerate(zip(line, widths))).rstrip()
        for line in lines)


def markdown(rows):
    """Returns the table for docs/performance.md."""
    lines = [HEADINGS, ["---"] + ["---:"] * (len(HEADINGS) - 2) + ["---"], *map(cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cells(row):
    """Returns one row's texts, in the order of HEADINGS."""
    reference = figure(row.reference, row.unit)
    if row.reference_name:
        reference = f"{row.reference_name} {reference}".strip()
    return (row.name, figure(row.ours, row.unit), reference,
            "" if row.ratio is None else f"{row.ratio:.2f} x", limit(row, "must"),
            limit(row, "stretch"), f"{row.verdict} ({row.note})" if row.note else row.verdict)


def limit(row, name):
    if row.goal is None:
        return ""
    value = getattr(row.goal, name)
    if value is None:
        return ""
    return f"{value:.2f} x" if row.goal.of_ratio else figure(value, row.unit)


def figure(value, unit):
    if value is None:
        return ""
    digits = 0 if value >= 1000 or unit == "B" else 1 if value >= 100 else 2
    return f"{value:,.{digits}f} {UNITS[unit]}"


def summary(rows):
    verdicts = [row.verdict for row in rows]
    reached = verdicts.count(REACHED) + verdicts.count(STRETCHED)
    errors = sum(verdict.startswith("error") for verdict in verdicts)
    return (f"{reached} goals reached, {verdicts.count(STRETCHED)} of them the further one; "
            f"{verdicts.count(MISSED)} missed; {errors} rows not measured")
