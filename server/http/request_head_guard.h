// The door's own reading of a request head, before Boost.Beast parses it: two parsers must agree before a
// request runs, and this one knows what Beast 1.74 lets through (foreign transfer codings, no Host, folded
// lines). Pure.
//
// Refuses, in this order: a NUL, another control character or a bare CR or LF; a request line that is not
// "METHOD SP target SP HTTP/x.y" (400); a version but 1.1 (505); a method the API never uses, TRACE and
// CONNECT included (501); more fields than allowed (431); a folded line, white space before a colon, a name
// that is no token (400); a repeated or malformed Content-Length, Content-Length with Transfer-Encoding
// (400); a Transfer-Encoding but exactly "chunked" (501); not exactly one Host, an absolute target that names
// another host (400); any Content-Encoding (415); an Expect but 100-continue (417), or that one without
// a body (400); a body longer than allowed (413).
#pragma once

#include "server/http/limits.h"
#include "server/http/refusal.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace billing::http {

/// What the head says, as views into it.
struct RequestHead
{
    std::string_view method;
    std::string_view target; ///< in origin form: an absolute target has lost its scheme and host
    bool expectsContinue = false;
};

struct HeadReading
{
    RequestHead head;
    std::optional<Refusal> refusal;
};

/// `head` reaches through its empty line.
HeadReading readRequestHead(std::string_view head, const Limits& limits);

/// What is already wrong with a head whose end has not arrived, so that it need not wait for the deadline.
std::optional<Refusal> refuseEarly(std::string_view partialHead);

} // namespace billing::http
