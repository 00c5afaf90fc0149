#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace chat {

/// Refuses a client's request: the client gets an error, and nothing else happens. The code is for
/// programs, the text for people; docs/chat.md lists them.
class Refusal : public std::runtime_error {
 public:
  Refusal(std::string code, const std::string& text)
      : std::runtime_error(text), code_(std::move(code)) {}
  [[nodiscard]] const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

}  // namespace chat
