#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry.h>
#include <aiopyr/runtime/web/request.h>

namespace aiopyr {

Session& Request::session() {
  if (session_) return *session_;
  const SessionFactory& factory = registry_.security.session_factory;
  if (!factory) {
    throw ConfigurationError(
        "the app has no sessions: give its configurator a session factory (set_session_factory)");
  }
  session_ = factory(*this);
  return *session_;
}

}  // namespace aiopyr
