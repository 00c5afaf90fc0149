#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/json/json.h>

/// Builds a Json from nlohmann's parser events. Internal to runtime/web; used by one thread.
///
/// The parser's own builder looks up each member of an ordered object by a linear search, so that a
/// large object from a client costs quadratic time. This builder keeps an index for large objects.
namespace aiopyr::detail {

/// Thrown by the builder; parse_json turns it into an HTTPBadRequest.
struct JsonSyntaxError {
  std::size_t byte = 0;  ///< counted from 1, as nlohmann does
  std::string reason;
};

/// Thrown by the builder for an integer that does not fit into 64 bits.
struct JsonIntegerTooLarge {
  std::string digits;
};

class JsonBuilder {
 public:
  using Object = Json::object_t;
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  explicit JsonBuilder(std::size_t max_depth) : max_depth_(max_depth) {}

  [[nodiscard]] Json take() noexcept { return std::move(root_); }
  /// Returns whether the nesting, not the syntax, ended the parse.
  [[nodiscard]] bool is_too_deep() const noexcept { return too_deep_; }

  // Handles the events of nlohmann's SAX interface; false stops the parser.
  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(number_integer_t value) { return put(value); }
  bool number_unsigned(number_unsigned_t value) { return put(value); }
  bool number_float(number_float_t value, const string_t& text);
  bool string(string_t& value) { return put(std::move(value)); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_array() { return close(); }
  bool key(string_t& name);
  [[noreturn]] bool parse_error(std::size_t position, const std::string& last_token,
                                const nlohmann::detail::exception& error);

 private:
  struct Level {
    Json* container;
    Json* member = nullptr;  // the value of the key just read
    // Not a hash table: a client can choose names that collide.
    std::map<std::string, std::size_t> index{};
  };

  Json& place();
  bool put(Json value);
  bool open(Json container);
  bool close();

  std::size_t max_depth_;
  bool too_deep_ = false;
  Json root_;
  std::vector<Level> levels_;
};

}  // namespace aiopyr::detail
