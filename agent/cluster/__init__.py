"""The API server: nothing else of the agent speaks to it.

connect    where it is and how one logs in; the door to `kubernetes`
api        one request: bytes there and back, with limits
answers    what a refusal means
objects    the few fields that are read of each object
jobs       what the agent does: exactly the verbs of its Role
mirror     a copy of the objects of one kind, kept true by list and watch
rights     what the agent may, compared with what it needs
identity   which cluster this is, and the keys of its pods' tokens
"""
