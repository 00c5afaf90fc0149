#pragma once

#include <aiopyr/runtime/web/config/app_abi.h>
#include <aiopyr/runtime/web/config/application.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/registry/tweens.h>

/// Makes `f`, a `void(Configurator&)` or a `Handler(Configurator&)`, the app of this shared object:
/// once, at namespace scope. A semicolon may follow.
///
/// Only apps include this header: it changes with every public header, by the fingerprint that
/// AIOPYR_APP stores in the app.
#define AIOPYR_APP(f)                                                                       \
  extern "C" __attribute__((visibility("default"))) const ::aiopyr::AppEntry* aiopyr_app(); \
  extern "C" const ::aiopyr::AppEntry* aiopyr_app() {                                       \
    static constexpr ::aiopyr::AppEntry kEntry = {                                          \
        ::aiopyr::kAppMagic, ::aiopyr::abi_fingerprint(),                                   \
        [](::aiopyr::Configurator& config) -> ::aiopyr::Handler {                           \
          return ::aiopyr::detail::make_handler(f, config);                                 \
        }};                                                                                 \
    return &kEntry;                                                                         \
  }
