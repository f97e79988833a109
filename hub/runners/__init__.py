"""What a runner's pod asks, one function an endpoint, named as in `protocol.endpoints`.

gate     one pod of an attempt may run; it says that it is alive, and its last word
results  batches as they come, and one commit that makes them readable
"""
