#include "websocket.h"

namespace load {

namespace {

// A constant mask: masks need not be unpredictable without a proxy.
constexpr std::string_view kMask = "\x3a\xc5\x91\x6e";

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

}  // namespace

Fd open_websocket(const Options& options) {
  Fd fd = connect_to(options.port);
  std::string request = "GET " + options.path +
                        " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) +
                        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  for (const std::string& header : options.headers) request += header + "\r\n";
  send_all(fd.get(), request + "\r\n");
  const std::string head = receive_head(fd.get());
  if (!head.starts_with("HTTP/1.1 101 "))
    throw LoadError("no websocket: " + head.substr(0, head.find('\r')));
  return fd;
}

std::string frame_head(std::uint8_t opcode, std::size_t length, bool is_masked) {
  const auto mask_bit = static_cast<char>(is_masked ? 0x80 : 0);
  std::string head(1, static_cast<char>(0x80 | opcode));
  const auto append = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
      head += static_cast<char>(length >> shift & 0xFF);
  };
  if (length < 126) {
    head += static_cast<char>(mask_bit | static_cast<char>(length));
  } else if (length < 65536) {
    head += static_cast<char>(mask_bit | 126);
    append(2);
  } else {
    head += static_cast<char>(mask_bit | 127);
    append(8);
  }
  if (is_masked) head += kMask;
  return head;
}

void apply_mask(std::string_view key, char* bytes, std::size_t count, std::size_t offset) {
  for (std::size_t i = 0; i < count; ++i)
    bytes[i] = static_cast<char>(bytes[i] ^ key[(offset + i) % 4]);
}

std::string masked_frame(std::uint8_t opcode, std::string_view payload) {
  std::string frame = frame_head(opcode, payload.size(), true);
  const std::size_t begin = frame.size();
  frame += payload;
  apply_mask(kMask, frame.data() + begin, payload.size());
  return frame;
}

std::optional<Frame> first_frame(std::string_view input) {
  if (input.size() < 2) return std::nullopt;
  if ((byte_at(input, 0) & 0xF0) != 0x80 || (byte_at(input, 1) & 0x80) != 0)
    throw LoadError("a frame that no server should send");
  std::size_t length = byte_at(input, 1);
  std::size_t begin = 2;
  if (length >= 126) {
    const std::size_t bytes = length == 126 ? 2 : 8;
    begin += bytes;
    if (input.size() < begin) return std::nullopt;
    length = 0;
    for (std::size_t i = 2; i < begin; ++i) length = length << 8 | byte_at(input, i);
  }
  if (input.size() - begin < length || input.size() < begin) return std::nullopt;
  return Frame{static_cast<std::uint8_t>(input[0] & 0x0F), input.substr(begin, length),
               begin + length};
}

}  // namespace load
