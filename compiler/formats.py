"""The formats that every contract may use by name: one portable pattern each, with examples for and against.

A format checks the shape of a text, not whether the thing exists. A file that defines a format of the same
name uses its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """`fits` and `fails` are examples; a test holds the pattern against them."""

    name: str
    prose: str
    pattern: str
    fits: tuple[str, ...]
    fails: tuple[str, ...]


_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
_HEX = "[0-9A-Fa-f]"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def _ipv6() -> str:
    """Eight groups, or fewer around one `::`; by the number of groups before it."""
    group = f"{_HEX}{{1,4}}"
    short = [f"({group}:){{{n}}}(:{group}){{1,{7 - n}}}" for n in range(1, 7)]
    return "|".join([f"({group}:){{7}}{group}", *short, f"({group}:){{1,7}}:", f":((:{group}){{1,7}}|:)"])


_ROWS = (
    Format(
        "email",
        "an e-mail address: a name, an @ and a domain with a dot",
        "^[A-Za-z0-9.!#$%&'*+/=?\\^_`{|}~-]+@(" + _LABEL + "\\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$",
        ("ada@example.com", "first.last+tag@sub.example.org"),
        ("ada@example", "ada example.com", "@example.com", "ada@@example.com", "ada@-a.com", ""),
    ),
    Format(
        "uuid",
        "a UUID in its form of 8-4-4-4-12 hexadecimal digits",
        f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$",
        ("123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"),
        ("123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", ""),
    ),
    Format(
        "ipv4",
        "an IPv4 address as four numbers from 0 to 255",
        f"^{_OCTET}(\\.{_OCTET}){{3}}$",
        ("192.0.2.1", "10.0.0.0", "255.255.255.255"),
        ("256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4"),
    ),
    Format(
        "ipv6",
        "an IPv6 address, full or shortened with `::`, without an IPv4 tail or a zone",
        f"^({_ipv6()})$",
        ("2001:db8::1", "::", "::1", "2001:0db8:0000:0000:0000:0000:0000:0001", "fe80::", "1::8"),
        ("2001:db8", "1::2::3", ":1", "12345::", "1:2:3:4:5:6:7:8:9", "g::1"),
    ),
    Format(
        "url",
        "an http or https address with a host",
        "^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][^\\s]*)?$",
        ("https://example.com", "http://example.com:8080/a?b=c#d", "https://example.com?x=1"),
        ("ftp://example.com", "example.com", "https://", "https://exa mple.com"),
    ),
    Format(
        "hostname",
        "a host's name as labels joined by dots",
        f"^({_LABEL}\\.)*{_LABEL}$",
        ("localhost", "db-1.example.com", "a"),
        ("-a.com", "a..b", "a_b", "example.com."),
    ),
    Format(
        "iso_date",
        "a date as YYYY-MM-DD",
        f"^{_DAY}$",
        ("2024-02-29", "1999-12-31"),
        ("2024-13-01", "2024-1-1", "01/02/2024", "2024-02-29T00:00:00"),
    ),
    Format(
        "iso_time",
        "a time of day as HH:MM:SS, with a fraction or without",
        f"^{_CLOCK}$",
        ("00:00:00", "23:59:59.999"),
        ("24:00:00", "1:00:00", "12:60:00"),
    ),
    Format(
        "iso_datetime",
        "a date and time by ISO 8601, with an offset or without",
        f"^{_DAY}[T ]{_CLOCK}(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?$",
        ("2024-02-29T12:00:00Z", "2024-02-29 12:00:00.123+02:00", "2024-02-29T12:00:00"),
        ("2024-02-29", "2024-02-29T25:00:00Z", "2024-02-29T12:00"),
    ),
    Format(
        "country_code",
        "a country as two capital letters (the shape of ISO 3166-1 alpha-2)",
        "^[A-Z]{2}$",
        ("BE", "JP"),
        ("be", "BEL", "B1"),
    ),
    Format(
        "currency_code",
        "a currency as three capital letters (the shape of ISO 4217)",
        "^[A-Z]{3}$",
        ("EUR", "JPY"),
        ("eur", "EU", "E1R"),
    ),
    Format(
        "language_code",
        "a language as two or three small letters, with a region or without (`nl`, `nl-BE`)",
        "^[a-z]{2,3}(-[A-Z]{2})?$",
        ("nl", "nl-BE", "haw"),
        ("NL", "nl-be", "n"),
    ),
    Format(
        "phone_e164",
        "a telephone number by E.164: a plus and up to 15 digits",
        "^\\+[1-9][0-9]{6,14}$",
        ("+3225551234", "+12025550123"),
        ("003225551234", "+0225551234", "+32 2 555 12 34", "+1234567890123456"),
    ),
    Format(
        "iban",
        "the shape of an IBAN without blanks; its check digits are not verified",
        "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$",
        ("BE68539007547034", "DE89370400440532013000"),
        ("BE68 5390 0754 7034", "be68539007547034", "BE6853"),
    ),
    Format(
        "bic",
        "a bank's code of 8 or 11 characters (the shape of ISO 9362)",
        "^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$",
        ("KREDBEBB", "DEUTDEFF500"),
        ("KREDBEB", "kredbebb", "KREDBEBB50"),
    ),
    Format(
        "slug",
        "small letters and digits, joined by single hyphens",
        "^[a-z0-9]+(-[a-z0-9]+)*$",
        ("a", "data-contract-2"),
        ("-a", "a--b", "A", "a_b", ""),
    ),
    Format(
        "semver",
        "a version as MAJOR.MINOR.PATCH, with pre-release and build or without",
        "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"
        "(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$",
        ("1.0.0", "2.1.0-rc.1+build.5"),
        ("1.0", "v1.0.0", "01.0.0"),
    ),
    Format(
        "hex_color",
        "a colour as # and 3 or 6 hexadecimal digits",
        f"^#{_HEX}{{3}}({_HEX}{{3}})?$",
        ("#fff", "#1A2b3C"),
        ("fff", "#ffff", "#ggg"),
    ),
    Format(
        "md5",
        "32 hexadecimal digits",
        f"^{_HEX}{{32}}$",
        ("d41d8cd98f00b204e9800998ecf8427e",),
        ("d41d8cd98f00b204", ""),
    ),
    Format(
        "sha256",
        "64 hexadecimal digits",
        f"^{_HEX}{{64}}$",
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",),
        ("e3b0c44298fc1c14", ""),
    ),
    Format(
        "integer_text",
        "a whole number as text, with a sign or without",
        "^[+-]?[0-9]+$",
        ("0", "-12", "+7"),
        ("1.0", "", "1e3", "--1"),
    ),
    Format(
        "decimal_text",
        "a decimal number as text, with a point and a sign or without",
        "^[+-]?[0-9]+(\\.[0-9]+)?$",
        ("0", "-12.50"),
        ("1,0", ".5", "1.", ""),
    ),
    Format(
        "not_blank",
        "a text with at least one character that is not white space",
        "\\S",
        ("a", "  a  "),
        ("", "   ", "\t\n"),
    ),
)

FORMATS: dict[str, Format] = {row.name: row for row in _ROWS}
