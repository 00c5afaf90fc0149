#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/loop/timer.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// What is known of a request that uWSGI has no place for: for the metrics and the logs. Kept by
/// its RequestFiber, from before its plugin is asked to after it was logged.
struct RequestNotes {
  std::optional<TimePoint> begun{};    ///< when its head had been read, and our plugin was asked
  std::optional<Duration> app_time{};  ///< what tweens, view and renderer took
  Duration queue_time{};               ///< how long it waited for a core
  std::size_t row = 0;                 ///< of its route: shared_counters.h
  std::string_view app{};              ///< its mountpoint
  std::string_view route{};            ///< its name
  std::string id{};                    ///< where anybody has asked for it
  std::array<char, 24> view_text{};    ///< what log variables have been written to
  std::array<char, 24> queue_text{};
};

/// The notes of a request; null where this process does not run our loop engine.
[[nodiscard]] RequestNotes* notes_of(const wsgi_request& request) noexcept;

/// Counts a request that has ended, by its route and status. After its response was written.
void count_request(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
