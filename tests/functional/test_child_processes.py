"""Programs that a view starts: they outlive its request, and hold none of the server's connections."""

import contextlib
import os
import signal
import tempfile
import unittest

from support.compilers import compile_app
from support.fronts import Certificate
from support.ports import reserve_port
from support.raw_http import RawHttp, request
from support.server import Server, plugin_options
from support.uwsgi_client import ask, variables_for

# Each starts a program in the background and answers with its process id: in a thread and on the loop.
APP = """
#include <array>
#include <cstdio>
#include <string>
#include <aiopyr/aiopyr.h>
using namespace aiopyr;
namespace {
std::string start_program() {
  FILE* shell = popen("sleep 600 > /dev/null 2>&1 & echo $!", "r");
  std::array<char, 32> line{};
  static_cast<void>(!fgets(line.data(), line.size(), shell));
  pclose(shell);
  return line.data();
}
Response in_a_thread(Request&) { return Response(start_program()); }
Task<Response> on_the_loop(Request&) { co_return Response(start_program()); }
void app(Configurator& config) {
  config.add_route("thread", "/thread");
  config.add_view(in_a_thread, {.route_name = "thread"});
  config.add_route("loop", "/loop");
  config.add_view(on_the_loop, {.route_name = "loop"});
}
}  // namespace
AIOPYR_APP(app);
"""


def sockets_of(pid):
    """Returns a process's sockets, and the epoll sets of a loop."""
    held = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            held.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return [name for name in held if name.startswith(("socket:", "anon_inode:"))]


class ChildProcesses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-children-")
        cls.addClassCleanup(folder.cleanup)
        cls.app = compile_app(os.path.join(folder.name, "starts.so"), APP)
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)

    def serve(self, *options, **more):
        return Server(options=plugin_options("--aiopyr", "10", "--aiopyr-app", self.app, *options), **more)

    def start(self, *options):
        server = self.serve(*options)
        self.addCleanup(server.stop)
        return server

    def check(self, pid):
        self.addCleanup(os.kill, pid, signal.SIGKILL)
        self.assertEqual(sockets_of(pid), [])

    def test_child_holds_no_connection_of_an_http_socket(self):
        for option in ("--http-socket", "--http11-socket"):
            for master in ((), ("--master",)):
                with self.subTest(option=option, master=master):
                    server = self.start(option, "127.0.0.1:{port}", *master)
                    idle, kept = RawHttp(server), RawHttp(server)
                    self.addCleanup(idle.close)
                    self.addCleanup(kept.close)
                    self.check(int(kept.get("/thread").body))
                    self.check(int(kept.get("/loop").body))

    def test_child_holds_no_connection_of_a_uwsgi_socket(self):
        server = self.start("--uwsgi-socket", "127.0.0.1:{port}")
        for path in ("/thread", "/loop"):
            answer = ask(server, variables_for(path))
            self.check(int(answer.rpartition(b"\r\n\r\n")[2]))

    def test_child_holds_no_connection_behind_tls(self):
        where = "127.0.0.1:{port}," + f"{self.certificate.cert},{self.certificate.key}"
        server = self.start("--https-socket", where)
        with contextlib.closing(RawHttp(server, tls=True)) as client:
            for path in ("/thread", "/loop"):
                self.check(int(client.get(path).body))

    def test_client_sees_the_end_of_its_connection_while_the_child_lives(self):
        server = self.start("--http-socket", "127.0.0.1:{port}")
        with contextlib.closing(RawHttp(server)) as client:
            client.send(request("/thread", "Connection: close"))
            self.check(int(client.answer().body))
            self.assertTrue(client.is_closed())

    def test_next_instance_gets_the_port_while_the_child_lives(self):
        port = reserve_port()
        for _ in range(2):
            server = self.serve("--http-socket", "127.0.0.1:{port}", "--master", port=port)
            try:
                with contextlib.closing(RawHttp(server)) as client:
                    self.check(int(client.get("/thread").body))
            finally:
                server.stop()
