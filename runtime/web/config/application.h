#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>

#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/registry/tweens.h>

/// The loader's side of an app: makes an app that can be served from the entry point of AIOPYR_APP
/// (app.h). Apps are made on the loop's thread, before any request.
namespace aiopyr {

/// The first word of an app's entry point.
inline constexpr std::uint64_t kAppMagic = 0x31'72'79'70'6f'69'61'00;  // "\0aiopyr1"

/// The facts that an app was compiled with: one number for each of kAbiFacts (app_abi.h). Its
/// layout never changes, so that it can always be compared.
using AbiFingerprint = std::array<std::uint32_t, 16>;

/// The entry point of an app, to which `aiopyr_app`, its one exported symbol, points. Its layout
/// never changes.
struct AppEntry {
  std::uint64_t magic;
  AbiFingerprint abi;
  /// Configures and makes the app; throws the exceptions of the app's function.
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

/// Makes the app of an entry, with these settings. Relative template names start in `app_folder`.
/// Throws ConfigurationError if AIOPYR_APP did not make the entry, or if the app was compiled
/// against other headers or another standard library. Exceptions of the app's own function reach
/// the caller.
[[nodiscard]] Application make_application(const AppEntry& entry, Settings settings,
                                           std::string app_folder = ".", Logger logger = nullptr);

namespace detail {

/// A type of an app's function: it only configures, or it also makes (and wraps) the handler.
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
