#include "shared/client/answer.h"

#include "shared/wire/problem.h"

namespace billing::client {

namespace {

Error offline(std::string_view how)
{
    return {ErrorCode::Offline, std::string(how)};
}

std::string_view reasonOf(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateExpired:
        return "expired";
    case QSslError::CertificateNotYetValid:
        return "not_yet_valid";
    case QSslError::HostNameMismatch:
        return "wrong_host";
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
    case QSslError::CertificateSignatureFailed:
    case QSslError::InvalidCaCertificate:
    case QSslError::NoPeerCertificate:
        return "untrusted";
    default:
        return "failed";
    }
}

/// The server's alert when it does not take our certificate, as OpenSSL words it. In TLS 1.3 the server
/// judges it when the handshake is over for us, so whatever alert arrives while we read is about that.
bool isCertificateAlert(QNetworkReply::NetworkError error, const QString& words)
{
    if (!words.contains(QLatin1String(" alert ")))
        return false;
    return error != QNetworkReply::SslHandshakeFailedError || words.contains(QLatin1String("certificate")) ||
           words.contains(QLatin1String("unknown ca"));
}

Error ofStatus(int status)
{
    const std::string detail = "status " + std::to_string(status);
    switch (status) {
    case 401:
        return {ErrorCode::InvalidToken, {}, detail};
    case 403:
        return {ErrorCode::InsufficientScope, {}, detail};
    case 404:
        return {ErrorCode::NotFound, {}, detail};
    default:
        return {ErrorCode::UnusableAnswer, {}, detail};
    }
}

} // namespace

Error tlsFailureOf(const QList<QSslError>& errors)
{
    // A certificate of somebody else is the graver news, even when it has expired as well.
    for (const std::string_view reason : {"untrusted", "wrong_host", "expired", "not_yet_valid"})
        for (const QSslError& error : errors)
            if (reasonOf(error.error()) == reason)
                return {ErrorCode::TlsFailed, std::string(reason), error.errorString().toStdString()};
    return {ErrorCode::TlsFailed, "failed",
            errors.isEmpty() ? std::string() : errors.first().errorString().toStdString()};
}

Error failureOf(QNetworkReply::NetworkError error, const QString& words, const QList<QSslError>& tlsErrors)
{
    if (!tlsErrors.isEmpty())
        return tlsFailureOf(tlsErrors);
    if (isCertificateAlert(error, words))
        return {ErrorCode::TlsFailed, "certificate_refused", words.toStdString()};
    switch (error) {
    case QNetworkReply::SslHandshakeFailedError:
        return {ErrorCode::TlsFailed, "failed", words.toStdString()};
    case QNetworkReply::HostNotFoundError:
        return offline("not_found");
    case QNetworkReply::ConnectionRefusedError:
        return offline("refused");
    case QNetworkReply::RemoteHostClosedError:
        return offline("broken");
    case QNetworkReply::TimeoutError:
        return {ErrorCode::DeadlineExceeded};
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::ProtocolUnknownError:
        return {ErrorCode::UnusableAnswer, {}, "not HTTP"};
    default:
        return {ErrorCode::Offline, "unreachable", words.toStdString()};
    }
}

std::optional<Error> refusalIn(const AnswerHead& head, const QByteArray& body, const QByteArray& expectedType)
{
    if (head.status >= 300 && head.status < 400)
        return Error{ErrorCode::UnusableAnswer, {}, "redirect"};
    if (!head.contentEncoding.isEmpty() && head.contentEncoding != "identity")
        return Error{ErrorCode::UnusableAnswer, {}, "compressed"};
    if (head.status != 200) {
        if (head.mediaType != QByteArray::fromStdString(std::string(wire::problemMediaType)))
            return ofStatus(head.status);
        const auto problem = wire::problemFromJson(body.toStdString());
        const auto code = problem ? wire::parseErrorCode(problem->code) : std::nullopt;
        return code ? Error{*code, problem->subject, problem->detail} : ofStatus(head.status);
    }
    if (!expectedType.isEmpty() && head.mediaType != expectedType)
        return Error{ErrorCode::UnusableAnswer, {}, "media type " + head.mediaType.left(60).toStdString()};
    return std::nullopt;
}

bool refusesSignIn(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MissingToken:
    case ErrorCode::InvalidToken:
    case ErrorCode::ExpiredToken:
    case ErrorCode::TokenNotBoundToCertificate:
    case ErrorCode::UnknownSigningKey:
        return true;
    default:
        return false;
    }
}

} // namespace billing::client
