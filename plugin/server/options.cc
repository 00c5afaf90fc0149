#include <aiopyr/plugin/server/option_list.h>
#include <aiopyr/plugin/server/options.h>

namespace aiopyr::plugin {

Options::Options() { set_defaults(*this); }

Options& options() {
  // Never destroyed: uWSGI calls exit() from its signal handlers, at any moment.
  static auto* const kept = new Options;
  return *kept;
}

}  // namespace aiopyr::plugin
