#pragma once

/// Catch2 3 as what Catch2 2 was: one header, `Contains` for texts, and `Approx`. Found before the
/// system's where that is version 3 (tools/tests.mk). main() is that of libCatch2Main.
#include <cstddef>
#include <string>

#include <catch2/catch_all.hpp>

namespace Catch {
namespace Matchers {

template <std::size_t N>
auto Contains(const char (&text)[N]) {
  return ContainsSubstring(std::string(text));
}
inline auto Contains(const char* text) { return ContainsSubstring(std::string(text)); }
inline auto Contains(const std::string& text) { return ContainsSubstring(text); }
inline auto Contains(std::string& text) { return ContainsSubstring(text); }
inline auto Contains(std::string&& text) { return ContainsSubstring(text); }

}  // namespace Matchers

using Matchers::Contains;
using Matchers::EndsWith;
using Matchers::StartsWith;

}  // namespace Catch

using Catch::Approx;
