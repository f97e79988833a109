"""The values that are fixed once per run: `now`, `today`, and the parameters of the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from assay.protocol.bundle import BindSpec, TypeSpec
from assay.runner.engines.port import BindValue
from assay.runner.values import to_utc

_OFFSET = re.compile(r"([+-])(\d+)(us|ms|mon|s|m|h|d|w|y)")
_SPANS = {
    "us": timedelta(microseconds=1),
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_RELATIVE = re.compile(rf"(now|today)((?:{_OFFSET.pattern})*)")


class ParameterError(Exception):
    """A parameter that is unknown, missing or of the wrong form. The text is for the person who gave it."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


def bind_values(
    specs: tuple[BindSpec, ...], params: Mapping[str, str], now: datetime
) -> dict[str, BindValue]:
    """Every bind in the bundle's order. Raises ParameterError."""
    known = [spec.name for spec in specs if spec.name not in ("now", "today")]
    for name in params:
        if name not in known:
            listed = ", ".join(f"`{known_name}`" for known_name in known) or "none"
            raise ParameterError(name, f"the contract has no parameter `{name}`; it has {listed}")
    values: dict[str, BindValue] = {}
    for spec in specs:
        if spec.name == "now":
            values[spec.name] = now
        elif spec.name == "today":
            values[spec.name] = now.date()
        else:
            text = params.get(spec.name, spec.default)
            if text is None:
                raise ParameterError(
                    spec.name, f"parameter `{spec.name}` needs a value: --param {spec.name}=…"
                )
            values[spec.name] = _parse(spec, text, now)
    return values


def checked_default(spec: BindSpec) -> bool:
    """Whether the default, if there is one, is of the parameter's type."""
    if spec.name in ("now", "today") or spec.default is None:
        return True
    try:
        _value(spec.type, spec.default, datetime(2000, 1, 1, tzinfo=UTC))
    except (ValueError, OverflowError, InvalidOperation):
        return False
    return True


def _parse(spec: BindSpec, text: str, now: datetime) -> BindValue:
    try:
        return _value(spec.type, text, now)
    except (ValueError, OverflowError, InvalidOperation):
        pass
    raise ParameterError(spec.name, f"`{text}` is no {spec.type.kind} for parameter `{spec.name}`")


def _value(type_: TypeSpec, text: str, now: datetime) -> BindValue:
    match type_.kind:
        case "date" | "timestamp" | "timestamptz":
            moment = _moment(text, now)
            if type_.kind == "date":
                return moment.date() if isinstance(moment, datetime) else moment
            if not isinstance(moment, datetime):
                moment = datetime(moment.year, moment.month, moment.day)
            moment = to_utc(moment)
            return moment if type_.kind == "timestamptz" else moment.replace(tzinfo=None)
        case "time":
            return time.fromisoformat(text)
        case "smallint" | "int" | "bigint":
            number = int(text.replace("_", ""))
            bits = {"smallint": 15, "int": 31}.get(type_.kind, 63)
            if not -(1 << bits) <= number < 1 << bits:
                raise ValueError
            return number
        case "decimal":
            value = Decimal(text)
            if not value.is_finite():
                raise ValueError
            return value
        case "float" | "double":
            return float(text)
        case "boolean":
            if text.lower() not in ("true", "false"):
                raise ValueError
            return text.lower() == "true"
        case _:
            if type_.length is not None and len(text) > type_.length:
                raise ValueError
            return text


def _moment(text: str, now: datetime) -> date | datetime:
    found = _RELATIVE.fullmatch(text.strip())
    if found is None:
        moment = datetime.fromisoformat(text)
        return moment.date() if len(text) <= 10 else moment
    base: date | datetime = now if found[1] == "now" else datetime.combine(now.date(), time(), UTC)
    for sign, count, unit in _OFFSET.findall(found[2]):
        steps = int(count) if sign == "+" else -int(count)
        base = (
            _months(base, steps * (12 if unit == "y" else 1))
            if unit in ("mon", "y")
            else base + steps * _SPANS[unit]
        )
    return base


def _months(moment: date | datetime, months: int) -> date | datetime:
    """As SQL does: the day is cut to the month's last."""
    whole = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(whole, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, (after - timedelta(days=1)).day))
