#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <aiopyr/clients/http/guard/guard.h>
#include <aiopyr/clients/http/message/body.h>
#include <aiopyr/clients/http/message/headers.h>
#include <aiopyr/clients/http/message/url.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::http {

class CookieJar;

/// The time that a request waits, for each thing. Zero: no limit. The deadline of the request on
/// whose behalf it runs (TaskContext) cuts all of them short.
struct Timeouts {
  Seconds acquire = 5;  ///< for a place in the pool
  Seconds connect = 5;  ///< look-up, TCP, proxy and TLS together
  Seconds read = 5;     ///< for the next byte of the answer
  Seconds write = 5;    ///< for the server to take more of the body
  Seconds total = 0;    ///< from the call to the last byte, redirects and attempts included
};

/// The resources that a client may use.
struct Limits {
  std::size_t connections = 100;             ///< at a time
  std::size_t connections_per_origin = 100;  ///< at a time
  std::size_t streams_per_origin = 100;      ///< requests at a time to an origin of HTTP/2
  Seconds keep = 15;                         ///< how long idle connections are kept
  std::size_t waiting = 1000;                ///< requests that wait for a place
};

/// The versions of HTTP that a client speaks.
enum class Version : std::uint8_t {
  kAutomatic,     ///< HTTP/2 where TLS agrees on it (ALPN), else HTTP/1.1
  kHttp1,         ///< HTTP/1.1 only
  kHttp2Directly  ///< HTTP/2 at once, also without TLS (prior knowledge)
};

/// To which origins X-Request-ID, traceparent and tracestate of the current request are passed on.
/// A request's own headers of these names go before, and a guarded request passes on none.
struct PassOn {
  bool to_all = true;
  std::vector<std::string> hosts = {};  ///< host names, where not to all
};

struct ClientOptions {
  std::string name = "default";  ///< of its row in the metrics
  std::string base_url = {};     ///< put before URLs that begin with `/`
  Headers headers = {};          ///< of every request, unless it sets them
  Timeouts timeouts = {};
  Limits limits = {};
  Version version = Version::kAutomatic;
  bool follow_redirects = false;
  std::size_t max_redirects = 20;
  bool allow_downgrade = false;                  ///< follow redirects from https to http
  std::vector<std::string> secret_headers = {};  ///< dropped when a redirect leaves the origin
  std::size_t max_body = 16UL * 1024 * 1024;     ///< of an answer that is not streamed, in bytes
  std::size_t max_head = 64UL * 1024;            ///< all heads and trailers of an answer, in bytes
  std::size_t stream_buffer = 256UL * 1024;      ///< of an answer that is streamed, in bytes
  std::size_t retries = 0;  ///< further attempts of what is safe: docs/http-client.md
  PassOn pass_on = {};
  Guard guard = {};                         ///< of every request
  std::shared_ptr<CookieJar> cookies = {};  ///< none by default
  std::string unix_socket = {};             ///< the path of a socket to which all requests go
  std::string proxy = {};               ///< `http://`, `https://` or `socks5://user:password@host`
  bool proxy_from_environment = false;  ///< http_proxy, https_proxy, all_proxy, no_proxy
  bool verify_tls = true;
  std::string ca_file = {};           ///< PEM; the system's if empty
  std::string client_cert_file = {};  ///< PEM
  std::string client_key_file = {};   ///< PEM
  Seconds keep_names = 30;            ///< for how long the addresses of a name are kept
};

/// The options of one request. Missing ones are the client's.
struct RequestOptions {
  Headers headers = {};
  Pairs query = {};  ///< added to the URL's
  Body body = {};
  std::optional<Timeouts> timeouts = {};
  std::optional<bool> follow_redirects = {};
  std::optional<std::size_t> max_body = {};
  std::optional<std::size_t> retries = {};
  std::optional<Guard> guard = {};
};

}  // namespace aiopyr::http
