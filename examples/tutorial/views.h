#pragma once

#include <aiopyr/aiopyr.h>

/// The views of the tutorial. All of them run on the loop, so one worker serves many at a time.
namespace tutorial {

/// The page that tries the websocket, after `?sleep=` seconds (0.1). For templates/home.html.
aiopyr::Task<aiopyr::Json> home(aiopyr::Request& request);

/// Sends each message back as it came, text as text and binary as binary.
aiopyr::Task<> echo(aiopyr::Websocket& ws);

/// Does the same as a class: one object per connection.
class Echo : public aiopyr::WebsocketConnectionView {
 public:
  using WebsocketConnectionView::WebsocketConnectionView;
  aiopyr::Task<> on_message(aiopyr::Message message) override;
};

}  // namespace tutorial
