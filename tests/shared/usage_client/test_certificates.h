// Certificates for a test of TLS: made in milliseconds, valid for an hour, for 127.0.0.1 only.
#pragma once

#include <filesystem>

namespace billing::test {

/// Writes ca.crt, other.crt (another CA), server.crt, client.crt, each with its .key, as PEM. Asserts
/// success.
void makeCertificates(const std::filesystem::path& directory);

} // namespace billing::test
