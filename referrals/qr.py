"""A QR code as the path of an SVG; no picture file, and nothing a strict CSP would refuse."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET = 4
"""Empty modules around a code, as readers expect."""


@dataclass(frozen=True)
class Code:
    """`path` draws one square per dark module in a view box of `size` by `size`."""

    address: str
    path: str
    size: int


def qr_code(address: str) -> Code:
    """The code of an address, readable with a quarter of it lost: posters get wet and torn."""
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    rows = code.get_matrix()
    dark = [(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Code(address, "".join(f"M{x},{y}h1v1h-1z" for x, y in dark), len(rows) + 2 * QUIET)
