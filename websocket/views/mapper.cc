#include <memory>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/views/defaults.h>
#include <aiopyr/websocket/views/mapper.h>
#include <aiopyr/websocket/views/opening.h>

namespace aiopyr {
namespace {

using websocket::Connection;
using websocket::Endpoint;
using websocket::MapperDefaults;

/// One view with one mapper.
class MappedWebsocket {
 public:
  MappedWebsocket(const ViewCallable& view, WebsocketOptions options)
      : factory_(websocket::take_handler_factory(view, "WebsocketMapper")),
        options_(std::move(options)),
        endpoint_(websocket::make_endpoint(view.name, options_)) {
    endpoint_.idle_timeout = to_duration(options_.idle_timeout.value_or(0));
    const auto mistake = find_mistake(options_.compression.value_or(PermessageDeflate{}));
    if (!mistake.empty()) throw ConfigurationError(view.name + ": " + std::string(mistake));
    if (options_.compress_for && !options_.compression) {
      throw ConfigurationError(view.name + ": compress_for has nothing to decide: set compression");
    }
  }

  Response open(Resource* context, Request& request) {
    const auto defaults = websocket::defaults_of(request.registry());
    const auto outcome =
        websocket::check_request(request, options_.origins.value_or(defaults.origins),
                                 options_.subprotocols, compression_for(request));
    auto opening = websocket::prepare(factory_, context, request, outcome);
    Response response;
    response.set_status(outcome.status);
    for (const auto& [name, value] : outcome.headers) response.headers().set(name, value);
    response.on_upgrade = connect_later(std::move(opening), outcome.compression, defaults);
    return response;
  }

 private:
  /// Returns the compression that is offered to this client.
  [[nodiscard]] std::optional<PermessageDeflate> compression_for(Request& request) const {
    const bool is_asked =
        options_.compress_for && !request.header("Sec-WebSocket-Extensions").empty();
    if (is_asked && !options_.compress_for(request)) return std::nullopt;
    return options_.compression;
  }

  Response::UpgradeHandler connect_later(websocket::Opening opening,
                                         const std::optional<websocket::DeflateAgreement>& agreed,
                                         const MapperDefaults& defaults) {
    // Shared, since std::function requires a copyable callable.
    auto setup = std::make_shared<Connection::Setup>();
    setup->endpoint = endpoint(defaults);
    setup->handler = std::move(opening.handler);
    setup->info = std::move(opening.info);
    if (agreed) {
      setup->compression = std::make_unique<websocket::Compression>(*agreed, *options_.compression);
    }
    setup->use_bytes = options_.use_bytes.value_or(defaults.use_bytes);
    return [setup](std::unique_ptr<Transport> transport, std::string leftover) {
      setup->transport = std::move(transport);
      setup->leftover = std::move(leftover);
      Connection::open(std::move(*setup));
    };
  }

  /// Returns the endpoint that the view's connections share until a class-wide default changes.
  std::shared_ptr<const Endpoint> endpoint(const MapperDefaults& defaults) {
    endpoint_.max_message_size = options_.max_size.value_or(defaults.max_size);
    endpoint_.ping_interval = to_duration(options_.ping_interval.value_or(defaults.ping_interval));
    endpoint_.ping_timeout = to_duration(options_.ping_timeout.value_or(defaults.ping_timeout));
    if (!shared_ || *shared_ != endpoint_) shared_ = std::make_shared<const Endpoint>(endpoint_);
    return shared_;
  }

  WebsocketHandlerFactory factory_;
  WebsocketOptions options_;
  Endpoint endpoint_;
  std::shared_ptr<const Endpoint> shared_;  // the endpoint of the last handshake
};

}  // namespace

MappedView WebsocketMapper::map(ViewCallable view) const {
  auto mapped = std::make_shared<MappedWebsocket>(view, options_);
  return [mapped](Resource* context, Request& request) -> ViewResult {
    return mapped->open(context, request);
  };
}

}  // namespace aiopyr
