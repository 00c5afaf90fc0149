#pragma once

#include <initializer_list>
#include <string>
#include <vector>

namespace aiopyr {

/// One string or several, wherever Pyramid accepts both: `.request_method = "GET"` and
/// `.request_method = {"GET", "POST"}`. A plain value.
class StringList {
 public:
  StringList() = default;
  StringList(const char* value) : values_{std::string(value)} {}
  StringList(std::string value) { values_.push_back(std::move(value)); }
  StringList(std::initializer_list<std::string> values) : values_(values) {}

  [[nodiscard]] const std::vector<std::string>& values() const noexcept { return values_; }
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }

 private:
  std::vector<std::string> values_;
};

}  // namespace aiopyr
