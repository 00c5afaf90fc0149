#include <cxxabi.h>
#include <utility>

#include <aiopyr/plugin/failure.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/throw_sites.h>

namespace aiopyr::plugin {

namespace {

/// uWSGI's handlers get a failure in packets of 64 KiB, together with the request's variables.
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

/// Functions that call each other for us, in which nobody has made a mistake.
bool is_plumbing(const CodePlace& place) noexcept {
  return place.file == "aiopyr_plugin.so" &&
         (place.function.starts_with("std::") || place.function.starts_with("boost::"));
}

/// Where every stack begins, with nothing to tell apart: the loop, a fiber, a thread of a pool.
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
    log_line(std::string(where) + ": " + failure.repr);
    for (const CodePlace& place : failure.stack) log_line("    at " + to_string(place));
  } catch (...) {
    log_line("an exception is not described: out of memory");
  }
}

void log_exception(std::string_view where, const std::exception_ptr& error) noexcept {
  try {
    log_failure(where, describe_failure(error));
  } catch (...) {
    log_line("an exception is not described: out of memory");
  }
}

}  // namespace aiopyr::plugin
