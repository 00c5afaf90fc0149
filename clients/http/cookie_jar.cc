#include <algorithm>
#include <curl/curl.h>
#include <new>

#include <aiopyr/clients/http/cookie_jar.h>
#include <aiopyr/clients/http/message/errors.h>

namespace aiopyr::http {

/// The cookies, and an easy handle through which they are reached.
struct CookieJar::Parts {
  Parts() : share(curl_share_init()), easy(curl_easy_init()) {
    if (share == nullptr || easy == nullptr) {
      free();
      throw std::bad_alloc();
    }
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_easy_setopt(easy, CURLOPT_SHARE, share);
  }
  ~Parts() { free(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void free() noexcept {
    curl_easy_cleanup(easy);
    curl_share_cleanup(share);
  }

  CURLSH* share;
  CURL* easy;
};

CookieJar::CookieJar() : parts_(std::make_unique<Parts>()) {}
CookieJar::~CookieJar() = default;

void CookieJar::add(const std::string& set_cookie) {
  const bool has_controls = std::any_of(set_cookie.begin(), set_cookie.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  });
  if (has_controls) throw InvalidRequestError("a cookie has a control character");
  curl_easy_setopt(parts_->easy, CURLOPT_COOKIELIST, ("Set-Cookie: " + set_cookie).c_str());
}

std::vector<std::string> CookieJar::lines() const {
  curl_slist* list = nullptr;
  curl_easy_getinfo(parts_->easy, CURLINFO_COOKIELIST, &list);
  std::vector<std::string> texts;
  for (const curl_slist* each = list; each != nullptr; each = each->next) {
    texts.emplace_back(each->data);
  }
  curl_slist_free_all(list);
  return texts;
}

void CookieJar::clear() { curl_easy_setopt(parts_->easy, CURLOPT_COOKIELIST, "ALL"); }

void* CookieJar::handle() const noexcept { return parts_->share; }

}  // namespace aiopyr::http
