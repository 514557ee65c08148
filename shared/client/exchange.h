// One GET and its answer, bounded in size and time. A kept-alive connection that the server has closed in the
// meantime is no failure: Qt Network by itself sends a GET again, on a new connection, when no byte of an
// answer has come. GUI thread.
#pragma once

#include "shared/kernel/result.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslError>
#include <QTimer>

#include <chrono>
#include <functional>

class QNetworkAccessManager;

namespace billing::client {

struct Question
{
    QNetworkRequest request = {};
    QByteArray expectedType = {}; ///< of a 200; empty: any
    qint64 byteLimit = 0;
    std::chrono::milliseconds deadline = {};
};

class Exchange : public QObject
{
    Q_OBJECT

public:
    using Ended = std::function<void(Result<QByteArray>)>;

    Exchange(QNetworkAccessManager& network, Question question, Ended ended);
    /// An exchange under way is broken off, without an answer.
    ~Exchange() override;

    /// `ended` runs once, from the event loop.
    void start();

private:
    void readHead();
    void readBody();
    void finish();
    Result<QByteArray> outcome();
    void giveUp(Error error);

    QNetworkAccessManager& m_network;
    Question m_question;
    Ended m_ended;
    QTimer m_deadline;
    QNetworkReply* m_reply = nullptr;
    QList<QSslError> m_tlsErrors;
    QByteArray m_body;
    std::optional<Error> m_givenUp; ///< why we broke it off
};

} // namespace billing::client
