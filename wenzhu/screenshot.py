"""From lines with places to text in reading order, bubble by bubble."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

GAP = 1.1
"""Bubbles are further apart than this many line heights; lines of one are closer."""
SAME_ROW = 0.5
"""Two pieces stand in one row if their middles differ by less of a line height."""


@dataclass(frozen=True)
class Line:
    """A piece of text and where it stands, in pixels.

    Attributes:
        left: the left edge.
        right: the right edge.
        middle: half way between top and bottom.
        height: of the characters, whatever the angle.
        angle: in radians, clockwise.
    """

    text: str
    left: float
    right: float
    middle: float
    height: float
    angle: float = 0.0

    @classmethod
    def of_corners(cls, text: str, corners: Sequence[tuple[float, float]]) -> Line:
        """A line from its corners: top left, top right, bottom right, bottom left."""
        (ax, ay), (bx, by), (_cx, _cy), (dx, dy) = corners
        across = [x for x, _ in corners]
        down = [y for _, y in corners]
        return cls(
            text=text,
            left=min(across),
            right=max(across),
            middle=sum(down) / 4,
            height=max(1.0, math.hypot(dx - ax, dy - ay)),
            angle=math.atan2(by - ay, bx - ax),
        )

    def moved(self, down: float) -> Line:
        """The same line, further down."""
        return replace(self, middle=self.middle + down)


def joined(lines: Iterable[Line]) -> str:
    """The text of a screenshot: rows joined inside a bubble, bubbles apart.

    Returns:
        Bubbles in reading order with an empty line between them. Lines that were
        broken only because the bubble was full are one line again.
    """
    rows = _rows(_straight(list(lines)))
    if not rows:
        return ""
    bubbles: list[list[Line]] = [[rows[0]]]
    for before, row in zip(rows, rows[1:], strict=False):
        apart = (row.middle - before.middle) - (row.height + before.height) / 2
        other_size = not 0.7 < row.height / before.height < 1.43
        elsewhere = row.left > before.right or before.left > row.right
        if apart > GAP * min(row.height, before.height) or other_size or elsewhere:
            bubbles.append([])
        bubbles[-1].append(row)
    return "\n\n".join(_text(bubble) for bubble in bubbles)


def _straight(lines: list[Line]) -> list[Line]:
    """Lines of a tilted picture where they would stand in an upright one."""
    long = [line.angle for line in lines if line.right - line.left > 4 * line.height]
    slope = math.tan(median(long)) if long else 0.0
    return [
        replace(line, middle=line.middle - slope * (line.left + line.right) / 2)
        for line in lines
    ]


def _rows(lines: list[Line]) -> list[Line]:
    """Lines from the top down; pieces of one row joined from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: each.middle):
        if rows:
            first = rows[-1][0]
            if line.middle - first.middle < SAME_ROW * min(line.height, first.height):
                rows[-1].append(line)
                continue
        rows.append([line])
    return [_row(sorted(row, key=lambda each: each.left)) for row in rows]


def _row(pieces: list[Line]) -> Line:
    if len(pieces) == 1:
        return pieces[0]
    return Line(
        text=" ".join(piece.text for piece in pieces),
        left=pieces[0].left,
        right=max(piece.right for piece in pieces),
        middle=sum(piece.middle for piece in pieces) / len(pieces),
        height=max(piece.height for piece in pieces),
    )


def _text(rows: list[Line]) -> str:
    widest = max(row.right for row in rows)
    text = rows[0].text
    for before, row in zip(rows, rows[1:], strict=False):
        is_full = widest - before.right < 2 * before.height
        text += ("" if is_full else "\n") + row.text
    return text
