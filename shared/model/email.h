// Whether a text has the shape of an e-mail address: one address, nothing around it, so that it can stand in
// a header and be sent to. Letters of every script pass (RFC 6531); quoted local parts and address literals,
// which no customer has, do not. Pure, any thread. Source: RFC 5321, section 4.1.2 and 4.5.3.1; RFC 1035,
// section 2.3.4.
#pragma once

#include "shared/kernel/result.h"

#include <string_view>

namespace billing {

/// Refuses as checkText, then TooLong (more than 254 bytes), then InvalidValue.
Result<void> checkEmail(std::string_view field, std::string_view address);

} // namespace billing
