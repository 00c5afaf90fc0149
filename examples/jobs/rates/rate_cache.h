#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "rate_table.h"
#include <aiopyr/async.h>
#include <aiopyr/http_client.h>

namespace jobs {

/// Exchange rates from a service of somebody else, kept for a while. One of a worker: it asks once,
/// whoever waits; meanwhile others wait too, or get the rates from before. Where the service fails,
/// nobody waits for it again for a minute, and rates of the last day are good enough.
class RateCache {
 public:
  struct Options {
    std::string url;
    std::chrono::seconds keep{3600};  ///< how long rates are kept
    std::function<void(const std::string& problem)> log;
  };

  explicit RateCache(Options options);

  /// Returns the rates; null where there are none, which is no error. Takes three seconds at most.
  [[nodiscard]] aiopyr::Task<std::shared_ptr<const RateTable>> latest();

  /// Ends what runs: called by the registry when the worker ends.
  [[nodiscard]] aiopyr::Task<> close();

 private:
  [[nodiscard]] bool is_asking() const { return asking_ && !asking_.is_done(); }
  /// Asks the service. Runs by itself, so that it goes on when a visitor leaves.
  [[nodiscard]] aiopyr::Task<> ask();

  Options options_;
  aiopyr::http::Client client_;
  std::shared_ptr<const RateTable> rates_;
  aiopyr::TimePoint asked_at_{};  ///< when rates_ came
  aiopyr::TimePoint ask_at_{};    ///< when to ask again
  aiopyr::TaskHandle<> asking_;
  aiopyr::Event answered_;
};

}  // namespace jobs
