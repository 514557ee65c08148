#include "tests/shared/client/hostile_server.h"

#include "shared/kernel/assert.h"

#include <memory>

namespace billing::test {

HostileServer::HostileServer(const QSslConfiguration& tls, Answer answer)
    : m_answer(std::move(answer))
{
    m_server.setSslConfiguration(tls);
    BILLING_ASSERT(m_server.listen(QHostAddress::LocalHost, 0));
    QObject::connect(&m_server, &QSslServer::pendingConnectionAvailable, &m_server, [this] { serve(); });
}

QUrl HostileServer::url() const
{
    return QUrl(QStringLiteral("https://127.0.0.1:%1").arg(m_server.serverPort()));
}

void HostileServer::serve()
{
    while (auto* const socket = qobject_cast<QSslSocket*>(m_server.nextPendingConnection())) {
        const int connection = ++m_connections;
        const auto received = std::make_shared<QByteArray>();
        QObject::connect(socket, &QSslSocket::readyRead, socket, [this, socket, connection, received] {
            *received += socket->readAll();
            for (qsizetype end = received->indexOf("\r\n\r\n"); end >= 0;
                 end = received->indexOf("\r\n\r\n")) {
                const QByteArray head = received->left(end);
                received->remove(0, end + 4);
                m_requests.push_back({head.split(' ').value(1), head, connection});
                m_answer(*socket, SeenRequest(m_requests.back()));
            }
        });
    }
}

void HostileServer::goAway()
{
    m_server.close();
    for (QSslSocket* const socket : m_server.findChildren<QSslSocket*>())
        socket->abort();
}

QByteArray httpAnswer(int status, const QByteArray& type, const QByteArray& body, const QByteArray& headers)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Words\r\nContent-Type: " + type +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

void pour(QSslSocket& socket, const QByteArray& type, qint64 size)
{
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto left = std::make_shared<qint64>(size);
    const auto more = [&socket, left] {
        const QByteArray chunk(64 * 1024, '0');
        while (*left > 0 && socket.bytesToWrite() + socket.encryptedBytesToWrite() < 256 * 1024) {
            socket.write(QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n");
            *left -= chunk.size();
            if (*left <= 0)
                socket.write("0\r\n\r\n");
        }
    };
    QObject::connect(&socket, &QSslSocket::encryptedBytesWritten, &socket, more);
    more();
}

} // namespace billing::test
