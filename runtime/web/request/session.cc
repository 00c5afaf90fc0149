#include <algorithm>
#include <stdexcept>

#include <aiopyr/runtime/text/digest.h>
#include <aiopyr/runtime/web/request/session.h>

namespace aiopyr {
namespace {

constexpr std::string_view kCsrfKey = "_csrft_";
constexpr std::size_t kCsrfTokenBytes = 20;

std::string flash_key(std::string_view queue) { return "_f_" + std::string(queue); }

Json as_array(Json value) { return value.is_array() ? std::move(value) : Json::array(); }

}  // namespace

Session::Session(Json data, double created, bool is_new)
    : data_(std::move(data)), created_(created), is_new_(is_new) {}

Session::~Session() = default;

std::size_t Session::size() { return items().size(); }

bool Session::empty() { return items().empty(); }

bool Session::contains(std::string_view key) { return find(key) != nullptr; }

const Json* Session::find(std::string_view key) {
  const Json& all = items();
  const auto found = all.find(std::string(key));
  return found == all.end() ? nullptr : &*found;
}

const Json& Session::at(std::string_view key) {
  if (const Json* value = find(key)) return *value;
  throw std::out_of_range("The session has no '" + std::string(key) + "'.");
}

Json Session::get(std::string_view key, Json fallback) {
  if (const Json* value = find(key)) return *value;
  return fallback;
}

const Json& Session::items() {
  accessed();
  return data_;
}

Json& Session::to_change() {
  accessed();
  changed();
  return data_;
}

Json& Session::operator[](std::string_view key) { return to_change()[std::string(key)]; }

bool Session::erase(std::string_view key) { return to_change().erase(std::string(key)) > 0; }

Json Session::pop(std::string_view key, Json fallback) {
  Json& all = to_change();
  const auto found = all.find(std::string(key));
  if (found == all.end()) return fallback;
  Json value = std::move(*found);
  all.erase(found);
  return value;
}

Json& Session::setdefault(std::string_view key, Json fallback) {
  return to_change().emplace(std::string(key), std::move(fallback)).first.value();
}

void Session::update(const Json& values) { to_change().update(values); }

void Session::clear() { to_change().clear(); }

void Session::flash(Json message, std::string_view queue, bool allow_duplicate) {
  Json& messages = setdefault(flash_key(queue), Json::array());
  if (!messages.is_array()) messages = Json::array();
  const bool is_there = std::find(messages.begin(), messages.end(), message) != messages.end();
  if (allow_duplicate || !is_there) messages.push_back(std::move(message));
}

Json Session::pop_flash(std::string_view queue) { return as_array(pop(flash_key(queue))); }

Json Session::peek_flash(std::string_view queue) { return as_array(get(flash_key(queue))); }

std::string Session::new_csrf_token() {
  std::string token = random_hex(kCsrfTokenBytes);
  (*this)[kCsrfKey] = token;
  return token;
}

std::string Session::get_csrf_token() {
  const Json* token = find(kCsrfKey);
  return token != nullptr && token->is_string() ? token->get<std::string>() : new_csrf_token();
}

}  // namespace aiopyr
