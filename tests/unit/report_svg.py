"""Reading SVG back: elements, text boxes by estimate, axes from their labelled ticks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from moonbase.report.svg import Figure

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LETTER = 0.5
"""Mean width of a letter over the font size, of a common sans-serif."""


@dataclass(frozen=True)
class Box:
    """Estimated box of one text."""

    content: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box, slack: float = 1.5) -> bool:
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > slack and tall > slack


def parse(picture: str) -> ET.Element:
    return ET.fromstring(picture)


def classes(element: ET.Element) -> list[str]:
    return (element.get("class") or "").split()


def find(root: ET.Element, tag: str, class_: str) -> list[ET.Element]:
    return [e for e in root.iter(tag) if class_ in classes(e)]


def numbers(text: str) -> list[float]:
    return [float(match) for match in _NUMBER.findall(text)]


def points(data: str) -> list[tuple[float, float]]:
    """Corner points of a path of straight lines."""
    flat = numbers(data)
    return list(zip(flat[::2], flat[1::2], strict=True))


def view_box(root: ET.Element) -> tuple[float, float]:
    return tuple(numbers(root.get("viewBox") or "")[2:4])  # type: ignore[return-value]


def shift(root: ET.Element) -> float:
    """Vertical translation of the one group that a chart may be wrapped into."""
    moved = [g.get("transform") for g in root.iter("g") if g.get("transform")]
    return numbers(moved[0] or "")[1] if moved else 0.0


def text_boxes(root: ET.Element) -> list[Box]:
    boxes = []
    for element in root.iter("text"):
        content, size = element.text or "", float(element.get("font-size") or 0.0)
        width = len(content) * size * _LETTER
        x, y = float(element.get("x") or 0.0), float(element.get("y") or 0.0) + shift(root)
        left = x - {"middle": width / 2.0, "end": width}.get(element.get("text-anchor") or "", 0.0)
        boxes.append(Box(content, left, y - 0.75 * size, left + width, y + 0.2 * size))
    return boxes


def crowded(root: ET.Element) -> list[tuple[str, str]]:
    """Pairs of texts whose estimated boxes overlap."""
    boxes = text_boxes(root)
    return [
        (a.content, b.content) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)
    ]


def outside(root: ET.Element) -> list[str]:
    """Texts that leave the drawing."""
    width, height = view_box(root)
    return [
        b.content
        for b in text_boxes(root)
        if b.left < -2.0 or b.right > width + 2.0 or b.top < -2.0 or b.bottom > height + 2.0
    ]


def assert_legible(figure: Figure) -> None:
    """Check that no label of any size of a figure touches another or leaves the drawing."""
    for size, picture in figure.pictures.items():
        root = parse(picture)
        assert not crowded(root), (figure.key, size, crowded(root))
        assert not outside(root), (figure.key, size, outside(root))
