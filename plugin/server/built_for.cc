#include <cstdlib>
#include <memory>
#include <string_view>
#include <unistd.h>

#include <aiopyr/plugin/server/uwsgi_api.h>

/// Refuses to be loaded by another uWSGI than the one whose header this was compiled with: its
/// structures differ in each version, and reading them would give garbage.
///
/// Has no header: it runs when the library is loaded, before uWSGI reads the plugin's table, whose
/// layout may differ too.
namespace aiopyr::plugin {

namespace {

/// Returns the version of a uWSGI, from the flags that it was compiled with,
/// `-DUWSGI_VERSION="\"2.0.21\""`: it reports them as text, for builders of plugins. Empty if they
/// do not contain it.
std::string_view version_in(std::string_view flags) noexcept {
  constexpr std::string_view kFlag = "-DUWSGI_VERSION=";
  const auto flag = flags.find(kFlag);
  if (flag == std::string_view::npos) return {};
  flags.remove_prefix(flag + kFlag.size());
  constexpr std::string_view kQuotes = "\\\"";
  const auto begin = flags.find_first_not_of(kQuotes);
  if (begin == std::string_view::npos) return {};
  flags.remove_prefix(begin);
  return flags.substr(0, flags.find_first_of(kQuotes));
}

[[gnu::constructor]] void require_same_uwsgi() noexcept {
  const std::unique_ptr<char, decltype(&std::free)> flags(uwsgi_get_cflags(), &std::free);
  const std::string_view running = flags ? version_in(flags.get()) : std::string_view();
  if (running.empty() || running == UWSGI_VERSION) return;
  uwsgi_log(
      "[aiopyr] this plugin was built for uWSGI %s, but this is uWSGI %.*s: build it again, with "
      "make UWSGI=/path/of/this/uwsgi\n",
      UWSGI_VERSION, static_cast<int>(running.size()), running.data());
  ::_exit(UWSGI_FAILED_APP_CODE);
}

}  // namespace

}  // namespace aiopyr::plugin
