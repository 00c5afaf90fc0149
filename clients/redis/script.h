#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/clients/redis/call.h>

namespace aiopyr::redis {

/// A Lua script, which is run by its hash: Client::eval(). Make it once and keep it. A value.
class Script {
 public:
  explicit Script(std::string source);

  [[nodiscard]] const std::string& source() const& noexcept { return source_; }
  std::string source() && = delete;
  /// Returns the SHA-1 of the source, in hexadecimal.
  [[nodiscard]] const std::string& hash() const& noexcept { return hash_; }
  std::string hash() && = delete;

 private:
  std::string source_;
  std::string hash_;
};

namespace detail {

/// Runs EVALSHA; where the server does not know the script, loads it and runs it again, in one
/// write.
[[nodiscard]] Task<Value> run_script(std::shared_ptr<ClientCore> core, Script script,
                                     Command evalsha);

}  // namespace detail
}  // namespace aiopyr::redis
