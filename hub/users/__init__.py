"""What people and their programs ask, one function an endpoint, named as in `protocol.endpoints`.

pages      lists, a page at a time
contracts  published versions, which never change
documents  data sources and warehouses, with placeholders in place of secrets
schedules  when a contract is run
runs       queued, looked at, cancelled
access     keys, enrolments, agents
tenant     who am I, the tenant's settings, the audit log
"""
