"""What hub and clients say to each other, recorded: `golden/protocol/vN/*.http`.

form     a transcript as a file: read, written
wire     HTTP to the byte: a server for the clients, a client for the hub
pinned   a hub whose clock, ids and tokens are the same each time
stage    where a story is played: with a hub behind it, or with a transcript
stories  the stories of this version, told by our own clients
future   a transcript as a later hub would have it
record   writes them: `make golden`
"""
