#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <aiopyr/runtime/web/configurator.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/response.h>

/// What an app and the plugin that loads it have to agree on, for one to use the other's C++
/// objects.
namespace aiopyr {

/// Raised with every change of a public header that an app compiled before cannot survive.
inline constexpr std::uint32_t kAbiVersion = 1;

/// One number for each thing that matters, in the order of kAbiFacts. A fixed layout, so that it
/// can be compared whatever else differs.
using AbiFingerprint = std::array<std::uint32_t, 16>;

inline constexpr std::array<const char*, 14> kAbiFacts = {
    "aiopyr's ABI version",
    "the compiler's C++ ABI version",
    "the compiler's major version",
    "_GLIBCXX_USE_CXX11_ABI",
    "_GLIBCXX_DEBUG",
    "the C++ standard",
    "the size of Request",
    "the size of Response",
    "the size of Configurator",
    "the size of Registry",
    "the size of ViewCallable",
    "the size of Task",
    "the size of Json",
    "the size of Resource",
};

/// Computed where it is compiled, never at run time: the dynamic linker could put the plugin's
/// function in the place of the app's.
consteval AbiFingerprint abi_fingerprint() {
#ifdef _GLIBCXX_DEBUG
  constexpr std::uint32_t kDebug = 1;
#else
  constexpr std::uint32_t kDebug = 0;
#endif
  return {kAbiVersion,
          __GXX_ABI_VERSION,
          __GNUC__,
          _GLIBCXX_USE_CXX11_ABI,
          kDebug,
          static_cast<std::uint32_t>(__cplusplus),
          sizeof(Request),
          sizeof(Response),
          sizeof(Configurator),
          sizeof(Registry),
          sizeof(ViewCallable),
          sizeof(Task<ViewResult>),
          sizeof(Json),
          sizeof(Resource)};
}

/// What differs between an app's fingerprint and this one, as text; empty where nothing does.
[[nodiscard]] std::string describe_abi_mismatch(const AbiFingerprint& app,
                                                const AbiFingerprint& ours);

}  // namespace aiopyr
