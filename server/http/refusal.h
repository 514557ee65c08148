// A refusal by the door itself, before any handler sees the request: a status and the error that says why.
// Its connection closes.
#pragma once

#include "shared/kernel/error.h"

namespace billing::http {

struct Refusal
{
    int status;
    Error error;
};

inline Refusal malformed(std::string subject, std::string detail)
{
    return {400, {ErrorCode::MalformedRequest, std::move(subject), std::move(detail)}};
}

} // namespace billing::http
