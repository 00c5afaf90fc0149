#pragma once

#include <memory>
#include <string>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/transport/transport.h>

struct ssl_ctx_st;

namespace aiopyr::clients {

/// The settings of all TLS connections of a client: OpenSSL's SSL_CTX.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// Makes one, for TLS 1.2 and newer. `verify`: the server's certificate has to be signed by one of
/// the authorities in `ca_file` (PEM; empty for the system's), and be the host's. Throws
/// ConfigurationError where the file cannot be read.
[[nodiscard]] TlsContext make_tls_context(bool verify, const std::string& ca_file);

/// Begins TLS on a connected stream. `host` is the name that the certificate has to have, and is
/// sent to the server (SNI, RFC 6066 section 3); a numeric address has to be in the certificate.
/// Throws Error that says what is wrong with the certificate or the handshake.
///
/// Writing never raises SIGPIPE. In coroutines, which continue in the root context. Cancelling it
/// closes the stream.
[[nodiscard]] Task<std::unique_ptr<Transport>> start_tls(std::unique_ptr<Transport> stream,
                                                         TlsContext context, std::string host);

}  // namespace aiopyr::clients
