"""The store: every read and every write of the hub goes through here, as a function that gets a transaction.

tx        one transaction of one tenant
fair      who waits is served in turn by tenant
sqlite    one process, one writer, commits shared
postgres  several processes, row-level security, what fails is tried again
wake      who waits for a change is told
"""

from assay.hub.address import Problem
from assay.hub.store.store import Store, open_store
from assay.hub.store.tx import HUB, Tx, mine

__all__ = ["HUB", "Problem", "Store", "Tx", "mine", "open_store"]
