#pragma once

#include <nlohmann/json.hpp>

#include "options.h"

/// The kinds of load. Each runs until its time has passed, and returns the result that main.cc
/// prints; throws LoadError, or std::system_error, at the first wrong answer.
namespace load {

/// Websocket ping-pong: each connection has `depth` messages of `size` bytes of text in flight.
/// They are numbered, and every reply is compared. An operation is a message.
[[nodiscard]] nlohmann::json run_echo(const Options& options);

/// Requests on connections that are kept alive, `depth` of them pipelined; an operation is a
/// request. `error` is "not kept alive" where the server closes.
[[nodiscard]] nlohmann::json run_http(const Options& options);

/// Requests with a connection each; an operation is a request, from connecting to the end.
[[nodiscard]] nlohmann::json run_http_close(const Options& options);

/// Websockets subscribed to a topic. One of them sends `size` bytes, all of them receive and
/// compare them; then the next. An operation is a message at one receiver.
[[nodiscard]] nlohmann::json run_topic(const Options& options);

/// Opens websockets, prints `{"open": N}`, and only answers pings until standard input ends.
/// Returns how many are still open.
[[nodiscard]] nlohmann::json hold_websockets(const Options& options);

/// Holds requests that are not answered meanwhile.
[[nodiscard]] nlohmann::json hold_requests(const Options& options);

}  // namespace load
