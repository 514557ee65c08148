// What an answer means that is not the one hoped for: the words of QNetworkReply and of problem documents as
// our codes. BillingApi lists them. Pure.
#pragma once

#include "shared/kernel/result.h"

#include <QByteArray>
#include <QList>
#include <QNetworkReply>
#include <QSslError>

namespace billing::client {

/// Why there was no answer, or only a part of one.
Error failureOf(QNetworkReply::NetworkError error, const QString& words, const QList<QSslError>& tlsErrors);

/// Why TLS was refused, worst first: what tells the user most about what to do.
Error tlsFailureOf(const QList<QSslError>& errors);

struct AnswerHead
{
    int status = 0;
    QByteArray mediaType = {}; ///< lower case, without parameters
    QByteArray contentEncoding = {};
};

/// Nothing when it is a 200 of the type expected; else the server's own refusal, or UnusableAnswer.
std::optional<Error> refusalIn(const AnswerHead& head, const QByteArray& body,
                               const QByteArray& expectedType);

/// The server does not take the token: missing, invalid, expired, unknown key or another certificate's.
bool refusesSignIn(ErrorCode code);

} // namespace billing::client
