#include <curl/curl.h>
#include <new>

#include <aiopyr/clients/http/engine/transfer.h>

/// The part of Transfer that hands a plan to libcurl.
namespace aiopyr::http {

namespace {

/// Sets an option that cannot fail but for want of memory, or for a library that lacks it.
template <class Value>
void set(void* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code == CURLE_OK) return;
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  throw InvalidRequestError(std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

long version_of(Version version) noexcept {
  switch (version) {
    case Version::kHttp1:
      return CURL_HTTP_VERSION_1_1;
    case Version::kHttp2Directly:
      return CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    case Version::kAutomatic:
      break;
  }
  return CURL_HTTP_VERSION_2TLS;
}

bool is_older_than(unsigned version) noexcept {
  static const unsigned linked = curl_version_info(CURLVERSION_NOW)->version_num;
  return linked < version;
}

/// Returns whether libcurl breaks a connection of HTTP/2 without TLS at its second request, as 7.88
/// does.
bool breaks_kept_h2c() noexcept { return is_older_than(0x080000); }

/// Returns whether libcurl sends bodies of HTTP/2 badly, as before 8.1: where the socket takes no
/// more at once, it fails or turns without end; where the server answers before it has read all, it
/// loses the answer.
bool breaks_http2_bodies() noexcept { return is_older_than(0x080100); }

}  // namespace

void Transfer::FreeList::operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }

Transfer::List Transfer::make_list(const std::vector<std::string>& lines) {
  List list;
  for (const std::string& line : lines) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

Version Transfer::version() const noexcept {
  const Version wanted = plan_.client->version;
  const bool has_body =
      plan_.is_upload_streamed || (plan_.bytes != nullptr && !plan_.bytes->empty());
  if (wanted == Version::kAutomatic && has_body && breaks_http2_bodies()) return Version::kHttp1;
  return wanted;
}

void Transfer::set_up_connection() {
  const ClientOptions& options = *plan_.client;
  const Version wanted = version();
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  set(easy_, CURLOPT_HTTP_VERSION, version_of(wanted));
  // Waits for a handshake that may end in HTTP/2 instead of beginning another. Not without TLS:
  // libcurl would wait for a whole answer of HTTP/1.
  const bool may_share =
      wanted == Version::kHttp2Directly || (wanted == Version::kAutomatic && plan_.url->is_https());
  if (may_share) set(easy_, CURLOPT_PIPEWAIT, 1L);
  if (wanted == Version::kHttp2Directly && !plan_.url->is_https() && breaks_kept_h2c()) {
    set(easy_, CURLOPT_PIPEWAIT, 0L);
    set(easy_, CURLOPT_FRESH_CONNECT, 1L);
    set(easy_, CURLOPT_FORBID_REUSE, 1L);
  }
  const double keep = options.limits.keep.count();
  set(easy_, CURLOPT_MAXAGE_CONN, static_cast<long>(keep < 1 ? 1 : keep));
  set(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  // Our own timer counts; libcurl's begins later, and would give up by itself after 300 s.
  set(easy_, CURLOPT_CONNECTTIMEOUT_MS, 24L * 3600 * 1000);
  // An empty text, since libcurl reads the environment where it has none.
  set(easy_, CURLOPT_PROXY, plan_.proxy.url.c_str());
  set(easy_, CURLOPT_NOPROXY, "");
  if (!plan_.proxy.credentials.empty()) {
    set(easy_, CURLOPT_PROXYUSERPWD, plan_.proxy.credentials.c_str());
  }
  // libcurl would block in a SOCKS proxy's GSS-API.
  set(easy_, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
  set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!options.unix_socket.empty() && !plan_.guard->is_on()) {
    set(easy_, CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
  }
  if (!plan_.connect_to.empty()) {
    connect_list_ = make_list({plan_.connect_to});
    set(easy_, CURLOPT_CONNECT_TO, connect_list_.get());
  }
  if (!plan_.pins.empty()) {
    pin_list_ = make_list({plan_.pins});
    set(easy_, CURLOPT_RESOLVE, pin_list_.get());
  }
}

void Transfer::set_up_tls() {
  const ClientOptions& options = *plan_.client;
  if (!options.verify_tls) {
    set(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
    set(easy_, CURLOPT_PROXY_SSL_VERIFYPEER, 0L);
    set(easy_, CURLOPT_PROXY_SSL_VERIFYHOST, 0L);
  }
  // No folder beside the file: it would add the system's authorities to those of ca_file, and have
  // libcurl read all of them again for each connection (it keeps those of a file).
  set(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  set(easy_, CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
  if (!options.ca_file.empty()) {
    set(easy_, CURLOPT_CAINFO, options.ca_file.c_str());
    set(easy_, CURLOPT_PROXY_CAINFO, options.ca_file.c_str());
  }
  if (!options.client_cert_file.empty()) {
    set(easy_, CURLOPT_SSLCERT, options.client_cert_file.c_str());
  }
  if (!options.client_key_file.empty()) {
    set(easy_, CURLOPT_SSLKEY, options.client_key_file.c_str());
  }
  // OpenSSL would ask a terminal for the password of an encrypted key, and wait.
  set(easy_, CURLOPT_KEYPASSWD, "");
}

void Transfer::set_up_request() {
  set(easy_, CURLOPT_CURLU, plan_.url->handle());
  set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_ACCEPT_ENCODING, "");  // all that this libcurl can decode
  header_list_ = make_list(plan_.header_lines);
  set(easy_, CURLOPT_HTTPHEADER, header_list_.get());
  set(easy_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  if (plan_.cookies != nullptr) {
    set(easy_, CURLOPT_SHARE, plan_.cookies);
    set(easy_, CURLOPT_COOKIEFILE, "");  // reads no file: switches cookies on
  }
  if (plan_.method == "HEAD") {
    set(easy_, CURLOPT_NOBODY, 1L);
    return;
  }
  set_up_body();
  set(easy_, CURLOPT_CUSTOMREQUEST, plan_.method.c_str());
}

void Transfer::set_up_body() {
  if (plan_.is_upload_streamed) {
    set(easy_, CURLOPT_UPLOAD, 1L);
    const auto length = plan_.upload_length;
    set(easy_, CURLOPT_INFILESIZE_LARGE,
        length ? static_cast<curl_off_t>(*length) : curl_off_t(-1));
  } else if (plan_.bytes != nullptr) {
    // Not copied: the request outlives the transfer.
    set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(plan_.bytes->size()));
    set(easy_, CURLOPT_POSTFIELDS, plan_.bytes->c_str());
  } else {
    set(easy_, CURLOPT_HTTPGET, 1L);
  }
}

void Transfer::set_up() {
  set_up_connection();
  if (plan_.url->is_https() || plan_.proxy.url.starts_with("https:")) set_up_tls();
  set_up_request();
}

}  // namespace aiopyr::http
