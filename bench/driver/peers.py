"""Servers by others, set up as their users would: one process each, no logs."""

import os
import tempfile

from support.paths import BUILD, ROOT
from support.server import UWSGI

from driver.processes import Failed, Server, has_spawned
from driver.servers import CORES, PROGRAMS

FOLDER = os.path.join(ROOT, "bench", "peers")
PYTHON = "/usr/bin/python3"


def aiopyramid_checkout():
    """Returns the folder of Aiopyramid's source, or None: the environment's AIOPYRAMID."""
    path = os.environ.get("AIOPYRAMID")
    if path and not os.path.exists(os.path.join(path, "aiopyramid", "__init__.py")):
        raise Failed(f"no Aiopyramid in {path}")
    return path and os.path.abspath(path)


def minimal_plugin():
    """Runs a request plugin with a constant answer, on uWSGI's simple loop."""
    return _uwsgi("minimal plugin", "--plugins-dir", PROGRAMS, "--plugins", "minimal")


def aiopyramid():
    path = os.pathsep.join([aiopyramid_checkout(), FOLDER])
    return _uwsgi("Aiopyramid", "--plugins", "python3,asyncio_python3,greenlet_python3",
                  "--asyncio", str(CORES), "--greenlet",
                  "--wsgi-file", os.path.join(FOLDER, "aiopyramid_app.py"),
                  environment={**os.environ, "PYTHONPATH": path})


def pyramid_gevent():
    return _uwsgi("Pyramid, gevent", "--plugins", "python3,gevent_python3", "--gevent", str(CORES),
                  "--wsgi-file", os.path.join(FOLDER, "gevent_app.py"))


def websockets_echo():
    return Server("websockets", [PYTHON, os.path.join(FOLDER, "websockets_echo.py"), "{port}"])


class Nginx(Server):
    """Serves the bench app's static files, at the same paths."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-bench-nginx-")
        # A file tells it its port, which the Server chooses.
        super().__init__("nginx", ["sh", "-c", self._script(), "nginx", "{port}"])

    def stop(self):
        super().stop()
        self._folder.cleanup()

    def _script(self):
        """Uses one process, as the others do."""
        folder = self._folder.name
        static = os.path.join(BUILD, "examples", "bench")
        config = f"""
            daemon off; master_process off; pid {folder}/pid; error_log stderr;
            events {{ worker_connections 1024; }}
            http {{
              access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
              types {{ text/plain txt; }} charset utf-8;
              client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
              uwsgi_temp_path {folder}; scgi_temp_path {folder};
              server {{ listen 127.0.0.1:PORT backlog=1000; root {static}; }}
            }}"""
        with open(os.path.join(folder, "nginx.conf"), "w") as file:
            file.write(config)
        return (f"sed -i s/PORT/$1/ {folder}/nginx.conf && "
                f"exec /usr/sbin/nginx -e stderr -p {folder} -c nginx.conf")


def _uwsgi(name, *options, environment=None):
    command = [UWSGI, "--http-socket", "127.0.0.1:{port}", "--listen", "1000", "--disable-logging",
               *options]
    return Server(name, command, environment=environment, probe=has_spawned)
