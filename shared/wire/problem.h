// Every refusal over HTTP is an RFC 9457 problem document with a stable code, and in batches the index of the
// item it is about. The status is chosen by the server (server/api); here is only the form. Values only, any
// thread.
#pragma once

#include "shared/kernel/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace billing::wire {

inline constexpr std::string_view problemMediaType = "application/problem+json";

struct Problem
{
    int status = 500;
    std::string code = {};    ///< the wire name of an ErrorCode; a newer server may send one we do not know
    std::string title = {};   ///< the code in words
    std::string detail = {};  ///< empty when there is none
    std::string subject = {}; ///< the field or id it is about; empty when there is none
    std::optional<std::int64_t> index = {}; ///< of the item in a batch, from 0

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// The problem of an error, its title made of the code: "unknown_field" is "Unknown field".
Problem problemOf(const Error& error, int status);

std::string toJson(const Problem& problem);

/// For clients: unknown members are left out, a missing code is "internal". Refuses what JsonDocument::parse
/// refuses, WrongType, MissingField (status), InvalidValue.
Result<Problem> problemFromJson(std::string_view text);

/// The code with that wire name, or nothing.
std::optional<ErrorCode> parseErrorCode(std::string_view wireName);

} // namespace billing::wire
