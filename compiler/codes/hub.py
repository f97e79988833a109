"""E67x: running a hub, and speaking with one."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES = (
    Code(
        "E670",
        "the hub cannot do that: {reason}",
        cause="The store, the master key or the address to listen on is not as the hub needs it.",
        example="$ assay hub serve --host 0.0.0.0",
        fix="$ assay hub serve --host 0.0.0.0 --tls-cert hub.pem --tls-key hub.key",
    ),
    Code(
        "E671",
        "the package `{part}` is not installed",
        help="install `assay-contracts[{extra}]`",
        cause="What only a hub needs is not installed with the command line.",
        example="$ pip install assay-contracts && assay hub serve",
        fix="$ pip install 'assay-contracts[hub]' && assay hub serve",
    ),
    Code(
        "E672",
        "no hub is named",
        help="run `assay login https://hub.example.com`, or set ASSAY_HUB and ASSAY_KEY",
        cause="Commands that speak with a hub need its address and an API key.",
        example="$ assay publish orders.contract      # before the first login",
        fix="$ assay login https://hub.example.com && assay publish orders.contract",
    ),
    Code(
        "E673",
        "`{hub}` cannot be used: {reason}",
        help="{advice}",
        cause="The hub did not answer, or what answered was not a hub.",
        example="$ assay login https://hub.example.com:81",
        fix="$ assay login https://hub.example.com",
    ),
    Code(
        "E674",
        "the hub refuses: {reason}",
        help="{advice}",
        cause="The hub understood what was asked for, and says no.",
        example="$ assay run shop.order",
        fix="$ assay run shop.orders",
    ),
    Code(
        "E675",
        "`{file}` is not a {kind}: {reason}",
        help="{advice}",
        cause="What is sent to the hub is read here first.",
        example="$ assay sources put shop --file shop.yml",
        fix="$ assay sources put shop      # as assay.yml has it",
    ),
)
