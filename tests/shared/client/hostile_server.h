// A TLS server on loopback, on the test's own thread and event loop, that answers as it is told: whole,
// wrongly, in part, endlessly or not at all. It counts connections and requests, and how many were open at
// once.
#pragma once

#include "tests/shared/client/test_pki.h"

#include <QSslServer>
#include <QSslSocket>
#include <QUrl>

#include <functional>
#include <vector>

namespace billing::test {

struct SeenRequest
{
    QByteArray target;  ///< path and query, as sent
    QByteArray head;    ///< all of it
    int connection = 0; ///< from 1
};

class HostileServer
{
public:
    using Answer = std::function<void(QSslSocket& socket, const SeenRequest& request)>;

    HostileServer(const QSslConfiguration& tls, Answer answer);

    QUrl url() const;
    const std::vector<SeenRequest>& requests() const { return m_requests; }
    int connections() const { return m_connections; }
    /// No more connections, and those there are cut.
    void goAway();

private:
    void serve();

    QSslServer m_server;
    Answer m_answer;
    std::vector<SeenRequest> m_requests;
    int m_connections = 0;
};

/// A whole answer.
QByteArray httpAnswer(int status, const QByteArray& type, const QByteArray& body,
                      const QByteArray& headers = {});
/// Says a length and writes zeros for as long as anybody reads.
void pour(QSslSocket& socket, const QByteArray& type, qint64 size);

} // namespace billing::test
