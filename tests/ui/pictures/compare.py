"""Two pictures of the same thing: how far apart, where it differs most.

Stored pictures are small: half the size, 240 colours. What is compared is the mean difference over blocks of 12 × 12
pixels of the reduced picture, and the worst block counts. A different anti-aliasing spreads thin over many blocks; a
word that changed, an icon that is gone or a box that moved fills one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

STORED = Path(__file__).parent / "stored"
UPDATING = os.environ.get("PICTURES_UPDATE") == "1"
BLOCK = 12
TOLERANCE = 12.0
"""Of 255, in the worst block. Measured: see `test_tolerance.py`."""
_COLOURS = 240
_FORMAT = QImage.Format.Format_RGB32

Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Difference:
    """How far apart two pictures are; `where` is the worst block's left top corner in the picture as painted."""

    worst: float
    where: tuple[int, int]


def reduced(picture: QPixmap, scale: float = 0.5) -> QImage:
    """A picture as it is compared: smaller, without a pixel ratio."""
    image = picture.toImage().convertToFormat(_FORMAT)
    image.setDevicePixelRatio(1)
    return image.scaledToWidth(round(image.width() * scale), Qt.TransformationMode.SmoothTransformation)


def difference(one: QImage, other: QImage) -> Difference:
    """Compare two reduced pictures; sizes that differ are as far apart as can be."""
    if one.size() != other.size():
        return Difference(255.0, (0, 0))
    apart = np.abs(_pixels(one) - _pixels(other)).mean(axis=2)
    rows, columns = (-(-side // BLOCK) for side in apart.shape)
    padded = np.zeros((rows * BLOCK, columns * BLOCK), dtype=np.float32)
    padded[: apart.shape[0], : apart.shape[1]] = apart
    blocks = padded.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))
    row, column = np.unravel_index(int(blocks.argmax()), blocks.shape)
    return Difference(float(blocks.max()), (int(column) * BLOCK * 2, int(row) * BLOCK * 2))


def store(image: QImage, file: Path) -> None:
    """Keep a reduced picture, in few colours."""
    file.parent.mkdir(parents=True, exist_ok=True)
    few = image.convertToFormat(
        QImage.Format.Format_Indexed8, _colours(image), Qt.ImageConversionFlag.AvoidDither
    )
    if not few.save(str(file), quality=0):
        raise OSError(f"cannot write {file}")


def stored(file: Path) -> QImage:
    """A kept picture."""
    return QImage(str(file)).convertToFormat(_FORMAT)


def _pixels(image: QImage) -> Pixels:
    bits = np.frombuffer(image.constBits(), dtype=np.uint8)
    whole = bits.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return whole[:, : image.width(), :3].astype(np.float32)


def _colours(image: QImage) -> list[int]:
    """The colours that stand for all: the most frequent ones of each small cube of the colour space."""
    flat = _pixels(image).astype(np.uint32).reshape(-1, 3)
    cubes = (flat[:, 0] >> 4) | (flat[:, 1] >> 4) << 4 | (flat[:, 2] >> 4) << 8
    found, counts = np.unique(cubes, return_counts=True)
    chosen = []
    for cube in found[np.argsort(-counts)][:_COLOURS]:
        colours, times = np.unique(flat[cubes == cube], axis=0, return_counts=True)
        blue, green, red = (int(part) for part in colours[times.argmax()])
        chosen.append(0xFF000000 | red << 16 | green << 8 | blue)
    return chosen
