"""What the hub does by itself, in every process, whoever else does it too.

reaper     leases, times to start and deadlines that are over: one statement a rule
retry      the next attempt, when the one before it cannot run any more
retention  what is old is removed
loop       runs them, again and again
"""
