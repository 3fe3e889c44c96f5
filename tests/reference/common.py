"""What the reference scripts share: reproducible noise, choices, finite differences, and how fixtures are written.

Formulas of a routing method stay in its own script, so that each can be read beside its paper; only what has no paper is here.
"""

import json
import math
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
MASK = (1 << 64) - 1


class SplitMix:
    """SplitMix64 (Steele, Lea and Flood 2014), the generator that moescope's files name."""

    def __init__(self, seed):
        self.state = seed & MASK

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self):
        """From the upper 53 bits, in [0, 1)."""
        return (self.bits() >> 11) / 2.0**53

    def normal(self):
        """Box and Muller's cosine."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def table(self, rows, cols):
        return [[self.normal() for _ in range(cols)] for _ in range(rows)]


def stream(noise, block=0):
    """The random numbers of a block in the training step with this noise seed."""
    return SplitMix(SplitMix(noise ^ (((block + 1) * 0x9E6C63D0876A3F6B) & MASK)).bits())


def softmax(row):
    e = np.exp(np.asarray(row) - max(row))
    return e / e.sum()


def descending(values):
    """Indices by value, the largest first; the lower index first where values are equal."""
    return sorted(range(len(values)), key=lambda i: (-values[i], i))


def differences(function, at, step):
    """Central finite differences of a scalar function with respect to every entry of an array."""
    result = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        moved = np.zeros_like(at)
        moved[place] = step
        result[place] = (function(at + moved) - function(at - moved)) / (2 * step)
    return result


def plain(value, decimals):
    """Arrays and tensors as lists, numbers rounded; eight decimals are more than float32 holds."""
    if isinstance(value, dict):
        return {key: plain(entry, decimals) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry, decimals) for entry in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist(), decimals)
    return round(value, decimals) if isinstance(value, float) else value


def significant(value, digits):
    """The same with significant digits, for numbers of very different size."""
    if isinstance(value, dict):
        return {key: significant(entry, digits) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [significant(entry, digits) for entry in value]
    if hasattr(value, "tolist"):
        return significant(value.tolist(), digits)
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def line(value):
    return json.dumps(value, separators=(",", ":"))


def write(name, text):
    path = FIXTURES / name
    path.write_text(text, encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


def write_cases(name, cases):
    """A list, one case a line."""
    write(name, "[\n" + ",\n".join(line(case) for case in cases) + "\n]\n")


def write_groups(name, groups):
    """An object of lists, one case a line."""
    parts = [f'"{key}":[\n' + ",\n".join(line(case) for case in cases) + "\n]" for key, cases in groups.items()]
    write(name, "{\n" + ",\n".join(parts) + "\n}\n")
