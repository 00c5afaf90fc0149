#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cxxabi.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/failures/repeated_failures.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/runtime/async/loop/signals_blocked.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/throw_sites.h>
#include <aiopyr/runtime/web/http/file_body.h>

namespace aiopyr::plugin {

namespace {

/// The longest text: uWSGI's handlers get a failure in packets of 64 KiB, with the request's
/// variables.
constexpr std::size_t kLongestText = 4096;

void set_type_and_message(Failure& failure, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    failure.type = type_name(typeid(e));
    failure.message = e.what();
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    failure.type = type != nullptr ? type_name(*type) : "an exception of unknown type";
  }
}

/// Returns whether a place is one of our internal functions, which are never the cause.
bool is_plumbing(const CodePlace& place) noexcept {
  return place.file == "aiopyr_plugin.so" &&
         (place.function.starts_with("std::") || place.function.starts_with("boost::"));
}

/// Returns whether a place is a root of stacks, the same for all: the loop, a fiber, a pool's
/// thread.
bool is_root(const CodePlace& place) noexcept {
  return place.function.starts_with("aiopyr::Loop::run_once(") ||
         place.function.starts_with("aiopyr::Fiber::main_loop(") ||
         place.function.starts_with("boost::asio::detail::scheduler::");
}

std::vector<CodePlace> places_of(const Backtrace& trace) {
  constexpr std::size_t kLongestName = 300;
  std::vector<CodePlace> places;
  for (const void* address : trace.frames()) {
    CodePlace place = code_place(address);
    if (is_root(place)) break;
    if (is_plumbing(place)) continue;
    if (place.function.size() > kLongestName) place.function.replace(kLongestName, -1, "...");
    places.push_back(std::move(place));
  }
  return places;
}

/// Never destroyed: a worker may log until it has ended.
RepeatedFailures& repeated_failures() {
  static auto& kept = *new RepeatedFailures;
  return kept;
}

std::function<void()>& counted_failure_listener() {
  static auto& kept = *new std::function<void()>;
  return kept;
}

/// Returns the key of a failure: failures of one kind have the same text and the same place of
/// throw.
std::string kind_of(const Failure& failure) {
  if (failure.stack.empty()) return failure.repr;
  return failure.repr + " at " + to_string(failure.stack.front());
}

/// The number of failures that were counted and not yet logged, in a form that a signal handler may
/// read.
std::atomic<std::uint64_t> untold{0};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

std::atomic<bool> is_telling{false};

/// Logs the counts of periods that have ended, until there are none left.
void tell_in_time() {
  while (true) {
    std::this_thread::sleep_for(RepeatedFailures::kPeriod);
    if (log_counted_failures(Counted::kWhoseTimeIsOver)) continue;
    is_telling = false;
    // A failure that was counted meanwhile has not started a thread, as this one still seemed to
    // run.
    if (!repeated_failures().has_counted() || is_telling.exchange(true)) return;
  }
}

/// Logs counts in a mule or a spooler, which has no loop: by a thread, and at the end of the
/// process. A signal handler may end the process; there only the number of failures can be logged.
void tell_without_loop() noexcept {
  [[maybe_unused]] static const int registered = std::atexit(tell_untold_number);
  if (is_telling.exchange(true)) return;
  const aiopyr::detail::SignalsBlocked blocked;
  try {
    std::thread(tell_in_time).detach();
  } catch (const std::system_error&) {
    is_telling = false;  // the next one may get a thread
  }
}

bool is_to_be_written(const Failure& failure) {
  if (repeated_failures().is_to_be_written(kind_of(failure), Clock::now())) return true;
  ++untold;
  if (counted_failure_listener()) {
    counted_failure_listener()();
  } else {
    tell_without_loop();
  }
  return false;
}

}  // namespace

Failure describe_failure(const std::exception_ptr& error) {
  Failure failure;
  set_type_and_message(failure, error);
  failure.repr = describe(error);
  for (std::string* text : {&failure.type, &failure.message, &failure.repr}) {
    if (text->size() > kLongestText) text->resize(kLongestText);
  }
  if (const auto trace = thrown_at(error)) failure.stack = places_of(*trace);
  return failure;
}

void log_failure(std::string_view where, const Failure& failure) noexcept {
  try {
    if (!is_to_be_written(failure)) return;
    log_line(std::string(where) + ": " + failure.repr);
    for (const CodePlace& place : failure.stack) log_line("    at " + to_string(place));
  } catch (...) {
    log_line("an exception is not described: out of memory");
  }
}

bool log_counted_failures(Counted which) noexcept {
  try {
    RepeatedFailures& failures = repeated_failures();
    const auto counts =
        which == Counted::kUpToNow ? failures.take_all() : failures.take_over(Clock::now());
    for (const auto& [kind, more] : counts) {
      untold -= more;
      log_line("ERROR: " + std::to_string(more) + " times more, not written: " + kind);
    }
    return failures.has_counted();
  } catch (...) {
    log_line("failures that were counted are not told: out of memory");
    return false;
  }
}

void tell_untold_number() noexcept {
  std::uint64_t left = untold;
  if (left == 0) return;
  constexpr std::string_view kEnd = " failures more, not written\n";
  std::array<char, 20 + kEnd.size()> line{};
  auto* const digits_end = line.end() - kEnd.size();
  std::copy(kEnd.begin(), kEnd.end(), digits_end);
  auto* first = digits_end;
  for (; left > 0; left /= 10) *--first = static_cast<char>('0' + left % 10);
  constexpr std::string_view kBegin = "[aiopyr] ERROR: ";
  std::array<char, kBegin.size() + line.size()> whole{};
  auto* const end =
      std::copy(first, line.end(), std::copy(kBegin.begin(), kBegin.end(), whole.begin()));
  static_cast<void>(
      !::write(STDERR_FILENO, whole.data(), static_cast<std::size_t>(end - whole.data())));
}

void set_counted_failure_listener(std::function<void()> listener) {
  counted_failure_listener() = std::move(listener);
}

void log_exception(std::string_view where, const std::exception_ptr& error) noexcept {
  try {
    log_failure(where, describe_failure(error));
  } catch (...) {
    log_line("an exception is not described: out of memory");
  }
}

void log_uncaught(std::string_view where, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const FileShortenedError& shortened) {
    log_line(std::string(where) + ": " + shortened.what());
  } catch (...) {
    log_exception("unhandled exception in " + std::string(where), error);
  }
}

}  // namespace aiopyr::plugin
