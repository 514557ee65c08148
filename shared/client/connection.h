// Where the server is and who we are: everything that TLS and the token need, as bytes that were read before.
// Values only.
#pragma once

#include "shared/kernel/result.h"

#include <QByteArray>
#include <QSslConfiguration>
#include <QUrl>

namespace billing::client {

struct Connection
{
    QUrl server = {};            ///< https://host:port, nothing behind it
    QByteArray certificate = {}; ///< PEM: the client's, then its chain if there is one
    QByteArray key = {};         ///< PEM
    QByteArray passphrase = {};  ///< of the key; empty when it is not encrypted
    QByteArray authorities = {}; ///< PEM: the only ones trusted; the system's roots are not
    QByteArray token = {};       ///< JWT, without "Bearer"
};

/// TLS 1.2 or later, the server and its name verified against our authorities alone. Refuses, in order:
/// InvalidValue "server" (not https, no host, or a path, query or user behind it), InvalidKey "authorities",
/// "certificate", "key" (not PEM, or the passphrase is missing or wrong; detail: "encrypted" when the PEM
/// says so), InvalidKey "pair" (the key does not belong to the certificate), InvalidToken "token" (empty, or
/// bytes that no header may hold).
Result<QSslConfiguration> tlsOf(const Connection& connection);

} // namespace billing::client
