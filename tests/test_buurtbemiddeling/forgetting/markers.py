"""Texts that occur nowhere else, one for each place, and how to find them again in anything.

No part of Odoo is needed here.
"""

import base64
import io
import re
import zipfile
import zlib

#: What every marker starts with: letters only, so that no escaping of HTML, JSON or URLs touches it
STEM = "zqmarkerx"
_MARKER = re.compile(rb"zqmarkerx(\d{5})", re.IGNORECASE)
_PHONE = re.compile(rb"(?:\+|%2B|00)31[\s().-]{0,2}6[\s().-]{0,2}1(\d{5})77")
_FOLDED = re.compile(rb"=\r?\n|\r?\n[ \t]|\x00")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
# the stem, coded, at each of the three places where it can begin; less the letters that depend on
# what stands around it
_CODED = b"|".join(
    re.escape(base64.b64encode(b"\0" * offset + STEM.encode())[cut:12].rstrip(b"="))
    for offset, cut in ((0, 0), (1, 2), (2, 3))
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*(?:" + _CODED + rb")[A-Za-z0-9+/]*")
_HEX = re.compile(rb"(?:[0-9a-f]{2})*?7a(?:00)?71(?:00)?6d(?:00)?61[0-9a-f]*", re.IGNORECASE)


class Markers:
    """Gives markers, and knows of each where it was put.

    :param first: number of the first marker, so that those of two worlds differ
    """

    def __init__(self, first):
        self.first = first
        self.places = []

    def _add(self, place):
        self.places.append(place)
        return f"{self.first + len(self.places) - 1:05d}"

    def text(self, place):
        """Return a word for this place."""
        return f"{STEM}{self._add(place)}"

    def phone(self, place):
        """Return a Dutch mobile number for this place."""
        return f"+3161{self._add(place)}77"

    def as_dict(self):
        """Return ``{number: place}``."""
        return {self.first + index: place for index, place in enumerate(self.places)}


def find_markers(data):
    """Return the numbers of the markers in bytes, also in capitals, folded, or coded.

    >>> sorted(find_markers(b"ZQMARKERX00012 and +31 6 10001477, zqmarker"))
    [12, 14]
    >>> find_markers("zqmarkerx00012".encode("utf-16")), find_markers(b"zqmar=\\r\\nkerx00012")
    ({12}, {12})
    >>> [find_markers(base64.b64encode(b"x" * n + b"zqmarkerx00012y")) for n in range(4)]
    [{12}, {12}, {12}, {12}]
    >>> find_markers(b"\\\\x00" + b"zqmarkerx00012".hex().encode())
    {12}
    >>> find_markers(b"\\\\x" + "zqmarkerx00012".encode("utf-16-le").hex().encode())
    {12}
    """
    found = _find_plain(data)
    for run in _BASE64.findall(data):
        for start in range(4):
            part = run[start : len(run) - ((len(run) - start) % 4 == 1)]
            found |= _find_plain(base64.b64decode(part + b"=" * (-len(part) % 4)))
    for run in _HEX.findall(data):
        found |= _find_plain(bytes.fromhex(run[: len(run) // 2 * 2].decode()))
    return found


def _find_plain(data):
    """Return the numbers of the markers in bytes that are at most folded, or of two bytes each."""
    return {
        int(number)
        for text in (data, _FOLDED.sub(b"", data))
        for number in _MARKER.findall(text) + _PHONE.findall(text)
    }


def find_markers_in_file(data):
    """Return the numbers of the markers in a file, unpacked when it is a PDF or an archive.

    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
    ...     archive.writestr("name", "zqmarkerx00012 " * 9)
    >>> find_markers_in_file(packed.getvalue())
    {12}
    >>> find_markers_in_file(b"%PDF stream\\n" + zlib.compress(b"zqmarkerx00012") + b"endstream")
    {12}
    """
    found = find_markers(data)
    for stream in _STREAM.findall(data) if data.startswith(b"%PDF") else ():
        try:
            found |= find_markers(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue  # not packed
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                found |= find_markers(name.encode()) | find_markers(archive.read(name))
    return found
