// Turns a Response into bytes: the head and a bytes body at once, a file or pull source piece by piece. One
// thread.
#pragma once

#include "server/http/response.h"

#include <memory>
#include <string>
#include <string_view>

namespace billing::http {

enum class ConnectionAfter
{
    Kept,
    Closed,
};

struct AnswerFraming
{
    ConnectionAfter after = ConnectionAfter::Kept;
    bool headOnly = false; ///< the request was HEAD: the same head, no body
    std::string_view date; ///< empty: no Date field
};

/// The rest of a streamed body.
class BodyStream
{
public:
    virtual ~BodyStream() = default;
    /// Appends the next piece with its framing; false when that was the end. A refusal means the answer
    /// cannot be completed and the connection must be cut.
    virtual Result<bool> append(std::string& out) = 0;
};

/// Appends the answer's bytes; the result holds what must follow, or null. On a refusal nothing was appended:
/// Internal for a status outside 200..599 or a header with a control character, FileUnreadable.
Result<std::unique_ptr<BodyStream>> writeResponse(Response response, const AnswerFraming& framing,
                                                  std::string& out);

} // namespace billing::http
