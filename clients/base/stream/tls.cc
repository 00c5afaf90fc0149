#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <aiopyr/clients/base/stream/tls.h>
#include <aiopyr/clients/base/stream/tls_socket.h>
#include <aiopyr/runtime/async/transport/tls_transport.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::clients {

namespace {

std::string openssl_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "unknown reason" : reason;
}

/// Returns why a handshake has failed.
std::string handshake_problem(ssl_st* session, int error, int system_error) {
  const long verified = SSL_get_verify_result(session);
  if (verified != X509_V_OK && SSL_get_verify_mode(session) != SSL_VERIFY_NONE) {
    return std::string("TLS: the server's certificate is refused: ") +
           X509_verify_cert_error_string(verified);
  }
  if (error == SSL_ERROR_SYSCALL) {
    return system_error == 0 ? std::string("TLS: the server has closed the connection")
                             : std::string("TLS: ") + std::strerror(system_error);
  }
  return "TLS: " + openssl_reason();
}

/// Sets whose certificate it has to be.
bool set_host(ssl_st* session, const std::string& host) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return true;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0) == 1 &&
         SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

/// Makes a session on the stream's socket, which it takes over.
std::unique_ptr<TlsTransport> make_session(std::unique_ptr<Transport> stream,
                                           const TlsContext& context, const std::string& host) {
  ssl_st* const session = SSL_new(context.get());
  if (session == nullptr) throw Error("TLS: no session: " + openssl_reason());
  auto secured = std::make_unique<TlsTransport>(session, stream->fd());
  stream->disown();
  BIO* const socket = make_socket_bio(secured->fd());
  if (socket == nullptr) throw Error("TLS: no session: " + openssl_reason());
  SSL_set_bio(session, socket, socket);
  if (!set_host(session, host)) throw Error("TLS: '" + host + "' cannot be a certificate's name");
  SSL_set_connect_state(session);
  return secured;
}

/// Goes on with the handshake. Returns what to wait for; kNone at its end.
FdEvents shake_hands(ssl_st* session) {
  ERR_clear_error();
  errno = 0;
  const int done = SSL_do_handshake(session);
  const int system_error = errno;
  if (done == 1) return FdEvents::kNone;
  const int error = SSL_get_error(session, done);
  if (error == SSL_ERROR_WANT_READ) return FdEvents::kRead;
  if (error == SSL_ERROR_WANT_WRITE) return FdEvents::kWrite;
  throw Error(handshake_problem(session, error, system_error));
}

}  // namespace

TlsContext make_tls_context(bool verify, const std::string& ca_file) {
  TlsContext context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  if (!context) throw ConfigurationError("TLS: OpenSSL gives no context: " + openssl_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // A second handshake would have a write wait for input, which no user of the stream looks at.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_verify(context.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1) {
    throw ConfigurationError("TLS: cannot read authorities (PEM) from ca_file '" + ca_file +
                             "': " + openssl_reason());
  }
  return context;
}

Task<std::unique_ptr<Transport>> start_tls(std::unique_ptr<Transport> stream, TlsContext context,
                                           std::string host) {
  std::unique_ptr<TlsTransport> secured = make_session(std::move(stream), context, host);
  for (;;) {
    const FdEvents wanted = shake_hands(secured->session());
    if (wanted == FdEvents::kNone) break;
    [[maybe_unused]] const FdEvents ready = co_await wait_for_fd(secured->fd(), wanted);
  }
  std::unique_ptr<Transport> made = std::move(secured);
  co_return std::move(made);
}

}  // namespace aiopyr::clients
