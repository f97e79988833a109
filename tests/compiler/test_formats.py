"""Every standard format is portable, and does what its examples say."""

from __future__ import annotations

import re

import pytest

from assay.compiler.formats import FORMATS, Format
from assay.compiler.regex import parse_regex, spell

EACH = pytest.mark.parametrize("item", FORMATS.values(), ids=lambda f: f.name)


@EACH
def test_a_format_fits_its_examples_and_fails_the_others(item: Format) -> None:
    pattern = re.compile(spell(parse_regex(item.pattern), "\\Z"))
    assert item.fits
    assert item.fails
    assert [t for t in item.fits if not pattern.search(t)] == []
    assert [t for t in item.fails if pattern.search(t)] == []


@EACH
def test_a_format_does_not_let_a_line_feed_pass_at_the_end(item: Format) -> None:
    if item.name == "not_blank":
        return
    pattern = re.compile(spell(parse_regex(item.pattern), "\\Z"))
    assert not any(pattern.search(text + "\n") for text in item.fits)


@EACH
def test_a_format_is_described(item: Format) -> None:
    assert item.prose
    assert not item.prose.endswith(".")


def test_the_formats_that_are_promised_are_there() -> None:
    promised = (
        "email uuid ipv4 ipv6 url iso_date iso_datetime country_code currency_code phone_e164 iban slug"
    )
    assert set(promised.split()) | {"semver", "hex_color"} <= set(FORMATS)
