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

/// An app's data about a visitor, kept from one request to the next: a dictionary of JSON values
/// (pyramid.interfaces.ISession). Returned by request.session() and owned by the request: one
/// context at a time uses it, as for the request.
///
/// Reading may renew it; writing stores it with the response. Changes after the response has been
/// made are lost.
class Session {
 public:
  virtual ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Returns whether this request brought no valid session.
  [[nodiscard]] bool is_new() const noexcept { return is_new_; }
  /// Returns the time of creation, in seconds since 1970.
  [[nodiscard]] double created() const noexcept { return created_; }

  /// Marks the session to be stored. Needed only after a change within a value that was returned
  /// before.
  virtual void changed() = 0;
  /// Removes all data.
  virtual void invalidate() { clear(); }

  // Reading.

  [[nodiscard]] bool contains(std::string_view key);
  /// Returns the value, or null.
  [[nodiscard]] const Json* find(std::string_view key);
  /// Returns the value; throws std::out_of_range if there is none.
  [[nodiscard]] const Json& at(std::string_view key);
  /// Returns the value, or `fallback`.
  [[nodiscard]] Json get(std::string_view key, Json fallback = nullptr);
  /// Returns the value as a T. A value of another type counts as missing: it may be from an older
  /// version of the app.
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
  /// Returns all values: an object.
  [[nodiscard]] const Json& items();
  [[nodiscard]] std::size_t size();
  [[nodiscard]] bool empty();

  // Writing.

  /// Returns the value to be written to: `session["n"] = 1`. It is null if there was none.
  Json& operator[](std::string_view key);
  /// Removes a value; returns whether there was one.
  bool erase(std::string_view key);
  /// Removes and returns the value; `fallback` if there is none.
  Json pop(std::string_view key, Json fallback = nullptr);
  /// Returns the value, after setting it to `fallback` if there was none.
  Json& setdefault(std::string_view key, Json fallback = nullptr);
  /// Sets each member of an object.
  void update(const Json& values);
  void clear();

  // Messages for the next page, in queues.

  void flash(Json message, std::string_view queue = {}, bool allow_duplicate = true);
  /// Returns the messages as an array, and empties the queue.
  Json pop_flash(std::string_view queue = {});
  /// Returns the messages, and keeps them.
  [[nodiscard]] Json peek_flash(std::string_view queue = {});

  // The token of LegacySessionCSRFStoragePolicy.

  std::string new_csrf_token();
  /// Returns the token, made if there is none.
  [[nodiscard]] std::string get_csrf_token();

 protected:
  /// Takes the stored data; `data` is an object.
  Session(Json data, double created, bool is_new);

  /// Called before each reading and writing.
  virtual void accessed() = 0;
  [[nodiscard]] const Json& data() const noexcept { return data_; }

 private:
  Json& to_change();

  Json data_;
  double created_;
  bool is_new_;
};

/// Returns a request's session, on its first use; never null.
using SessionFactory = std::function<std::unique_ptr<Session>(Request&)>;

}  // namespace aiopyr
