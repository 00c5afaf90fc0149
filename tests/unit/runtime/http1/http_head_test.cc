#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/http1/http_head.h>

using namespace aiopyr;

namespace {

/// Returns the reason why a request with these header lines is refused.
HeadError error_of(const std::string& lines, std::string_view request_line = "POST / HTTP/1.1") {
  HttpHead head;
  return parse_http_head(std::string(request_line) + "\r\n" + lines + "\r\n", head).error;
}

HeadError error_of_line(std::string_view request_line) {
  return error_of("Host: x\r\n", request_line);
}

HeadError error_with(const std::string& lines) { return error_of("Host: x\r\n" + lines); }

}  // namespace

TEST_CASE("a head's parts are views of what was sent", "[web][http_head]") {
  HttpHead head;
  const std::string text =
      "GET /a%20b?c=d HTTP/1.1\r\nHost: example.com:80\r\nX-Empty:\r\nAccept:\t text/html \r\n\r\n";
  CHECK_FALSE(parse_http_head(text, head).is_refused());
  CHECK(head.method == "GET");
  CHECK(head.target == "/a%20b?c=d");
  CHECK(head.path == "/a%20b");
  CHECK(head.query == "c=d");
  CHECK(head.version == "HTTP/1.1");
  CHECK(head.host == "example.com:80");
  REQUIRE(head.field_count == 3);
  CHECK(head.fields[1].name == "X-Empty");
  CHECK(head.fields[1].value.empty());
  CHECK(head.fields[2].value == "text/html");
  CHECK_FALSE(head.content_length);
  CHECK_FALSE(head.is_chunked);
}

TEST_CASE("one empty line in front of a head is skipped", "[web][http_head]") {
  CHECK(error_of_line("\r\nGET / HTTP/1.1") == HeadError::kNone);
  CHECK(error_of_line("\r\n\r\nGET / HTTP/1.1") == HeadError::kRequestLine);
}

TEST_CASE("a request line has three words and single spaces", "[web][http_head]") {
  for (const std::string_view line :
       {"GET /", "GET", "", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET / http/1.1", "GET / HTTP/1",
        "GET / HTTP/11", "GET / HTTP/1.1x", "GET\t/\tHTTP/1.1"}) {
    CAPTURE(line);
    const HeadError error = error_of_line(line);
    CHECK((error == HeadError::kRequestLine || error == HeadError::kMethod));
  }
  CHECK(error_of_line("GET  / HTTP/1.1") == HeadError::kTarget);
  CHECK(error_of_line("GET /a b HTTP/1.1") == HeadError::kTarget);
  CHECK(error_of_line("G\"T / HTTP/1.1") == HeadError::kMethod);
  CHECK(error_of_line("G\xC3\xA9T / HTTP/1.1") == HeadError::kMethod);
  CHECK(error_of_line("M-SEARCH / HTTP/1.1") == HeadError::kNone);
}

TEST_CASE("a target holds no control characters and no fragment", "[web][http_head]") {
  using namespace std::string_literals;
  for (const std::string& target : {"/\t"s, "/\0"s, "/\r"s, "/\x7F"s, "/a#b"s, "x"s, "*"s, "x:80"s,
                                    "ftp://x/"s, "http:///x"s, "http://u@x/"s}) {
    CAPTURE(target);
    CHECK(error_of_line("GET " + target + " HTTP/1.1") == HeadError::kTarget);
  }
  CHECK(error_of_line("GET /<\xC3\xA9> HTTP/1.1") == HeadError::kNone);
  CHECK(error_of_line("OPTIONS * HTTP/1.1") == HeadError::kNone);
}

TEST_CASE("CONNECT is refused in whichever form", "[web][http_head]") {
  for (const std::string_view target : {"x:80", "/x", "http://x/", "*"}) {
    CAPTURE(target);
    CHECK(error_of_line("CONNECT " + std::string(target) + " HTTP/1.1") == HeadError::kConnect);
  }
  CHECK(error_of_line("connect /x HTTP/1.1") == HeadError::kNone);
}

TEST_CASE("each % of a path has two hexadecimal digits behind it", "[web][http_head]") {
  for (const std::string_view path : {"/%", "/title%", "/a%2", "/%zz", "/%2x/b", "/%%32", "/%2"}) {
    CAPTURE(path);
    CHECK(error_of_line("GET " + std::string(path) + " HTTP/1.1") == HeadError::kPathEscape);
    CHECK(error_of_line("GET " + std::string(path) + "?a HTTP/1.1") == HeadError::kPathEscape);
    CHECK(error_of_line("GET http://x" + std::string(path) + " HTTP/1.1") ==
          HeadError::kPathEscape);
  }
  CHECK(error_of_line("GET /%41%2f%Ff HTTP/1.1") == HeadError::kNone);
  CHECK(error_of_line("GET /?100%&%zz HTTP/1.1") == HeadError::kNone);
}

TEST_CASE("a request for HEAD is known by its first bytes", "[web][http_head]") {
  for (const std::string_view bytes : {"HEAD ", "HEAD / HTTP/1.1\r\n", "\r\n\r\nHEAD /a b c"}) {
    CHECK(is_head_request(bytes));
  }
  for (const std::string_view bytes :
       {"", "HEAD", "HEADS /", "head / HTTP/1.1", "GET HEAD ", " HEAD "}) {
    CHECK_FALSE(is_head_request(bytes));
  }
}

TEST_CASE("a host is a name or an address, with a port or without", "[web][http_head]") {
  for (const std::string_view host :
       {"a:b:c", "a:b", "x:65536", "x:-1", "x:80:80", "[::1", "::1", "[::1]x", "[::1]:x", "[]",
        "x/y", "u@x", ":80", "a b", "%zz", "x y:80", "a[b]"}) {
    CAPTURE(host);
    CHECK(error_of("Host: " + std::string(host) + "\r\n") == HeadError::kHost);
    CHECK(error_of("Host: " + std::string(host) + "\r\n", "GET http://x/ HTTP/1.1") ==
          HeadError::kHost);
  }
  for (const std::string_view host :
       {"x", "x:", "x:80", "x:65535", "127.0.0.1:1", "[::1]", "[2001:db8::7]:443", "", "a_b", "%41",
        "xn--bcher-kva.example"}) {
    CAPTURE(host);
    CHECK(error_of("Host: " + std::string(host) + "\r\n") == HeadError::kNone);
  }
  for (const std::string_view target :
       {"http://a:b:c/", "http://a:x", "https://[::1/", "http://:80/"}) {
    CAPTURE(target);
    CHECK(error_of_line("GET " + std::string(target) + " HTTP/1.1") == HeadError::kTarget);
  }
}

TEST_CASE("a target may be a URL", "[web][http_head]") {
  HttpHead head;
  CHECK_FALSE(parse_http_head("GET HTTP://X/a?b HTTP/1.1\r\nHost: x\r\n\r\n", head).is_refused());
  CHECK(head.path == "/a");
  CHECK(head.query == "b");
  CHECK_FALSE(parse_http_head("GET https://x?b HTTP/1.0\r\n\r\n", head).is_refused());
  CHECK(head.path == "/");
}

TEST_CASE("the host of a target counts, whatever the Host says", "[web][http_head]") {
  HttpHead head;
  std::string text = "GET http://y:8080/ HTTP/1.1\r\nA: b\r\nhost: x\r\n\r\n";
  REQUIRE_FALSE(parse_http_head(text, head).is_refused());
  CHECK(head.host == "y:8080");
  REQUIRE(head.field_count == 2);
  CHECK(head.fields[1].value == "y:8080");
  CHECK(head.fields[0].value == "b");

  text = "GET http://y/ HTTP/1.0\r\n\r\n";
  REQUIRE_FALSE(parse_http_head(text, head).is_refused());
  CHECK(head.host == "y");
  CHECK_FALSE(head.has_host);
  // It is not among the fields, which may already be 100.
  CHECK(head.field_count == 0);

  CHECK(error_of("", "GET http://y/ HTTP/1.1") == HeadError::kNoHost);
  CHECK(error_of("Host: x\r\nHost: y\r\n", "GET http://y/ HTTP/1.1") == HeadError::kTwoHosts);
}

TEST_CASE("only the versions 1.x are spoken", "[web][http_head]") {
  CHECK(error_of("", "GET / HTTP/1.0") == HeadError::kNone);
  CHECK(error_of_line("GET / HTTP/1.2") == HeadError::kNone);
  CHECK(error_of_line("GET / HTTP/2.0") == HeadError::kVersion);
  CHECK(error_of_line("PRI * HTTP/2.0") == HeadError::kVersion);
  CHECK(error_of_line("GET / HTTP/0.9") == HeadError::kVersion);
}

TEST_CASE("lines end with CRLF", "[web][http_head]") {
  HttpHead head;
  for (const std::string_view text :
       {"GET / HTTP/1.1\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\n", "GET / HTTP/1.1\r\nHost: x\r\n", "", "\n"}) {
    CAPTURE(text);
    CHECK(parse_http_head(text, head).error == HeadError::kLineEnd);
  }
}

TEST_CASE("a header's name is a token right before its colon", "[web][http_head]") {
  for (const std::string line : {"Name : x", "Name", ": x", "Na me: x", "Na\"me: x", "N\xC3\xA9: x",
                                 "Name\t: x", "Content-Length : 1"}) {
    CAPTURE(line);
    CHECK(error_with(line + "\r\n") == HeadError::kFieldName);
  }
}

TEST_CASE("a folded header is refused", "[web][http_head]") {
  CHECK(error_with("X: a\r\n b\r\n") == HeadError::kFolded);
  CHECK(error_with("X: a\r\n\tb\r\n") == HeadError::kFolded);
  CHECK(error_of(" Host: x\r\n") == HeadError::kFolded);
  CHECK(error_with("Transfer-Encoding:\r\n chunked\r\n") != HeadError::kNone);
}

TEST_CASE("a header's value holds no control characters", "[web][http_head]") {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\t' || c == '\n') continue;
    CAPTURE(c);
    CHECK(error_with(std::string("X: a") + static_cast<char>(c) + "b\r\n") ==
          HeadError::kFieldValue);
  }
  CHECK(error_with("X: \x7F\r\n") == HeadError::kFieldValue);
  CHECK(error_with("X: a\tb\xFF\r\n") == HeadError::kNone);
}

TEST_CASE("names that CGI would write like another's are dropped", "[web][http_head]") {
  HttpHead head;
  const std::string text = "GET / HTTP/1.1\r\nHost: x\r\nX_Real_IP: 1.2.3.4\r\nA: b\r\n\r\n";
  CHECK_FALSE(parse_http_head(text, head).is_refused());
  REQUIRE(head.field_count == 2);
  CHECK(head.fields[1].name == "A");
}

TEST_CASE("names that CGI would write like one that frames the body are refused",
          "[web][http_head]") {
  for (const std::string line : {"Content_Length: 3", "content_length: 3",
                                 "Transfer_Encoding: chunked", "TRANSFER_encoding: x"}) {
    CAPTURE(line);
    CHECK(error_with(line + "\r\n") == HeadError::kUnderscore);
  }
}

TEST_CASE("a request has 100 headers at most", "[web][http_head]") {
  std::string lines;
  for (std::size_t i = 1; i < kMaxHeaderFields; ++i) lines += "X: y\r\n";
  CHECK(error_with(lines) == HeadError::kNone);
  CHECK(error_with(lines + "X: y\r\n") == HeadError::kTooManyFields);
  // Dropped fields count too.
  CHECK(error_with(lines + "X_: y\r\n") == HeadError::kTooManyFields);
}

TEST_CASE("a Content-Length is one number", "[web][http_head]") {
  HttpHead head;
  CHECK_FALSE(
      parse_http_head("POST / HTTP/1.0\r\ncontent-LENGTH: 0042\r\n\r\n", head).is_refused());
  CHECK(head.content_length == 42U);
  for (const std::string value :
       {"", "+5", "-5", "5a", "0x5", "5 5", "5.0", "9223372036854775808", "99999999999999999999"}) {
    CAPTURE(value);
    CHECK(error_with("Content-Length: " + value + "\r\n") == HeadError::kContentLength);
  }
  CHECK(error_with("Content-Length: 5, 5\r\n") == HeadError::kTwoLengths);
  CHECK(error_with("Content-Length: 5\r\nContent-Length: 5\r\n") == HeadError::kTwoLengths);
  CHECK(error_with("Content-Length: 5\r\nA: b\r\ncontent-length: 6\r\n") == HeadError::kTwoLengths);
}

TEST_CASE("a body has a length or an encoding", "[web][http_head]") {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  CHECK(error_with("Content-Length: 5\r\n" + chunked) == HeadError::kLengthWithEncoding);
  CHECK(error_with(chunked + "Content-Length: 5\r\n") == HeadError::kLengthWithEncoding);
}

TEST_CASE("a Transfer-Encoding is chunked and nothing else", "[web][http_head]") {
  HttpHead head;
  const std::string text = "POST / HTTP/1.1\r\nHost: x\r\ntransfer-encoding: \tChunked \r\n\r\n";
  CHECK_FALSE(parse_http_head(text, head).is_refused());
  CHECK(head.is_chunked);
  for (const std::string value :
       {"", "gzip", "chunked, gzip", "xchunked", "chunked;q=1", "\"chunked\"", "identity",
        "\x0B"
        "chunked"}) {
    CAPTURE(value);
    CHECK(error_with("Transfer-Encoding: " + value + "\r\n") != HeadError::kNone);
  }
  CHECK(error_with("Transfer-Encoding: gzip, chunked\r\n") == HeadError::kUnknownCoding);
  CHECK(error_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") ==
        HeadError::kTransferEncoding);
  CHECK(error_of("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0") ==
        HeadError::kTransferEncoding);
}

TEST_CASE("HTTP/1.1 has exactly one Host, a host and port", "[web][http_head]") {
  CHECK(error_of("") == HeadError::kNoHost);
  CHECK(error_of("Host: x\r\nHost: x\r\n") == HeadError::kTwoHosts);
  for (const std::string host : {"", "x", "[::1]:80", "a.b-c_d:1", "%C3%A9"}) {
    CAPTURE(host);
    CHECK(error_of("Host: " + host + "\r\n") == HeadError::kNone);
  }
  for (const std::string host : {"x/y", "u@x", "x y", "x?", "x#", "<x>", "x\\y", "\xC3\xA9"}) {
    CAPTURE(host);
    CHECK(error_of("Host: " + host + "\r\n") == HeadError::kHost);
  }
}

TEST_CASE("every error has a status and a sentence of its own", "[web][http_head]") {
  CHECK(status_of(HeadError::kTwoLengths) == 400);
  CHECK(status_of(HeadError::kTooManyFields) == 431);
  CHECK(status_of(HeadError::kTooLarge) == 431);
  CHECK(status_of(HeadError::kUnknownCoding) == 501);
  CHECK(status_of(HeadError::kVersion) == 505);
  std::vector<std::string_view> sentences;
  for (int i = 0; i <= static_cast<int>(HeadError::kTooLarge); ++i) {
    const std::string_view sentence = describe(static_cast<HeadError>(i));
    CHECK(std::find(sentences.begin(), sentences.end(), sentence) == sentences.end());
    sentences.push_back(sentence);
  }
}

TEST_CASE("a refusal names the line", "[web][http_head]") {
  HttpHead head;
  const HeadVerdict verdict = parse_http_head("GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", head);
  CHECK(verdict.line == "A : b");
}

TEST_CASE("a head's end is found however its bytes come", "[web][http_head]") {
  const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string all = text + "body\n";
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    CAPTURE(cut);
    CHECK_FALSE(find_head_end(all.substr(0, cut)));
    CHECK(find_head_end(all, cut) == text.size());
  }
}

TEST_CASE("a bare LF ends the search for a head's end", "[web][http_head]") {
  CHECK(find_head_end("\n") == 1U);
  CHECK(find_head_end("GET / HTTP/1.1\nHost") == 15U);
  CHECK(find_head_end("A\r\nB\nC", 3) == 5U);
  CHECK_FALSE(find_head_end("\r\n"));
  CHECK(find_head_end("\r\n\r\n") == 4U);
}
