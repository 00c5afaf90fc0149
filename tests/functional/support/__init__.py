"""What the functional tests share: a real uWSGI, and ways to talk to it."""
