#pragma once

/// JSON of nlohmann's library as the body of requests and answers of the HTTP client:
///
///     auto response = co_await client.post(url, http::json_body({{"id", 1}}));
///     const nlohmann::json answer = http::parse_json(response);
#include <nlohmann/json.hpp>

#include <aiopyr/http_client.h>

namespace aiopyr::http {

/// Returns a JSON body (`application/json`). Throws nlohmann's type_error for text that is no
/// UTF-8.
[[nodiscard]] inline Body json_body(const nlohmann::json& value) { return json_text(value.dump()); }

/// Reads the body of an answer. Throws nlohmann's parse_error.
[[nodiscard]] inline nlohmann::json parse_json(const Response& response) {
  return nlohmann::json::parse(response.body());
}

}  // namespace aiopyr::http
