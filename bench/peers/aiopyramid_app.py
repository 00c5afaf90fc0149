"""Does for Aiopyramid what examples/bench does: a coroutine view that sleeps, and a websocket echo."""

import asyncio
import asyncio_coroutine  # noqa: F401

from aiopyramid.websocket.config.uwsgi import UWSGIWebsocketMapper
from aiopyramid.websocket.helpers import ignore_websocket_closed
from pyramid.config import Configurator
from pyramid.response import Response


async def sleep(request):
    await asyncio.sleep(int(request.params.get("ms", 10)) / 1000)
    return Response("Hello, World!", content_type="text/plain", charset="UTF-8")


async def echo(ws):
    while True:
        message = await ws.recv()
        if message is None:
            break
        await ws.send(message)


def make_app():
    config = Configurator()
    config.include("aiopyramid")
    config.add_route("sleep", "/sleep")
    config.add_view(sleep, route_name="sleep")
    config.add_route("echo", "/echo")
    config.add_view(echo, route_name="echo", mapper=UWSGIWebsocketMapper)
    return ignore_websocket_closed(config.make_wsgi_app())


application = make_app()
