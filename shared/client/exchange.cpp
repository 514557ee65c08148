#include "shared/client/exchange.h"

#include "shared/client/answer.h"

#include <QNetworkAccessManager>

namespace billing::client {

namespace {

/// How much Qt may read ahead of us: what we refuse to read does not fill the memory either.
constexpr qint64 readAhead = qint64(1) << 20;

AnswerHead headOf(const QNetworkReply& reply)
{
    const QByteArray type = reply.rawHeader("Content-Type");
    return {reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
            type.split(';').first().trimmed().toLower(), reply.rawHeader("Content-Encoding").toLower()};
}

std::optional<qint64> announcedSize(const QNetworkReply& reply)
{
    bool isNumber = false;
    const qint64 size = reply.rawHeader("Content-Length").toLongLong(&isNumber);
    return isNumber ? std::optional(size) : std::nullopt;
}

} // namespace

Exchange::Exchange(QNetworkAccessManager& network, Question question, Ended ended)
    : m_network(network)
    , m_question(std::move(question))
    , m_ended(std::move(ended))
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] { giveUp(Error{ErrorCode::DeadlineExceeded}); });
}

Exchange::~Exchange()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
}

void Exchange::start()
{
    m_deadline.start(m_question.deadline);
    m_reply = m_network.get(m_question.request);
    m_reply->setReadBufferSize(readAhead);
    connect(m_reply, &QNetworkReply::sslErrors, this,
            [this](const QList<QSslError>& errors) { m_tlsErrors = errors; });
    connect(m_reply, &QNetworkReply::metaDataChanged, this, [this] { readHead(); });
    connect(m_reply, &QNetworkReply::readyRead, this, [this] { readBody(); });
    connect(m_reply, &QNetworkReply::finished, this, [this] { finish(); });
}

void Exchange::readHead()
{
    if (announcedSize(*m_reply).value_or(0) > m_question.byteLimit)
        giveUp({ErrorCode::AnswerTooLarge, std::to_string(m_question.byteLimit)});
}

void Exchange::readBody()
{
    if (m_givenUp)
        return;
    m_body += m_reply->readAll();
    if (m_body.size() > m_question.byteLimit)
        giveUp({ErrorCode::AnswerTooLarge, std::to_string(m_question.byteLimit)});
}

void Exchange::giveUp(Error error)
{
    if (m_givenUp || !m_reply)
        return;
    m_givenUp = std::move(error);
    m_reply->abort(); // and so finished
}

void Exchange::finish()
{
    m_deadline.stop();
    if (!m_givenUp)
        readBody();
    const Result<QByteArray> result = outcome();
    m_reply->deleteLater();
    m_reply = nullptr;
    const Ended ended = std::exchange(m_ended, {});
    ended(result); // may destroy this
}

Result<QByteArray> Exchange::outcome()
{
    if (m_givenUp)
        return *m_givenUp;
    const AnswerHead head = headOf(*m_reply);
    // Errors above 200 are statuses in QNetworkReply's words; below are those of the way.
    const QNetworkReply::NetworkError error = m_reply->error();
    const bool isOfTheWay = error != QNetworkReply::NoError && error < QNetworkReply::ContentAccessDenied;
    if (head.status == 0 || isOfTheWay || (error == QNetworkReply::ProtocolFailure))
        return failureOf(error, m_reply->errorString(), m_tlsErrors);
    if (const auto size = announcedSize(*m_reply); size && *size != m_body.size())
        return Error{ErrorCode::Offline, "broken", "cut short"};
    if (const auto refusal = refusalIn(head, m_body, m_question.expectedType))
        return *refusal;
    return m_body;
}

} // namespace billing::client
