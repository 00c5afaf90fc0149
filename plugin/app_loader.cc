#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

#include <aiopyr/plugin/app_loader.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/throw_hook.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

std::string absolute(const std::string& file) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(file.c_str(), nullptr),
                                                             &std::free);
  if (resolved) return resolved.get();
  throw ConfigurationError(
      "there is no such file; is the path right, seen from the folder in "
      "which uwsgi is started, and is the app built?");
}

/// The library stays loaded to the end of the process: its code may be on any stack until then.
void* open_library(const std::string& path) {
  if (void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    watch_throws();
    return library;
  }
  throw ConfigurationError(std::string("it cannot be loaded: ") + ::dlerror());
}

/// Where an app's files are, wherever uWSGI was started: in `app/` beside `app.so`, or if there is
/// no such folder beside the `app.so` itself.
std::string folder_of(const std::string& path) {
  const std::filesystem::path file = path;
  const std::filesystem::path own = std::filesystem::path(path).replace_extension();
  return std::filesystem::is_directory(own) ? own.string() : file.parent_path().string();
}

const AppEntry& entry_of(void* library) {
  const auto symbol = reinterpret_cast<AppSymbol>(::dlsym(library, kAppSymbol));
  if (symbol == nullptr) {
    throw ConfigurationError("it has no AIOPYR_APP(...), so it is no aiopyr app");
  }
  return *symbol();
}

void log_for_app(LogLevel level, std::string_view message) {
  switch (level) {
    case LogLevel::kInfo:
      log_line(message);
      return;
    case LogLevel::kWarning:
      log_line("WARNING: " + std::string(message));
      return;
    case LogLevel::kError:
      log_line("ERROR: " + std::string(message));
      return;
  }
}

}  // namespace

bool is_hosted_app(const std::string& file) {
  if (!file.ends_with(".so")) return false;
  void* library = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);
  // What cannot be loaded at all is reported when we try in earnest.
  if (library == nullptr) return true;
  const bool is_ours = ::dlsym(library, kAppSymbol) != nullptr;
  ::dlclose(library);
  return is_ours;
}

std::unique_ptr<HostedApp> load_app(const std::string& file, const std::string& mountpoint) {
  try {
    const std::string path = absolute(file);
    const AppEntry& entry = entry_of(open_library(path));
    return std::make_unique<HostedApp>(
        HostedApp{file, mountpoint,
                  make_application(entry, options().settings, folder_of(path), log_for_app)});
  } catch (const ConfigurationError& error) {
    throw ConfigurationError("app " + file + ": " + error.what());
  } catch (...) {
    throw ConfigurationError("app " + file + ": its constructor has thrown " +
                             describe(std::current_exception()));
  }
}

}  // namespace aiopyr::plugin
