#include <aiopyr/runtime/web/security/security_settings.h>

namespace aiopyr {

SecuritySettings::SecuritySettings()
    : csrf_storage_policy(std::make_shared<const LegacySessionCSRFStoragePolicy>()) {}

}  // namespace aiopyr
