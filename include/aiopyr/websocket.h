#pragma once

/// Apps with websockets: `#include <aiopyr/websocket.h>` and AIOPYR_APP.
#include <aiopyr/web.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/messages/slow_client.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/session/fragmented_send.h>
#include <aiopyr/websocket/session/handle.h>
#include <aiopyr/websocket/session/handshake_info.h>
#include <aiopyr/websocket/session/websocket.h>
#include <aiopyr/websocket/topics/topics.h>
#include <aiopyr/websocket/views/connection_view.h>
#include <aiopyr/websocket/views/function_view.h>
#include <aiopyr/websocket/views/mapper.h>
#include <aiopyr/websocket/views/middleware.h>
#include <aiopyr/websocket/views/uwsgi_mapper.h>
