"""Does for Pyramid under uWSGI's gevent loop what examples/bench does: a view that sleeps, and a websocket
echo by uWSGI's own engine."""

import gevent
import uwsgi
from pyramid.config import Configurator
from pyramid.response import Response


def sleep(request):
    gevent.sleep(int(request.params.get("ms", 10)) / 1000)
    return Response("Hello, World!", content_type="text/plain", charset="UTF-8")


def echo(request):
    uwsgi.websocket_handshake()
    try:
        while True:
            uwsgi.websocket_send(uwsgi.websocket_recv())
    except OSError:  # closed
        return Response()


def make_app():
    config = Configurator()
    config.add_route("sleep", "/sleep")
    config.add_view(sleep, route_name="sleep")
    config.add_route("echo", "/echo")
    config.add_view(echo, route_name="echo")
    return config.make_wsgi_app()


application = make_app()
