"""Runs, as people see them: queued, cancelled, looked at. A run is an instruction and its attempts.

queueing   a run and its first attempt; an attempt after another
cancelling
showing    one run, many, the committed report
"""
