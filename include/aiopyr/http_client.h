#pragma once

/// The HTTP client: `#include <aiopyr/http_client.h>`, and link with libaiopyr-http. See
/// docs/http-client.md.
#include <aiopyr/runtime/base/compiler.h>

#include <aiopyr/clients/http/client.h>
#include <aiopyr/clients/http/cookie_jar.h>
#include <aiopyr/clients/http/guard/guard.h>
#include <aiopyr/clients/http/message/body.h>
#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/headers.h>
#include <aiopyr/clients/http/message/multipart.h>
#include <aiopyr/clients/http/message/options.h>
#include <aiopyr/clients/http/message/response.h>
#include <aiopyr/clients/http/stream.h>
