// What the door reads out of a client's certificate: who it names, and until when. Pure; OpenSSL's verdict on
// the chain is tls_context's.
#pragma once

#include "shared/kernel/instant.h"

#include <optional>
#include <string>

struct ssl_st;
struct x509_st;

namespace billing::http {

/// Its only URI in subjectAltName. Nothing when there is none or a second one, when it is longer than 256
/// bytes, or holds a character outside visible ASCII (a NUL above all) or a '*'. Common names and DNS names
/// say nothing about a service.
std::optional<std::string> identityOf(const x509_st* certificate);

/// The earliest end of the chain that was verified in this session.
Instant validUntil(const ssl_st* session);

} // namespace billing::http
