"""Gives asyncio the decorator `coroutine` back, which Python 3.11 has removed and Aiopyramid needs. Import
it before Aiopyramid; it behaves as in Python 3.10."""

import asyncio
import functools
import inspect
import types


def coroutine(function):
    if inspect.iscoroutinefunction(function):
        return function
    generator = function
    if not inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def generator(*args, **kwargs):
            result = function(*args, **kwargs)
            if asyncio.isfuture(result) or inspect.isgenerator(result):
                result = yield from result
            elif inspect.isawaitable(result):
                result = yield from result.__await__()
            return result

    made = types.coroutine(generator)
    made._is_coroutine = asyncio.coroutines._is_coroutine
    return made


if not hasattr(asyncio, "coroutine"):
    asyncio.coroutine = coroutine
