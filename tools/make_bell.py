"""Make the sound an open page calls its officer with: two notes, from arithmetic, a few kilobytes.

python tools/make_bell.py
"""

from __future__ import annotations

import io
import math
import wave
from pathlib import Path
from typing import Final

BELL: Final = Path(__file__).parents[1] / "src/comity_node/duty/static/duty/bell.wav"
RATE: Final = 8_000
NOTES: Final = ((880.0, 0.28), (660.0, 0.42))  # hertz, seconds
LOUD: Final = 100  # of 127
FADE: Final = 6.0


def bell() -> bytes:
    """The sound as a WAV file: 8 bits, one channel."""
    samples = bytearray()
    for pitch, seconds in NOTES:
        for at in range(int(RATE * seconds)):
            left = math.exp(-FADE * at / (RATE * seconds))
            rise = min(1.0, at / 40)  # without it the note begins with a click
            samples.append(128 + round(LOUD * left * rise * math.sin(math.tau * pitch * at / RATE)))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))
    return written.getvalue()


if __name__ == "__main__":
    BELL.write_bytes(bell())
