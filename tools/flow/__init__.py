"""The whole system on this machine: hub, cluster, agent, databases, and the line between them.

databases   a PostgreSQL with verified TLS: the source, and the diagnostics warehouse
programs    hub and agent as processes that can be killed and started again
estate      all of it put together, with deploy/ in force
demo        `make cluster-demo`: one contract's way, step by step
"""
