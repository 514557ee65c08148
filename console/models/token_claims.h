// What a token says about who holds it, for display: the server alone judges it. Pure.
#pragma once

#include <QByteArray>
#include <QString>

namespace billing::console {

struct TokenClaims
{
    QString subject = {};  ///< empty when the token does not tell
    QString role = {};     ///< "admin", "finance", "accountant", "auditor", or empty
    bool mayWrite = false; ///< by scope
    QString tenant = {};
};

/// Empty for what is not a JWT.
TokenClaims claimsOf(const QByteArray& token);

} // namespace billing::console
