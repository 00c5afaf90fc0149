#pragma once

#include <aiopyr/websocket/views/uwsgi_mapper.h>  // IWYU pragma: export
