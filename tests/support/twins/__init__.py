"""One app in Python's Pyramid and in C++, and the requests that are sent to both."""
