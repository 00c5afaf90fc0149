#include <curl/curl.h>
#include <system_error>

#include <aiopyr/clients/http/engine/failure.h>
#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::http {

namespace {

// CURLE_TOO_LARGE, which libcurl has from 8.6 on.
constexpr int kTooLarge = 100;

std::string system_reason(int error) { return std::generic_category().message(error); }

/// Returns libcurl's own words, or its name of the code.
std::string reason_of(const Failure& failure) {
  if (!failure.detail.empty()) return std::string(failure.detail);
  return curl_easy_strerror(static_cast<CURLcode>(failure.code));
}

std::string connect_reason(const Failure& failure) {
  // Not libcurl's words, which name the address under which the name was handed to it.
  return failure.os_error != 0 ? system_reason(failure.os_error) : "no address answers";
}

std::exception_ptr lost(const ClientError::Context& context, const Failure& failure,
                        const std::string& problem) {
  const Retry retry = failure.was_sent ? Retry::kUnsafe : Retry::kSafe;
  return std::make_exception_ptr(ConnectionLostError(context, problem, retry));
}

/// libcurl 7.88 reports a malformed chunk as a failure to receive.
bool is_chunk_error(std::string_view detail) noexcept {
  return detail.find("chunk") != std::string_view::npos;
}

}  // namespace

std::exception_ptr make_error(const ClientError::Context& context, const Failure& failure) {
  switch (failure.code) {
    case CURLE_OUT_OF_MEMORY:
      // Also what libcurl 7.88 says of a line of the head beyond 100 KiB.
      if (failure.was_sent) {
        return std::make_exception_ptr(
            ProtocolError(context, "the head of the answer is too large"));
      }
      return std::make_exception_ptr(std::bad_alloc());
    case CURLE_COULDNT_CONNECT:
      return std::make_exception_ptr(
          ConnectError(context, "cannot connect: " + connect_reason(failure)));
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return std::make_exception_ptr(
          ConnectError(context, "cannot connect: " + reason_of(failure)));
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return std::make_exception_ptr(ConnectError(context, "TLS failed: " + reason_of(failure)));
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return std::make_exception_ptr(
          InvalidRequestError(context, "cannot be sent: " + reason_of(failure)));
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_FILESIZE_EXCEEDED:
    case kTooLarge:
      return std::make_exception_ptr(
          ProtocolError(context, "the answer is malformed: " + reason_of(failure)));
    case CURLE_GOT_NOTHING:
      return lost(context, failure, "the connection was closed before an answer");
    case CURLE_PARTIAL_FILE:
      return lost(context, failure, "the connection was closed in the middle of the answer");
    case CURLE_SEND_FAIL_REWIND:
      return lost(context, failure, "the connection broke, and the body cannot be sent again");
    case CURLE_RECV_ERROR:
      if (is_chunk_error(failure.detail)) {
        return std::make_exception_ptr(
            ProtocolError(context, "the answer is malformed: " + reason_of(failure)));
      }
      break;
    default:
      break;
  }
  if (!failure.was_sent) {
    return std::make_exception_ptr(ConnectError(context, "cannot connect: " + reason_of(failure)));
  }
  return lost(context, failure, "the connection broke: " + reason_of(failure));
}

bool is_idempotent(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE" ||
         method == "PUT" || method == "DELETE";
}

}  // namespace aiopyr::http
