"""What the tests against a server share: a real uWSGI, and ways to talk to it."""
