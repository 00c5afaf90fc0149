#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/multipart.h>
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/text/digest.h>
#include <aiopyr/runtime/text/form_quotes.h>

namespace aiopyr::http {

namespace {

constexpr std::size_t kPiece = 256UL * 1024;

/// A run of bytes of the body: a text, or a file.
struct Segment {
  std::string text;
  std::string path;
  std::uint64_t size = 0;  // of the file, once asked
};

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) throw_error(path);
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[noreturn]] static void throw_error(const std::string& path) {
    throw Error("the file '" + path +
                "' of a form cannot be read: " + std::generic_category().message(errno));
  }

  /// Reads up to `most` bytes; fewer only at the end of the file.
  [[nodiscard]] std::string read(std::size_t most) const {
    std::string piece(most, '\0');
    std::size_t filled = 0;
    while (filled < most) {
      const auto count = ::read(fd_, piece.data() + filled, most - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      filled += static_cast<std::size_t>(count);
    }
    piece.resize(filled);
    return piece;
  }

 private:
  int fd_;
};

std::uint64_t size_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) File::throw_error(path);
  if (!S_ISREG(status.st_mode)) throw Error("the file '" + path + "' of a form is no regular file");
  return static_cast<std::uint64_t>(status.st_size);
}

/// Asks for the sizes of all files, and returns them. Blocks.
std::vector<std::uint64_t> sizes_of(const std::vector<std::string>& paths) {
  std::vector<std::uint64_t> sizes;
  for (const std::string& path : paths) sizes.push_back(size_of(path));
  return sizes;
}

/// A file that a thread reads, and keeps open for the next piece.
struct Reading {
  std::shared_ptr<File> file;
  std::string piece;
};

Reading read_piece(std::shared_ptr<File> file, const std::string& path, std::size_t most) {
  if (!file) file = std::make_shared<File>(path);
  std::string piece = file->read(most);
  if (piece.size() < most) throw Error("the file '" + path + "' of a form became shorter");
  return {std::move(file), std::move(piece)};
}

/// Gives the segments one after the other.
class SegmentSource final : public BodySource {
 public:
  explicit SegmentSource(std::vector<Segment> segments) : segments_(std::move(segments)) {}

  Task<std::optional<std::uint64_t>> open() override { return measure(this); }
  Task<std::optional<std::string>> next() override { return give_next(this); }

 private:
  static Task<std::optional<std::uint64_t>> measure(SegmentSource* self) {
    std::vector<std::string> paths;
    for (const Segment& segment : self->segments_) {
      if (!segment.path.empty()) paths.push_back(segment.path);
    }
    auto asking = run_in_executor(&sizes_of, std::move(paths));
    const std::vector<std::uint64_t> sizes = co_await std::move(asking);
    std::uint64_t total = 0;
    std::size_t at = 0;
    for (Segment& segment : self->segments_) {
      segment.size = segment.path.empty() ? segment.text.size() : sizes[at++];
      total += segment.size;
    }
    co_return total;
  }

  static Task<std::optional<std::string>> give_next(SegmentSource* self) {
    while (self->at_ < self->segments_.size()) {
      const Segment& segment = self->segments_[self->at_];
      if (segment.path.empty()) {
        ++self->at_;
        co_return segment.text;
      }
      const std::uint64_t left = segment.size - self->read_;
      if (left == 0) {
        self->file_.reset();
        self->read_ = 0;
        ++self->at_;
        continue;
      }
      const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece));
      auto reading = run_in_executor(&read_piece, self->file_, segment.path, most);
      Reading read = co_await std::move(reading);
      self->file_ = std::move(read.file);
      self->read_ += read.piece.size();
      co_return std::move(read.piece);
    }
    co_return std::nullopt;
  }

  std::vector<Segment> segments_;
  std::size_t at_ = 0;
  std::uint64_t read_ = 0;
  std::shared_ptr<File> file_;
};

std::string head_of(const Multipart::Part& part, const std::string& boundary) {
  std::string head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" +
                     in_form_quotes(part.name) + '"';
  if (!part.filename.empty()) head += "; filename=\"" + in_form_quotes(part.filename) + '"';
  if (!part.content_type.empty()) head += "\r\nContent-Type: " + part.content_type;
  return head + "\r\n\r\n";
}

void require_clean(const std::string& content_type) {
  const bool has_controls = std::any_of(content_type.begin(), content_type.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  });
  if (has_controls) throw InvalidRequestError("a content type has a control character");
}

/// Puts texts that follow one another together, and files between them.
std::vector<Segment> segments_of(const Multipart& form, const std::string& boundary) {
  std::vector<Segment> segments(1);
  for (const Multipart::Part& part : form.parts()) {
    require_clean(part.content_type);
    segments.back().text += head_of(part, boundary);
    if (part.path.empty()) {
      segments.back().text += part.bytes;
    } else {
      segments.push_back({"", part.path, 0});
      segments.emplace_back();
    }
    segments.back().text += "\r\n";
  }
  segments.back().text += "--" + boundary + "--\r\n";
  return segments;
}

}  // namespace

Multipart& Multipart::field(std::string name, std::string value) {
  parts_.push_back({std::move(name), "", "", "", std::move(value)});
  return *this;
}

Multipart& Multipart::file(std::string name, std::string path, std::string content_type,
                           std::string filename) {
  if (filename.empty()) filename = path.substr(path.rfind('/') + 1);
  parts_.push_back(
      {std::move(name), std::move(filename), std::move(content_type), std::move(path), ""});
  return *this;
}

Multipart& Multipart::bytes(std::string name, std::string filename, std::string bytes,
                            std::string content_type) {
  parts_.push_back(
      {std::move(name), std::move(filename), std::move(content_type), "", std::move(bytes)});
  return *this;
}

Body multipart(const Multipart& form) {
  const std::string boundary = "aiopyr-" + random_hex(16);
  const std::string type = "multipart/form-data; boundary=" + boundary;
  std::vector<Segment> segments = segments_of(form, boundary);
  if (segments.size() == 1) return {std::move(segments.front().text), type};
  auto shared = std::make_shared<const std::vector<Segment>>(std::move(segments));
  return {[shared] { return std::make_shared<SegmentSource>(*shared); }, type, false};
}

}  // namespace aiopyr::http
