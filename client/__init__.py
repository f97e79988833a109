"""Calls of the hub: the one way in which agent, runner and command line speak to it.

hub        `HubClient`: an endpoint by its name, typed in and out
lenient    answers of a hub that is newer
tokens     who is speaking: a token in memory, or in a file that is read anew
transport  one exchange of bytes, with every limit on time and size; the door to urllib3
errors     what a call can end in: `Refused`, `Unreachable`
retry      again, with jitter, until a deadline
"""

from __future__ import annotations

from assay.client.errors import Cause, HubError, Refused, Unreachable
from assay.client.hub import HubClient, Reply
from assay.client.retry import Retry
from assay.client.tokens import Token, TokenFile, token_text

__all__ = [
    "Cause",
    "HubClient",
    "HubError",
    "Refused",
    "Reply",
    "Retry",
    "Token",
    "TokenFile",
    "Unreachable",
    "token_text",
]
