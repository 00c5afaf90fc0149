#include <cstdint>
#include <string>

#include <aiopyr/plugin/response/persistence.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>

namespace aiopyr::plugin {

namespace {

/// Returns whether the client wants to keep the connection; `close` overrides (RFC 9112 section
/// 9.3).
bool client_wants_more(std::string_view version, std::string_view connection) {
  if (connection.empty()) return version != "HTTP/1.0";
  if (header_list_contains(connection, "close")) return false;
  return version != "HTTP/1.0" || header_list_contains(connection, "keep-alive");
}

/// Returns whether the client has asked for another protocol and does not get it. Some proxies pass
/// on the bytes after such a request unread, without waiting for the 101: bytes that their client
/// wrote there would be served as a request that they have never seen.
bool refuses_upgrade(const ConnectionTerms& terms, const Response& response) {
  constexpr int kUpgradeRequired = 426;
  return response.status_code() == kUpgradeRequired || terms.asks_for_upgrade;
}

bool app_closes(const Response& response) {
  const auto connection = response.headers().get("Connection");
  return connection && header_list_contains(*connection, "close");
}

/// Returns what the response's Connection is to say: `connection`, and where it names protocols to
/// upgrade to, that this is so (RFC 9110 section 7.8): proxies take the name off otherwise.
std::string_view with_upgrade(const Response& response, std::string_view connection) {
  const Headers& headers = response.headers();
  if (!headers.contains("Upgrade")) return connection;
  if (header_list_contains(headers.get("Connection", ""), "upgrade")) return connection;
  if (connection.empty()) return "Upgrade";
  return connection == "close" ? "Upgrade, close" : "Upgrade, keep-alive";
}

/// Returns whether the response ends where its head says: code around an app may have changed it.
bool ends_as_it_says(const Response& response, bool head_only) {
  if (response.headers().contains("Transfer-Encoding")) return false;
  const std::uint64_t length = response.content_length();
  const int status = response.status_code();
  if (status == 204 || status == 304) return head_only || length == 0;
  const auto told = response.headers().get("Content-Length");
  return told && (head_only || *told == std::to_string(length));
}

bool is_told_to_close(const ConnectionTerms& terms, const Response& response) {
  return terms.server_closes || app_closes(response);
}

}  // namespace

Persistence unsaid(const Response& response) {
  return {.keep = false, .surprises = false, .connection = with_upgrade(response, "")};
}

Persistence closing(const ConnectionTerms& terms, const Response& response) {
  const std::string_view said = is_told_to_close(terms, response) ? "" : "close";
  return {.keep = false, .surprises = false, .connection = with_upgrade(response, said)};
}

Persistence persistence_of(const ConnectionTerms& terms, const Response& response, bool head_only) {
  Persistence persistence = closing(terms, response);
  if (!client_wants_more(terms.version, terms.connection)) return persistence;
  persistence.surprises = true;
  if (is_told_to_close(terms, response) || refuses_upgrade(terms, response) || !terms.may_go_on ||
      !terms.is_intact || !ends_as_it_says(response, head_only)) {
    return persistence;
  }
  const bool is_old = terms.version == "HTTP/1.0";
  return {.keep = true,
          .surprises = false,
          .connection = with_upgrade(response, is_old ? "keep-alive" : "")};
}

}  // namespace aiopyr::plugin
