#include <aiopyr/websocket/views/defaults.h>
#include <aiopyr/websocket/views/mapper.h>
#include <aiopyr/websocket/views/uwsgi_mapper.h>

namespace aiopyr::websocket {
namespace {

MapperDefaults read_defaults() {
  return {WebsocketMapper::use_bytes,    WebsocketMapper::max_size,
          WebsocketMapper::origins,      WebsocketMapper::ping_interval,
          WebsocketMapper::ping_timeout, UWSGIWebsocketMapper::use_str};
}

void write_defaults(const MapperDefaults& values) {
  WebsocketMapper::use_bytes = values.use_bytes;
  WebsocketMapper::max_size = values.max_size;
  WebsocketMapper::origins = values.origins;
  WebsocketMapper::ping_interval = values.ping_interval;
  WebsocketMapper::ping_timeout = values.ping_timeout;
  UWSGIWebsocketMapper::use_str = values.use_str;
}

const ClassDefaults::KindOf<MapperDefaults> kMapperDefaults(read_defaults, write_defaults);

}  // namespace

MapperDefaults defaults_of(const Registry& app) { return kMapperDefaults.of(app.class_defaults); }

}  // namespace aiopyr::websocket
