"""What an agent asks, one function an endpoint, named as in `protocol.endpoints`.

enrolment  a token for a token
sessions   one process of an agent; the one before it is over
polling    renews every lease, says what to do
claiming   hands out what is queued
orders     what is to be verified, as bytes with a digest
reports    accepted, applied, completed, given back
"""
