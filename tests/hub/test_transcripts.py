"""The recorded exchanges of every protocol version that is served: the hub still answers them to the byte.

Each transcript has a hub of its own, on either database. Its clock stands still and its ids and tokens are counted, so
nothing has to be left out of the comparison.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.protocol.transcripts import record
from tests.protocol.transcripts.form import Transcript, parse, render
from tests.protocol.transcripts.pinned import pinned_hub
from tests.protocol.transcripts.wire import exchange
from tools.protocol import FOLDER

FILES = [path for path in sorted(FOLDER.glob("v*/*.http")) if path.stem != record.LATER]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_hub_answers_as_it_did(path: Path, address: str) -> None:
    text = path.read_text(encoding="utf-8")
    transcript = parse(text)
    with pinned_hub(address) as (hub, clock):
        assert hub.keys == transcript.keys
        heard = Transcript(transcript.about, hub.keys)
        for one in transcript.exchanges:
            clock.pass_(one.wait)
            answer = exchange(hub.http.host, hub.http.port, one.request)
            heard.exchanges.append(type(one)(one.says, one.wait, one.request, answer))
    difference = difflib.unified_diff(
        text.splitlines(), render(heard).splitlines(), "as recorded", "as answered", lineterm="", n=4
    )
    if heard != transcript:
        pytest.fail("\n".join(difference), pytrace=False)
