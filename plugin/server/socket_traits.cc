#include <aiopyr/plugin/server/socket_traits.h>

namespace aiopyr::plugin {

namespace {

/// Returns whether a protocol wraps what is written, as FastCGI and SCGI do: persistent connections
/// are the web server's then.
bool wraps_answers(std::string_view protocol) noexcept {
  return protocol.starts_with("fastcgi") || protocol.starts_with("scgi") ||
         protocol.ends_with("-persistent") || protocol == "raw";
}

}  // namespace

SocketTraits traits_of_protocol(std::string_view protocol) noexcept {
  SocketTraits traits{.protocol = protocol};
  const bool is_uwsgi = protocol == "uwsgi";
  traits.is_http = protocol == "http" || protocol == "http11" || protocol == "https";
  traits.is_tls = protocol == "https";
  traits.awaits_bodies = traits.passes_http = traits.is_http || is_uwsgi;
  traits.takes_plain_answers = protocol == "http" || is_uwsgi;
  traits.can_be_taken = !wraps_answers(protocol);
  return traits;
}

}  // namespace aiopyr::plugin
