"""Commands that speak with a hub, for the people of a tenant. One file per command; `session` has what they share."""
