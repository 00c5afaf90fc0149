#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>

#include <aiopyr/runtime/web/app_abi.h>
#include <aiopyr/runtime/web/configurator.h>
#include <aiopyr/runtime/web/registry.h>
#include <aiopyr/runtime/web/tweens.h>

/// The way from a shared object to an app, and back: AIOPYR_APP on the app's side,
/// make_application() on the loader's. Apps are made on the loop's thread, before any request.
namespace aiopyr {

/// The first word of what an app's entry point gives.
inline constexpr std::uint64_t kAppMagic = 0x31'72'79'70'6f'69'61'00;  // "\0aiopyr1"

/// What `aiopyr_app`, the one symbol that an app exports, points to. Its layout never changes.
struct AppEntry {
  std::uint64_t magic;
  AbiFingerprint abi;
  /// Configures and makes the app; throws what the app's function throws.
  Handler (*make)(Configurator& config);
};

/// The name and the type of that symbol, for dlsym.
inline constexpr const char* kAppSymbol = "aiopyr_app";
using AppSymbol = const AppEntry* (*)();

/// An app that can be served.
struct Application {
  Handler handler;
  std::shared_ptr<Registry> registry;
};

/// Makes the app behind an entry, with these settings. Relative template names start in
/// `app_folder`. Throws ConfigurationError where the entry is none or of another ABI; what the
/// app's own function throws goes on.
[[nodiscard]] Application make_application(const AppEntry& entry, Settings settings,
                                           std::string app_folder = ".", Logger logger = nullptr);

namespace detail {

/// What an app's function may be: it only configures, or it also makes (and wraps) the handler.
template <class F>
concept AppFunction = std::invocable<F, Configurator&> &&
    (std::is_void_v<std::invoke_result_t<F, Configurator&>> ||
     std::convertible_to<std::invoke_result_t<F, Configurator&>, Handler>);

template <AppFunction F>
Handler make_handler(F app, Configurator& config) {
  if constexpr (std::is_void_v<std::invoke_result_t<F, Configurator&>>) {
    app(config);
    return config.make_app();
  } else {
    return app(config);
  }
}

}  // namespace detail

}  // namespace aiopyr

/// Makes `f`, a `void(Configurator&)` or a `Handler(Configurator&)`, the app of this shared object:
/// once, at namespace scope.
#define AIOPYR_APP(f)                                                                       \
  extern "C" __attribute__((visibility("default"))) const ::aiopyr::AppEntry* aiopyr_app(); \
  extern "C" const ::aiopyr::AppEntry* aiopyr_app() {                                       \
    static constexpr ::aiopyr::AppEntry kEntry = {                                          \
        ::aiopyr::kAppMagic, ::aiopyr::abi_fingerprint(),                                   \
        [](::aiopyr::Configurator& config) -> ::aiopyr::Handler {                           \
          return ::aiopyr::detail::make_handler(f, config);                                 \
        }};                                                                                 \
    return &kEntry;                                                                         \
  }                                                                                         \
  static_assert(true, "a semicolon may follow")
