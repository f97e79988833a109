"""The hub over HTTP: one request's journey, generic over the table of endpoints.

routes      which endpoint a request means
requests    headers, query and body: each with its limits and its refusal
conditions  ETag, If-Match, If-None-Match
waiting     requests that wait hold a connection, and nothing else
problems    refusals as problem+json
answers     what goes back
"""
