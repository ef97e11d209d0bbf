"""Units of technical indicators, as far as they can be turned into one another by a factor."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Final

_NUMBER: Final = "0123456789.,"
_NAME: Final = 2
# Names and units come again and again.
_KEPT: Final = 4_096
# Quantity → units with their size in its first unit, spelt as :func:`_plain` leaves them.
_SIZES: Final = {
    "length": {"m": "1", "km": "1e3", "dm": "1e-1", "cm": "1e-2", "mm": "1e-3", "um": "1e-6",
               "nm": "1e-9", "米": "1", "千米": "1e3", "公里": "1e3", "厘米": "1e-2",
               "毫米": "1e-3", "微米": "1e-6", "纳米": "1e-9"},
    "mass": {"kg": "1", "g": "1e-3", "mg": "1e-6", "t": "1e3", "吨": "1e3", "千克": "1",
             "公斤": "1", "克": "1e-3", "毫克": "1e-6"},
    "time": {"s": "1", "ms": "1e-3", "us": "1e-6", "ns": "1e-9", "min": "60", "h": "3600",
             "d": "86400", "秒": "1", "毫秒": "1e-3", "分钟": "60", "小时": "3600", "天": "86400"},
    "pressure": {"pa": "1", "kpa": "1e3", "mpa": "1e6", "gpa": "1e9", "bar": "1e5",
                 "兆帕": "1e6", "千帕": "1e3"},
    "power": {"w": "1", "kw": "1e3", "瓦": "1", "千瓦": "1e3"},
    "energy": {"j": "1", "kj": "1e3", "wh": "3.6e3", "kwh": "3.6e6", "kw·h": "3.6e6",
               "千瓦时": "3.6e6", "焦耳": "1", "千焦": "1e3"},
    "charge": {"ah": "1", "mah": "1e-3", "安时": "1", "毫安时": "1e-3"},
    "voltage": {"v": "1", "kv": "1e3", "伏": "1", "千伏": "1e3"},
    "frequency": {"hz": "1", "khz": "1e3", "ghz": "1e9", "赫兹": "1"},
    "volume": {"l": "1", "ml": "1e-3", "m3": "1e3", "升": "1", "毫升": "1e-3", "立方米": "1e3"},
    "temperature": {"°c": "1", "摄氏度": "1", "度": "1"},
    "share": {"%": "1", "‰": "1e-1", "百分之": "1"},
}  # fmt: skip
# Units that differ only by the case of a letter: told apart before letters are made small.
_CASED: Final = {
    "mW": ("power", "1e-3"),
    "MW": ("power", "1e6"),
    "mV": ("voltage", "1e-3"),
    "MV": ("voltage", "1e6"),
    "mJ": ("energy", "1e-3"),
    "MJ": ("energy", "1e6"),
    "MWh": ("energy", "3.6e9"),
    "MHz": ("frequency", "1e6"),
    "mHz": ("frequency", "1e-3"),
    "mPa": ("pressure", "1e-3"),
    "MPa": ("pressure", "1e6"),
}
_LOW: Final = frozenset(map(str.lower, _CASED))
_FACTORS: Final = {
    unit: (quantity, Decimal(size))
    for quantity, sizes in _SIZES.items()
    for unit, size in sizes.items()
}


def factor_between(wanted: str, offered: str) -> Decimal | None:
    """What a value in ``offered`` is multiplied by to stand in ``wanted``; None if incomparable.

    Equal units are comparable whatever they are, two missing ones too.
    """
    if plain(wanted) == plain(offered) and _size(wanted) == _size(offered):
        return Decimal(1)
    here, there = _size(wanted), _size(offered)
    if here is None or there is None or here[0] != there[0]:
        return None
    return there[1] / here[1]


@lru_cache(maxsize=_KEPT)
def plain(text: str) -> str:
    """A unit or name as such are compared: no blanks, no width, no case."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def is_measure(text: str) -> bool:
    """Whether a text of any case is nothing but a unit, or that after a number: kWh, 24h, 5mm.

    One digit and one letter may be a name: 5G, 3D.
    """
    bare = text.lstrip(_NUMBER)
    if bare != text and len(text) <= _NAME:
        return False
    return plain(bare) in _LOW or _size(bare) is not None


def _size(unit: str) -> tuple[str, Decimal] | None:
    spelt = "".join(unicodedata.normalize("NFKC", unit).split())
    if spelt in _CASED:
        quantity, size = _CASED[spelt]
        return quantity, Decimal(size)
    return _FACTORS.get(spelt.lower().replace("μ", "u").replace("µ", "u"))
