#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <version>

#include <aiopyr/runtime/web/config/application.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/request.h>

#if !__has_include(<aiopyr/abi_hash.h>)
#error "aiopyr is not built yet: run make, or compile with the headers that make install installs"
#endif
#include <aiopyr/abi_hash.h>

/// The facts on which an app and the plugin that loads it have to agree, so that one can use the
/// other's C++ objects: the public headers, whose hash changes with their contents; the standard
/// library and its modes that change types; nlohmann's json. Neither the compiler nor the version
/// of C++ matters: g++ and clang lay out the same headers in the same way. The sizes detect macros
/// that change types.
namespace aiopyr {

/// The names of a fingerprint's numbers, in their order. The first two are the headers' hash.
inline constexpr std::array<const char*, 13> kAbiFacts = {
    "the lower half of the headers' hash",
    "the upper half of the headers' hash",
    "the standard library (1: libstdc++, 2: libc++)",
    "_GLIBCXX_USE_CXX11_ABI",
    "_GLIBCXX_DEBUG",
    "the version of nlohmann's json",
    "the size of Request",
    "the size of Response",
    "the size of Configurator",
    "the size of Registry",
    "the size of ViewOptions",
    "the size of Json",
    "the size of Resource",
};

namespace detail {

#ifdef _LIBCPP_VERSION
inline constexpr std::uint32_t kStandardLibrary = 2;
#else
inline constexpr std::uint32_t kStandardLibrary = 1;
#endif
#ifdef _GLIBCXX_USE_CXX11_ABI
inline constexpr std::uint32_t kCxx11Abi = _GLIBCXX_USE_CXX11_ABI;
#else
inline constexpr std::uint32_t kCxx11Abi = 0;
#endif
#ifdef _GLIBCXX_DEBUG
inline constexpr std::uint32_t kDebugLibrary = 1;
#else
inline constexpr std::uint32_t kDebugLibrary = 0;
#endif
inline constexpr std::uint32_t kJsonVersion = NLOHMANN_JSON_VERSION_MAJOR * 10000 +
                                              NLOHMANN_JSON_VERSION_MINOR * 100 +
                                              NLOHMANN_JSON_VERSION_PATCH;

}  // namespace detail

/// Returns the fingerprint of the compilation that includes this. Never computed at run time: the
/// dynamic linker could use the plugin's function in place of the app's.
consteval AbiFingerprint abi_fingerprint() {
  return {static_cast<std::uint32_t>(detail::kHeadersHash),
          static_cast<std::uint32_t>(detail::kHeadersHash >> 32),
          detail::kStandardLibrary,
          detail::kCxx11Abi,
          detail::kDebugLibrary,
          detail::kJsonVersion,
          sizeof(Request),
          sizeof(Response),
          sizeof(Configurator),
          sizeof(Registry),
          sizeof(ViewOptions),
          sizeof(Json),
          sizeof(Resource)};
}

/// Describes the differences between an app's fingerprint and this one; empty if there are none. If
/// the headers differ, nothing else is compared, since they define the meaning of the numbers.
[[nodiscard]] std::string describe_abi_mismatch(const AbiFingerprint& app,
                                                const AbiFingerprint& ours);

}  // namespace aiopyr
