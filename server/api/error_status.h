// The one table from an error's code to its HTTP status. Everything the API refuses passes through it.
#pragma once

#include "server/http/response.h"
#include "shared/kernel/error.h"

namespace billing::api {

int statusOf(ErrorCode code);

/// The refusal as application/problem+json; transient ones carry Retry-After.
http::Response problem(const Error& error);
/// The same with a status chosen by the door.
http::Response problem(const Error& error, int status);

http::Response json(int status, std::string body);

} // namespace billing::api
