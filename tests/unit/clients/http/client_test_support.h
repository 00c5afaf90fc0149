#pragma once

#include <string>
#include <utility>

#include "tests/unit/support/scripted_http_server.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/http_client.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

namespace aiopyr::http::testing {

/// Lets a test's client and servers run until something is so, at most some thousand turns.
template <class Condition>
bool turn_until(Loop& loop, Condition condition) {
  for (int turn = 0; turn < 20000; ++turn) {
    if (condition()) return true;
    loop.run_once(false);
  }
  return condition();
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Answers each request that has a Content-Length, or none and no body, with its own bytes.
inline void echo(ServerConnection& connection) {
  const std::size_t end = connection.received.find("\r\n\r\n");
  if (end == std::string::npos) return;
  const std::string head = connection.received.substr(0, end + 4);
  std::size_t length = 0;
  const std::size_t field = head.find("Content-Length: ");
  if (field != std::string::npos) length = std::stoul(head.substr(field + 16));
  if (head.find("chunked") != std::string::npos) {
    if (!connection.received.ends_with("0\r\n\r\n")) return;
    length = connection.received.size() - end - 4;
  }
  if (connection.received.size() < end + 4 + length) return;
  const std::string request = connection.received.substr(0, end + 4 + length);
  connection.received.erase(0, end + 4 + length);
  connection.send(answer(request));
}

}  // namespace aiopyr::http::testing
