"""uWSGI's transformations of bodies (gzip, chunked, ...): a Content-Length is that of the body that is sent."""

import http.client
import os
import socket
import tempfile
import unittest
import zlib

from support.fronts import Certificate
from support.paths import UWSGI_PLUGINS, example
from support.patience import patient
from support.ports import reserve_port
from support.server import Server, plugin_options

TITLE = b'{"title":"features"}'
CLOSE = b"Connection: close\r\n"


def gunzip(body):
    decoder = zlib.decompressobj(31)
    text = decoder.decompress(body) + decoder.flush()
    if not decoder.eof or decoder.unused_data:
        raise AssertionError("the gzip stream is cut short, or goes on")
    return text


@unittest.skipUnless(os.path.isdir(UWSGI_PLUGINS), "without the folder of uWSGI's plugins")
class Transformations(unittest.TestCase):
    def start(self, *routes, more=(), kind="route"):
        names = {route.split(":")[0] for route in routes}
        built_in = {"fixcl", "forcecl", "flush", "addheader"}
        plugins = [f"{UWSGI_PLUGINS}/transformation_{name}_plugin.so" for name in sorted(names - built_in)]
        for plugin in plugins:
            if not os.path.exists(plugin):
                self.skipTest(f"without {plugin}")
        options = ["--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", example("features"), *more]
        for plugin in plugins:
            options += ["--plugins", plugin]
        for route in routes:
            options += [f"--{kind}", f".* {route}"]
        server = Server(options=plugin_options(*options))
        self.addCleanup(server.stop)
        return server

    def ask(self, server, path="/title", method="GET", lines=b"", version=b"1.1", behind=b"", context=None, port=None):
        """Returns the head, and all bytes after it until the server closes."""
        client = socket.create_connection((server.host, port or server.port), patient(10))
        self.addCleanup(client.close)
        if context:
            client = context.wrap_socket(client, server_hostname="127.0.0.1")
        client.sendall(b"%s %s HTTP/%s\r\nHost: x\r\n%s\r\n" % (method.encode(), path.encode(), version, lines) + behind)
        answer = b""
        while part := client.recv(1 << 16):
            answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/" + version + b" "), answer)
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = fields.get(b"content-length")
        if length is not None and method != "HEAD":
            self.assertEqual(int(length), len(body), head)
        return fields, body

    def test_a_compressed_body_is_whole_and_has_no_other_ones_length(self):
        for kind in ("route", "response-route"):
            server = self.start("gzip:", kind=kind)
            for version, lines in ((b"1.1", b""), (b"1.1", CLOSE), (b"1.0", b"")):
                with self.subTest(kind, version=version, lines=lines):
                    fields, body = self.ask(server, version=version, lines=lines)
                    self.assertEqual(fields[b"content-encoding"], b"gzip")
                    self.assertEqual(fields[b"connection"], b"close")
                    self.assertEqual(gunzip(body), TITLE)

    def test_a_client_that_has_sent_more_gets_all_the_same(self):
        server = self.start("gzip:")
        _, body = self.ask(server, behind=b"GET /title HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        self.assertEqual(gunzip(body), TITLE)

    def test_a_long_body_is_whole(self):
        server = self.start("gzip:")
        _, body = self.ask(server, "/big?mib=3")
        self.assertEqual(gunzip(body), b"x" * (3 << 20))

    def test_a_length_that_a_route_works_out_is_told(self):
        for kind in ("route", "response-route"):
            for fix in ("fixcl:", "forcecl:"):
                with self.subTest(kind, fix=fix):
                    fields, body = self.ask(self.start("gzip:", fix, kind=kind))
                    self.assertEqual(gunzip(body), TITLE)
                    self.assertIn(b"content-length", fields)

    def test_chunks_have_no_length_beside_them(self):
        for kind in ("route", "response-route"):
            for routes in (["chunked:"], ["gzip:", "chunked:"]):
                with self.subTest(kind, routes=routes):
                    server = self.start(*routes, kind=kind)
                    client = http.client.HTTPConnection(server.host, server.port, timeout=patient(10))
                    self.addCleanup(client.close)
                    client.request("GET", "/title")
                    answer = client.getresponse()
                    self.assertIsNone(answer.headers["Content-Length"])
                    self.assertEqual(answer.headers["Transfer-Encoding"], "chunked")
                    body = answer.read()
                    self.assertEqual(gunzip(body) if len(routes) > 1 else body, TITLE)

    def test_others_that_may_change_a_body_tell_no_wrong_length(self):
        with tempfile.TemporaryDirectory(prefix="aiopyr-transformations-") as folder:
            for kind in ("route", "response-route"):
                for route, expected in (("toupper:", TITLE.upper()), ("template:", TITLE), ("flush:", TITLE),
                                        (f"tofile:filename={folder}/kept", TITLE)):
                    with self.subTest(kind, route=route):
                        _, body = self.ask(self.start(route, kind=kind))
                        self.assertEqual(body, expected)

    def test_bodies_that_a_thread_sends_arrive_whole(self):
        server = self.start("offload:", more=("--offload-threads", "1"))
        for path, expected in (("/title", TITLE), ("/big?mib=3", b"x" * (3 << 20))):
            for lines in (b"", CLOSE):
                with self.subTest(path, lines=lines):
                    self.assertEqual(self.ask(server, path, lines=lines)[1], expected)
        self.assertEqual(self.ask(server, behind=b"and more")[1], TITLE)

    def test_heads_errors_and_files_are_right(self):
        with tempfile.NamedTemporaryFile(prefix="aiopyr-file-") as file:
            file.write(b"hello")
            file.flush()
            for kind in ("route", "response-route"):
                server = self.start("gzip:", kind=kind, more=("--aiopyr-set", f"features.file={file.name}",
                                                              "--limit-post", "10"))
                with self.subTest(kind):
                    self.assertEqual(self.ask(server, method="HEAD", lines=CLOSE)[1], b"")
                    self.assertIn(b"Not Found", gunzip(self.ask(server, "/nowhere")[1]))
                    # uWSGI sends files unchanged.
                    fields, body = self.ask(server, "/file", lines=CLOSE)
                    self.assertEqual((fields[b"content-length"], body), (b"5", b"hello"))
                    self.ask(server, "/body", "POST", b"Content-Length: 5000\r\n", behind=b"x" * 5000)

    def test_a_route_that_is_for_errors_tells_no_wrong_length(self):
        server = self.start("gzip:", more=("--error-route-status", "404 gzip:"), kind="error-route")
        self.assertIn(b"Not Found", gunzip(gunzip(self.ask(server, "/nowhere")[1])))

    def test_behind_tls_too(self):
        certificate = Certificate()
        self.addCleanup(certificate.remove)
        port = reserve_port()
        server = self.start("gzip:", more=("--https-socket", f"127.0.0.1:{port},{certificate.cert},{certificate.key}"))
        for lines in (b"", CLOSE):
            for behind in (b"", b"GET /title HTTP/1.1\r\n"):
                with self.subTest(lines=lines, behind=behind):
                    _, body = self.ask(server, lines=lines, behind=behind, context=certificate.client_context(), port=port)
                    self.assertEqual(gunzip(body), TITLE)

    def test_routes_that_transform_nothing_leave_the_length(self):
        server = self.start("addheader:X-Routed: 1", kind="response-route")
        fields, body = self.ask(server, lines=CLOSE)
        self.assertEqual((fields[b"content-length"], fields[b"x-routed"], body), (b"20", b"1", TITLE))


if __name__ == "__main__":
    unittest.main()
