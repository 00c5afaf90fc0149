#include "rate_cache.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace jobs {

using namespace aiopyr;

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kPauseAfterFailure = 1min;
constexpr std::chrono::seconds kGoodFor = 24h;

TimePoint now() { return Loop::require("RateCache").now(); }

http::ClientOptions client_options() {
  return {
      .name = "rates", .timeouts = {.connect = 2, .read = 2, .total = 3}, .max_body = 64UL * 1024};
}

}  // namespace

RateCache::RateCache(Options options) : options_(std::move(options)), client_(client_options()) {}

Task<std::shared_ptr<const RateTable>> RateCache::latest() {
  if (rates_ && now() - asked_at_ > kGoodFor) rates_.reset();
  if (!is_asking() && now() >= ask_at_) {
    answered_.clear();
    asking_ = spawn(ask());
  }
  if (!rates_ && is_asking()) co_await answered_.wait();
  co_return rates_;
}

Task<> RateCache::ask() {
  std::chrono::seconds pause = std::min(options_.keep, kPauseAfterFailure);
  try {
    auto asking = client_.get(options_.url);
    const http::Response response = co_await std::move(asking);
    response.raise_for_status();
    rates_ = std::make_shared<const RateTable>(parse_rates(response.body()));
    asked_at_ = now();
    pause = options_.keep;
  } catch (const std::exception& error) {
    options_.log(error.what());
  }
  ask_at_ = now() + pause;
  answered_.set();
}

Task<> RateCache::close() {
  asking_.cancel();
  co_return;
}

}  // namespace jobs
