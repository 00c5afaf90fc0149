"""A few shapes of SVG, collected in order."""

from xml.sax.saxutils import escape, quoteattr


class Drawing:
    def __init__(self, width, background):
        self.width = width
        self._background = background
        self._elements = []

    def rect(self, x, y, width, height, color, radius=2):
        self._add("rect", x=x, y=y, width=max(width, 0), height=height, fill=color, rx=radius)

    def line(self, x1, y1, x2, y2, color, width=1, dashes=None):
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, stroke_width=width,
                  stroke_dasharray=dashes)

    def triangle(self, x, y, size, color):
        """Draws a triangle that points to the right, with its tip at x."""
        points = f"{x:g},{y:g} {x - size:g},{y - size:g} {x - size:g},{y + size:g}"
        self._add("polygon", points=points, fill=color)

    def text(self, x, y, text, color, size=13, anchor="start", weight="normal"):
        """Draws a text; `y` is its middle."""
        self._add("text", escape(text), x=x, y=y + size * 0.35, fill=color, font_size=size,
                  text_anchor=anchor, font_weight=weight)

    def finish(self, height):
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height:g}" '
            f'viewBox="0 0 {self.width} {height:g}" font-family="system-ui, Helvetica, Arial, sans-serif">',
            f'<rect width="{self.width}" height="{height:g}" fill="{self._background}"/>',
            *self._elements,
            "</svg>\n"])

    def _add(self, tag, content=None, **attributes):
        written = " ".join(
            f"{name.replace('_', '-')}={quoteattr(value if isinstance(value, str) else f'{value:g}')}"
            for name, value in attributes.items() if value is not None)
        self._elements.append(
            f"<{tag} {written}/>" if content is None else f"<{tag} {written}>{content}</{tag}>")
