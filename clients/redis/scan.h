#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/clients/redis/call.h>

namespace aiopyr::redis {

/// The keys that Client::scan() looks for.
struct ScanOptions {
  std::string match;        ///< a pattern, such as `session:*`; empty for all
  std::string type;         ///< such as `hash`; empty for all
  std::size_t count = 100;  ///< how many keys the server looks at for one answer
};

/// The keys of a database, a batch at a time (SCAN). A key may come twice; one that is there from
/// the first to the last call comes at least once.
///
///     auto keys = redis.scan(options);
///     while (!keys.is_done()) {
///       for (const std::string& key : co_await keys.next()) ...
///     }
class Scan {
 public:
  Scan(std::shared_ptr<detail::ClientCore> core, ScanOptions options)
      : core_(std::move(core)), options_(std::move(options)) {}

  [[nodiscard]] bool is_done() const noexcept { return *is_done_; }
  /// Returns the next batch, which may be empty before the end too. One call at a time.
  [[nodiscard]] Task<std::vector<std::string>> next() {
    return next_batch(core_, options_, cursor_, is_done_);
  }

 private:
  static Task<std::vector<std::string>> next_batch(std::shared_ptr<detail::ClientCore> core,
                                                   ScanOptions options,
                                                   std::shared_ptr<std::string> cursor,
                                                   std::shared_ptr<bool> is_done);

  std::shared_ptr<detail::ClientCore> core_;
  ScanOptions options_;
  std::shared_ptr<std::string> cursor_ = std::make_shared<std::string>("0");
  std::shared_ptr<bool> is_done_ = std::make_shared<bool>(false);
};

}  // namespace aiopyr::redis
