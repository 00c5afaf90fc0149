#pragma once

#include <aiopyr/runtime/web/security/authn_policy_factory.h>  // IWYU pragma: export
