"""Schedules: when they fire, and the runs that they queue.

cron    fire times in a time zone, across changes of its clocks
firing  each fire time once, by constraint, however many hubs there are
"""
