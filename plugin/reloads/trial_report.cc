#include <algorithm>
#include <cstring>

#include <aiopyr/plugin/reloads/trial_report.h>
#include <aiopyr/runtime/base/one_line.h>

namespace aiopyr::plugin {

namespace {

/// The mark at the beginning of the plugin's lines in the log, after uWSGI's time of day.
constexpr std::string_view kOurs = "[aiopyr] ";

std::string with_last_words(std::string reason, const TrialReport& report) {
  const auto words = last_words({report.output.data(), report.size});
  return words.empty() ? reason : reason + "; its last line is: " + one_line(words);
}

std::string exit_reason(const TrialReport& report) {
  const std::string_view output(report.output.data(), report.size);
  const auto words = last_words(output);
  if (!words.empty()) return one_line(words);
  return "it has ended with " + std::to_string(report.value);
}

std::string name_of_signal(int signal) {
  const char* const name = ::sigabbrev_np(signal);
  return "signal " + std::to_string(signal) +
         (name != nullptr ? " (" + std::string(name) + ")" : std::string());
}

}  // namespace

void TrialReport::append(std::string_view bytes) noexcept {
  bytes = bytes.substr(bytes.size() - std::min(bytes.size(), output.size()));
  const std::size_t kept = std::min(size, output.size() - bytes.size());
  std::memmove(output.data(), output.data() + (size - kept), kept);
  std::memcpy(output.data() + kept, bytes.data(), bytes.size());
  size = kept + bytes.size();
}

std::string_view last_words(std::string_view output) noexcept {
  std::string_view last;
  std::string_view ours;
  while (!output.empty()) {
    const std::string_view line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(line.size() + 1, output.size()));
    if (line.empty()) continue;
    last = line;
    const auto mark = line.find(kOurs);
    if (mark != std::string_view::npos) ours = line.substr(mark + kOurs.size());
  }
  return ours.empty() ? last : ours;
}

std::string reason_of(const TrialReport& report) {
  switch (report.end) {
    case TrialReport::End::kExited:
      return report.value == 0 ? std::string() : exit_reason(report);
    case TrialReport::End::kKilled:
      return with_last_words("it has died of " + name_of_signal(report.value), report);
    case TrialReport::End::kTimeIsOver:
      return with_last_words("it has not ended in time", report);
    case TrialReport::End::kNotStarted:
      return std::string("no process can be started: ") + std::strerror(report.value);
  }
  return {};
}

}  // namespace aiopyr::plugin
