"""Hubs with a fault built in. The model of `tests.hub.test_model` must find each; `make mutants` runs them."""
