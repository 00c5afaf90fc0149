#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/task_context.h>

struct wsgi_request;

namespace aiopyr {
class Request;
}

namespace aiopyr::plugin {

/// The data of a request for metrics and logs for which uWSGI has no field. Kept by its
/// ServedRequest, from before its plugin is called to after it was logged.
struct RequestNotes {
  std::optional<TimePoint> begun{};    ///< when its head had been read, and our plugin was called
  std::optional<Duration> app_time{};  ///< time of tweens, view and renderer
  Duration queue_time{};               ///< how long it waited for a core
  std::size_t row = 0;                 ///< of its route: shared_counters.h
  std::string_view app{};              ///< its mountpoint
  std::string_view route{};            ///< its name
  const Request* asked{};              ///< the one that the app answers now, or null
  std::string id{};                    ///< the request's id, if it was asked for
  std::vector<TaskContext::ClientTime> client_times{};  ///< what it waited for
  std::array<char, 24> view_text{};                     ///< the texts of log variables
  std::array<char, 24> queue_text{};
};

/// Returns the notes of a request; null where this process does not run our loop engine.
[[nodiscard]] RequestNotes* notes_of(const wsgi_request& request) noexcept;

/// Counts a request that has ended, by its route and status. After its response was written.
void count_request(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
