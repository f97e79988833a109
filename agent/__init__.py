"""The agent in the customer's cluster: asks the hub for work, compiles it, runs it as Jobs, says how they ended.

It has no state of its own. What it was doing is in the cluster, as Jobs, and in the hub; a process that starts
anywhere in the middle looks at both and goes on.

cluster     the API server: the one door to it
"""
