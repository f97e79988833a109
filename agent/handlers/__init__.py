"""One attempt's way, as small handlers that know only "next". The flow is drawn in `chain`.

A handler looks at what hub and cluster say now, does at most one thing, and answers NEXT, WAIT or a number of
seconds. It may be called at any time and any number of times: "already done" is a normal case.
"""
