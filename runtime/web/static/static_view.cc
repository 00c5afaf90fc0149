#include <algorithm>
#include <cerrno>
#include <optional>
#include <sys/stat.h>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/accept.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/mime.h>
#include <aiopyr/runtime/web/http/open_beneath.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/static/static_url_info.h>
#include <aiopyr/runtime/web/static/static_view.h>
#include <aiopyr/runtime/web/url/path_segments.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

using detail::Descriptor;

/// A file that may be sent, and its content coding.
struct Candidate {
  std::shared_ptr<const FileBody> file;
  std::string encoding;
};

bool is_secure(std::string_view segment) noexcept {
  return segment != "." && segment != ".." &&
         segment.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

/// Checks a path's segments before any of them is removed.
bool are_secure(std::string_view path, bool is_quoted) {
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    if (!is_secure(is_quoted ? url_unquote(segment) : std::string(segment))) return false;
  }
  return true;
}

/// Returns the path below the folder. Pyramid resolves `..` before the view sees it; here it is
/// answered with 404, as an encoded slash is: honest clients send neither.
std::string relative_path(Request& request, bool use_subpath) {
  const std::vector<std::string> segments =
      use_subpath ? request.subpath() : split_path_info(request.path_info());
  const bool is_within = are_secure(request.raw_path(), true) &&
                         are_secure(request.path_info(), false) &&
                         std::all_of(segments.begin(), segments.end(), is_secure);
  if (!is_within) throw HTTPNotFound("Out of bounds: " + request.url());
  std::string path;
  for (const std::string& segment : segments) path += (path.empty() ? "" : "/") + segment;
  return path;
}

bool is_folder(const Descriptor& descriptor) {
  struct stat status {};
  return ::fstat(descriptor.get(), &status) == 0 && S_ISDIR(status.st_mode);
}

Descriptor open_or_none(const Descriptor& folder, const std::string& path) {
  Descriptor found = detail::open_beneath(folder, path.empty() ? "." : path);
  if (!found && errno == EACCES) throw HTTPForbidden();
  if (!found && (errno == EMFILE || errno == ENFILE)) {
    throw Error("a static file could not be opened: too many files are open");
  }
  return found;
}

/// Returns the media type of a file: that of its content or, if its name says that it is
/// compressed, that of the compressed file, which is served as any other.
std::string_view content_type_of(std::string_view name) noexcept {
  const MimeType type = guess_mime_type(name);
  if (type.encoding.empty()) return type.type;
  return type.encoding == "gzip" ? "application/gzip" : "application/octet-stream";
}

[[noreturn]] void redirect_to_slash(const Request& request) {
  std::string url = request.path_url() + "/";
  if (!request.query_string().empty()) url.append("?").append(request.query_string());
  throw HTTPMovedPermanently(url);
}

/// Returns the smallest that the client accepts; null if there is none.
const Candidate* best_of(std::vector<Candidate>& candidates, const Request& request) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.file->size() < b.file->size(); });
  const auto found =
      std::find_if(candidates.begin(), candidates.end(), [&request](const Candidate& each) {
        return each.encoding.empty() ||
               accepts_encoding(request.header("Accept-Encoding"), each.encoding);
      });
  return found == candidates.end() ? nullptr : &*found;
}

Response respond_with(const Candidate& candidate, std::string_view name, bool has_variants) {
  Response response;
  response.set_file_body(candidate.file);
  response.set_content_type(content_type_of(name));
  if (!candidate.encoding.empty()) response.headers().set("Content-Encoding", candidate.encoding);
  if (has_variants) response.headers().set("Vary", "Accept-Encoding");
  response.set_etag(candidate.file->etag(), candidate.file->is_fresh());
  response.set_last_modified(candidate.file->modified());
  response.set_conditional_response(true);
  return response;
}

}  // namespace

StaticView::StaticView(std::string folder, StaticViewOptions options)
    : folder_(std::move(folder)), options_(std::move(options)) {
  static constexpr std::pair<std::string_view, std::string_view> kExtensions[] = {
      {"br", ".br"}, {"gzip", ".gz"}, {"zstd", ".zst"}};
  for (const std::string& encoding : options_.content_encodings.values()) {
    const auto* known = std::find_if(std::begin(kExtensions), std::end(kExtensions),
                                     [&](const auto& entry) { return entry.first == encoding; });
    if (known == std::end(kExtensions)) {
      throw ConfigurationError("there are no files of the content encoding '" + encoding +
                               "'; it may be br, gzip or zstd");
    }
    variants_.push_back({encoding, std::string(known->second)});
  }
  if (!options_.mapper) options_.mapper = FiberMapper{};
}

Response StaticView::operator()(Request& request) const {
  std::string path = relative_path(request, options_.use_subpath);
  const Descriptor root = detail::open_folder(path_in_app(request.app_folder(), folder_));
  if (!root) throw HTTPNotFound(request.url());
  Descriptor found = open_or_none(root, path);
  auto file = FileBody::adopt(found);
  if (found && is_folder(found)) {
    if (!request.path_info().ends_with('/')) redirect_to_slash(request);
    path += (path.empty() ? "" : "/") + options_.index;
    found = open_or_none(root, path);
    file = FileBody::adopt(found);
  }
  std::vector<Candidate> candidates;
  if (file) candidates.push_back({std::move(file), ""});
  for (const Variant& variant : variants_) {
    Descriptor compressed = open_or_none(root, path + variant.extension);
    file = FileBody::adopt(compressed);
    if (file) candidates.push_back({std::move(file), variant.encoding});
  }
  const bool has_variants = std::any_of(candidates.begin(), candidates.end(),
                                        [](const auto& each) { return !each.encoding.empty(); });
  const Candidate* best = best_of(candidates, request);
  if (best == nullptr) throw HTTPNotFound(request.url());
  Response response = respond_with(*best, path, has_variants);
  if (options_.cache_max_age) response.cache_expires(options_.cache_max_age);
  return response;
}

StaticView static_view(std::string folder, StaticViewOptions options) {
  return {std::move(folder), std::move(options)};
}

ViewCallable ViewAdapter<StaticView>::adapt(StaticView view) {
  const std::string name = "static_view of " + view.folder();
  const MapperRef mapper = view.mapper();
  ViewCallable callable = detail::make_plain_view<Response>(
      name, [view = std::move(view)](Resource*, Request& request) { return view(request); });
  callable.mapper = mapper;
  return callable;
}

}  // namespace aiopyr
