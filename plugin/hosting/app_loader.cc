#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

#include <aiopyr/plugin/failures/throw_hook.h>
#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/hosting/private_copy.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// Returns the absolute path of a file; empty if there is none.
std::string resolve(const std::string& file) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(file.c_str(), nullptr),
                                                             &std::free);
  return resolved ? resolved.get() : "";
}

std::string absolute(const std::string& file) {
  std::string path = resolve(file);
  if (!path.empty()) return path;
  throw ConfigurationError(
      "there is no such file; is the path right, seen from the folder in "
      "which uwsgi is started, and is the app built?");
}

/// Loads a private copy or, if that fails, the file itself; null if neither loads.
void* load(const std::string& path, int mode) {
  // Copies the name: the stored one changes when a copy that does not load is given up.
  const std::string copy = name_of_private_copy(path);
  if (copy != path) {
    if (void* library = ::dlopen(copy.c_str(), mode | RTLD_LOCAL)) return library;
    give_up_private_copy(path);
  }
  void* library = ::dlopen(path.c_str(), mode | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  log_line("WARNING: app " + path +
           " is loaded from its file, as no copy of it loads: never write over it while it "
           "serves, move a new file to its place");
  return library;
}

/// Opens a library, which stays loaded to the end of the process: its code may be on any stack.
void* open_library(const std::string& path) {
  if (void* library = load(path, RTLD_NOW)) {
    watch_throws();
    return library;
  }
  throw ConfigurationError(std::string("it cannot be loaded: ") + ::dlerror());
}

/// Returns the folder of an app's files, wherever uWSGI was started: `app/` beside `app.so`, or the
/// folder of `app.so` itself if there is no such folder.
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

/// Logs the name of the copy, the only one in uWSGI's backtrace of a crash and in debuggers.
void tell_copy(const std::string& file, const std::string& path) {
  const std::string& copy = name_of_private_copy(path);
  if (copy != path) log_line("app " + file + " runs from a copy: in a crash " + copy + " is meant");
}

}  // namespace

bool is_hosted_app(const std::string& file) {
  if (!file.ends_with(".so")) return false;
  const std::string path = resolve(file);
  void* library = path.empty() ? nullptr : load(path, RTLD_LAZY);
  // Returns true if it cannot be loaded: the actual loading reports the error.
  if (library == nullptr) return true;
  const bool is_ours = ::dlsym(library, kAppSymbol) != nullptr;
  ::dlclose(library);
  return is_ours;
}

std::unique_ptr<HostedApp> load_app(const std::string& file, const std::string& mountpoint) {
  try {
    const std::string path = absolute(file);
    const AppEntry& entry = entry_of(open_library(path));
    auto app = std::make_unique<HostedApp>(
        HostedApp{file, mountpoint,
                  make_application(entry, options().settings, folder_of(path), log_for_app)});
    if (!options().has_command()) tell_copy(file, path);
    return app;
  } catch (const ConfigurationError& error) {
    throw ConfigurationError("app " + file + ": " + error.what());
  } catch (...) {
    throw ConfigurationError("app " + file + ": its constructor has thrown " +
                             describe(std::current_exception()));
  }
}

}  // namespace aiopyr::plugin
