"""Messages are decoded by any number of threads, from the first one on."""

from __future__ import annotations

import subprocess
import sys

AT_ONCE = """
import sys, threading
import msgspec
from assay.protocol.decoding import decode
from assay.protocol.endpoints import ENDPOINTS

sys.setswitchinterval(1e-6)
kinds = [kind for e in ENDPOINTS for kind in (e.request, e.response) if kind not in (None, bytes)]
begin = threading.Barrier(8)

def work(number):
    begin.wait()
    for kind in kinds[number:] + kinds[:number]:
        try:
            decode(b'{"id": 1, "items": [{"id": 3}]}', kind)
        except msgspec.MsgspecError:
            pass

threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_that_decode_the_same_types_for_the_first_time_do_not_end_the_process() -> None:
    """Without a lock, one process in five ends with SIGSEGV."""
    for _ in range(3):
        command = [sys.executable, "-c", AT_ONCE]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
