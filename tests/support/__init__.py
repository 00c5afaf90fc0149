"""Helpers that the tests against a server share: a real uWSGI, and clients for it."""
