"""Photos of an afternoon that never was, drawn by chance: a hill, tables, people around them."""

import io
from collections.abc import Iterator
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT, FINE = 1200, 800, 2
SKIES = [("#f7d9b0", "#fdf3e1"), ("#bfe0f2", "#eef8fc"), ("#f3c6a5", "#fae6d4")]
HILLS = ["#8fbf8a", "#77a978", "#a3c98f"]
CLOTHES = ["#d9483b", "#2f7d6d", "#e3a72f", "#3f6fb0", "#8a5aa8", "#c96f3b", "#4b8f4f"]
SKINS = ["#f0c9a4", "#e6b88f", "#d8a578"]
HAIR = ["#2b2320", "#3b2c25", "#5a5350"]
TABLE, CLOTH, BOWL = "#a9713f", "#f6efe2", "#fffdf8"


def afternoons(number: int, chance: Random) -> Iterator[io.BytesIO]:
    """So many photos as files."""
    for _ in range(number):
        file = io.BytesIO()
        _afternoon(chance).save(file, "PNG")
        file.seek(0)
        yield file


def _afternoon(chance: Random) -> Image.Image:
    """Drawn twice as large and made smaller, so that edges are smooth."""
    sheet = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
    pen = ImageDraw.Draw(sheet)
    _sky(pen, *chance.choice(SKIES))
    _hills(pen, chance)
    _bunting(pen, chance)
    for row, y in enumerate([470, 640]):
        for x in range(150 + 90 * row, WIDTH - 100, 330):
            _table(pen, x, y, 0.75 + 0.3 * row, chance)
    return sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _sky(pen: ImageDraw.ImageDraw, above: str, below: str) -> None:
    upper, lower = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (above, below))
    for y in range(HEIGHT * FINE):
        part = y / (HEIGHT * FINE)
        mixed = tuple(round(u + (low - u) * part) for u, low in zip(upper, lower, strict=True))
        pen.line([(0, y), (WIDTH * FINE, y)], fill=mixed)
    _round(pen, 980, 150, 60, "#fff6d8")


def _hills(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    for number, colour in enumerate(HILLS):
        middle, top = chance.randrange(WIDTH), 300 + 45 * number
        pen.ellipse(_box(middle - 1100, top, middle + 1100, top + 1500), fill=colour)


def _bunting(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    for x in range(20, WIDTH, 60):
        y = 70 + 40 * (1 - abs(x - WIDTH / 2) / (WIDTH / 2))
        flag = [(x, y), (x + 44, y), (x + 22, y + 52)]
        pen.polygon([(px * FINE, py * FINE) for px, py in flag], fill=chance.choice(CLOTHES))


def _table(pen: ImageDraw.ImageDraw, x: int, y: int, size: float, chance: Random) -> None:
    for place in (-80, 0, 80):
        _person(pen, x + place * size, y - 20 * size, size, chance)
    pen.rectangle(_box(x - 120 * size, y, x + 120 * size, y + 30 * size), fill=CLOTH)
    for leg in (-105, 95):
        pen.rectangle(
            _box(x + leg * size, y + 30 * size, x + (leg + 12) * size, y + 95 * size), fill=TABLE
        )
    for place in (-75, 0, 75):
        left, top = x + (place - 18) * size, y - 14 * size
        pen.pieslice(_box(left, top - 16 * size, left + 36 * size, top + 16 * size), 0, 180, BOWL)


def _person(pen: ImageDraw.ImageDraw, x: float, y: float, size: float, chance: Random) -> None:
    tall = size * chance.uniform(0.9, 1.1)
    body = _box(x - 32 * tall, y - 60 * tall, x + 32 * tall, y + 40 * tall)
    pen.rounded_rectangle(body, radius=26 * tall * FINE, fill=chance.choice(CLOTHES))
    _round(pen, x, y - 88 * tall, 27 * tall, chance.choice(HAIR))
    _round(pen, x, y - 80 * tall, 23 * tall, chance.choice(SKINS))


def _round(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str) -> None:
    pen.ellipse(_box(x - radius, y - radius, x + radius, y + radius), fill=fill)


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    return left * FINE, top * FINE, right * FINE, bottom * FINE
