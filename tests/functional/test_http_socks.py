"""The HTTP client through a SOCKS5 proxy: with and without a password, names looked up by the proxy, proxies that
refuse, break off or say nothing, and URLs that a guard keeps from the proxy."""

import collections
import unittest

from support.http_asker import ask
from support.http_backend import BackendTest
from support.socks_proxy import IPV4, NAME, NOT_ALLOWED, SocksProxy


class SocksTest(BackendTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.names = {"known.invalid": ("127.0.0.1", cls.backend.port), "closed.invalid": NOT_ALLOWED,
                     "localhost": ("127.0.0.1", cls.backend.tls_port)}

    def ask(self, proxy, url, account="", options=None, **what):
        return ask([url], options={"proxy": proxy.url(account), "connect": 20, **(options or {})}, **what)

    def assert_refused(self, result, *words):
        self.assertEqual(result.get("error"), "connect", result)
        for word in words:
            self.assertIn(word, result["says"])

    def test_the_proxy_looks_names_up(self):
        with SocksProxy(self.names) as proxy:
            for scheme in ("socks5", "socks5h"):
                [result] = ask(["http://known.invalid/a"], options={"proxy": proxy.url(scheme=scheme)})
                self.assertEqual(result.get("body"), "GET /a", result)
            self.assertEqual(proxy.asked, [(NAME, "known.invalid", 80)] * 2)

    def test_an_address_goes_to_the_proxy_as_one(self):
        with SocksProxy() as proxy:
            [result] = self.ask(proxy, self.backend.url("/a"))
            self.assertEqual(result.get("body"), "GET /a", result)
            self.assertEqual([(kind, host) for kind, host, _ in proxy.asked], [(IPV4, "127.0.0.1")])

    def test_requests_share_a_kept_connection(self):
        with SocksProxy(self.names) as proxy:
            results = self.ask(proxy, "http://known.invalid/a", times=20)
            self.assertEqual([result.get("body") for result in results], ["GET /a"] * 20)
            self.assertEqual(len(proxy.asked), 1)

    def test_tls_is_with_the_server_behind_the_proxy(self):
        with SocksProxy(self.names) as proxy:
            [result] = self.ask(proxy, "https://localhost/a", options={"ca_file": self.certificate.cert})
            self.assertEqual((result.get("body"), result.get("version")), ("GET /a", "HTTP/2"), result)
            self.assert_refused(*self.ask(proxy, "https://localhost/a"), "certificate")

    def test_a_password(self):
        with SocksProxy(self.names, account=("me", "a:secret word")) as proxy:
            [result] = self.ask(proxy, "http://known.invalid/a", account="me:a%3Asecret%20word")
            self.assertEqual(result.get("body"), "GET /a", result)
            [refused] = self.ask(proxy, "http://known.invalid/a", account="me:other-secret")
            self.assert_refused(refused)
            self.assertNotIn("secret", refused["says"])
            self.assert_refused(*self.ask(proxy, "http://known.invalid/a"))
            self.assertEqual(len(proxy.asked), 1)

    def test_what_the_proxy_refuses_is_an_error_of_connecting(self):
        with SocksProxy(self.names) as proxy:
            for host in ("closed.invalid", "unknown.invalid", "127.0.0.1:1"):
                with self.subTest(host):
                    self.assert_refused(*self.ask(proxy, f"http://{host}/"))
            url = proxy.url()
        self.assert_refused(*ask(["http://known.invalid/"], options={"proxy": url}))

    def test_a_proxy_that_breaks_off_or_says_nothing(self):
        account = ("me", "secret")
        for cut_after in range(14):
            with self.subTest(cut_after), SocksProxy(self.names, account, cut_after=cut_after) as proxy:
                self.assert_refused(*self.ask(proxy, "http://known.invalid/", account="me:secret"))
        with SocksProxy(mute=True) as proxy:
            self.assert_refused(*self.ask(proxy, "http://known.invalid/", options={"connect": 0.3}))

    def test_a_guard_keeps_requests_from_the_proxy(self):
        with SocksProxy(self.names) as proxy:
            for url in ("http://localhost/", "http://127.0.0.1/", "http://[::1]/"):
                with self.subTest(url):
                    [result] = self.ask(proxy, url, options={"guard": True})
                    self.assertEqual(result.get("error"), "forbidden", result)
            # Looked up here, where it does not exist.
            self.assert_refused(*self.ask(proxy, "http://known.invalid/", options={"guard": True}))
            self.assertEqual(proxy.asked, [])

    def test_requests_given_up_at_random_leave_the_others_alone(self):
        with SocksProxy(self.names) as proxy:
            urls = [f"http://known.invalid/{n}" for n in range(100)]
            results = ask(urls, times=10, parallel=16, cancel=0.02, options={"proxy": proxy.url(), "connect": 20})
            kinds = collections.Counter(result.get("error", "answer") for result in results)
            self.assertLessEqual(set(kinds), {"answer", "cancelled"}, kinds)
            for result in results:
                if "error" not in result:
                    self.assertEqual(result["body"], "GET /" + result["asked"].rpartition("/")[2])


if __name__ == "__main__":
    unittest.main()
