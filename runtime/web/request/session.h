#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/web/json/json.h>

namespace aiopyr {

class Request;

/// What an app keeps about a visitor from one request to the next: a dictionary of JSON values
/// (pyramid.interfaces.ISession). It is got by request.session() and belongs to the request: one
/// context at a time uses it, as it does the request.
///
/// Reading may renew it, writing has it stored with the response. What is written after the
/// response has been made is lost.
class Session {
 public:
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Returns whether this request brought no valid session.
  [[nodiscard]] bool is_new() const noexcept { return is_new_; }
  /// Seconds since 1970.
  [[nodiscard]] double created() const noexcept { return created_; }

  /// Has the session stored. Needed only after a change to something within a value that was got
  /// before.
  virtual void changed() = 0;
  /// Drops all there is.
  virtual void invalidate() { clear(); }

  // Reading.

  [[nodiscard]] bool contains(std::string_view key);
  /// The value, or null.
  [[nodiscard]] const Json* find(std::string_view key);
  /// The value; throws std::out_of_range where there is none.
  [[nodiscard]] const Json& at(std::string_view key);
  /// The value, or `fallback`.
  [[nodiscard]] Json get(std::string_view key, Json fallback = nullptr);
  /// The same as a T. A value that is none counts as missing: it may be from an older version of
  /// the app.
  template <class T>
  requires(!std::is_pointer_v<T> && !std::same_as<T, Json>) [[nodiscard]] T
      get(std::string_view key, T fallback) {
    const Json* value = find(key);
    if (value == nullptr) return fallback;
    try {
      return value->template get<T>();
    } catch (const Json::exception&) {
      return fallback;
    }
  }
  /// All of it: an object.
  [[nodiscard]] const Json& items();
  [[nodiscard]] std::size_t size() { return items().size(); }
  [[nodiscard]] bool empty() { return items().empty(); }

  // Writing.

  /// The value to be written to: `session["n"] = 1`. It is null where there was none.
  Json& operator[](std::string_view key);
  /// Returns whether there was one.
  bool erase(std::string_view key);
  /// Takes the value out; `fallback` where there is none.
  Json pop(std::string_view key, Json fallback = nullptr);
  /// The value, which is `fallback` from now on where there was none.
  Json& setdefault(std::string_view key, Json fallback = nullptr);
  /// Sets each member of an object.
  void update(const Json& values);
  void clear();

  // Messages for the next page, in queues.

  void flash(Json message, std::string_view queue = {}, bool allow_duplicate = true);
  /// The messages as an array, which is empty from now on.
  Json pop_flash(std::string_view queue = {});
  /// The messages, which stay.
  [[nodiscard]] Json peek_flash(std::string_view queue = {});

  // The token of LegacySessionCSRFStoragePolicy.

  std::string new_csrf_token();
  /// Makes one where there is none.
  [[nodiscard]] std::string get_csrf_token();

 protected:
  /// `data` is an object.
  Session(Json data, double created, bool is_new)
      : data_(std::move(data)), created_(created), is_new_(is_new) {}

  /// Called before each reading and writing.
  virtual void accessed() = 0;
  [[nodiscard]] const Json& data() const noexcept { return data_; }

 private:
  Json& to_change();

  Json data_;
  double created_;
  bool is_new_;
};

/// Gives a request its session, when it is first asked for; never null.
using SessionFactory = std::function<std::unique_ptr<Session>(Request&)>;

}  // namespace aiopyr
