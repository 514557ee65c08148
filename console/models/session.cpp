#include "console/models/session.h"

#include "console/models/token_claims.h"
#include "shared/client/api_client.h"
#include "shared/client/wipe.h"

#include <QFile>

#include <chrono>

namespace billing::console {

namespace {

using namespace std::chrono_literals;

constexpr auto firstPause = 2s;
constexpr auto longestPause = 60s;
constexpr qint64 fileLimit = 256 * 1024; ///< certificates are a few kB

Result<QByteArray> readFile(const QString& name, const char* subject)
{
    QFile file(name);
    if (name.isEmpty() || !file.open(QIODevice::ReadOnly) || file.isSequential())
        return Error{ErrorCode::FileUnreadable, subject, file.errorString().toStdString()};
    const QByteArray bytes = file.read(fileLimit + 1);
    if (file.error() != QFileDevice::NoError || bytes.size() > fileLimit)
        return Error{ErrorCode::FileUnreadable, subject, "not a file of certificates"};
    return bytes;
}

QString roleWords(const TokenClaims& claims)
{
    if (claims.role == QLatin1String("admin"))
        return Session::tr("Administrator");
    if (claims.role == QLatin1String("finance"))
        return Session::tr("Finance");
    if (claims.role == QLatin1String("accountant"))
        return Session::tr("Accountant");
    if (claims.role == QLatin1String("auditor"))
        return Session::tr("Auditor");
    return claims.mayWrite ? Session::tr("Read and write") : Session::tr("Read only");
}

} // namespace

Session::Session(Executor& background, QObject* parent)
    : Session(
          [&background](const client::Connection& connection) -> Result<std::unique_ptr<client::BillingApi>> {
              auto made = client::ApiClient::create(connection, background);
              if (!made)
                  return made.error();
              return Result<std::unique_ptr<client::BillingApi>>(std::move(*made));
          },
          parent)
{
}

Session::Session(ApiFactory factory, QObject* parent)
    : QObject(parent)
    , m_factory(std::move(factory))
    , m_again(this)
{
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &Session::tryAgain);
}

Session::~Session()
{
    m_firstCall.cancel();
}

void Session::signIn(SignInForm form)
{
    leave(std::nullopt);
    m_server = form.server;
    setState(State::SigningIn);
    readClaims(form.secrets.token);
    if (const auto connected = connectTo(form); !connected) {
        leave(connected.error());
        return;
    }
    // Asking for one row shows everything at once: that it is our server, and that it takes certificate and
    // token.
    m_firstCall = m_api->tenants({.limit = 1}, this, [this](const Result<client::TenantPage>& page) {
        if (page)
            becomeSignedIn();
        else
            leave(page.error());
    });
}

Result<void> Session::connectTo(const SignInForm& form)
{
    auto authorities = readFile(form.authorityFile, "authorities");
    if (!authorities)
        return authorities.error();
    auto certificate = readFile(form.certificateFile, "certificate");
    if (!certificate)
        return certificate.error();
    auto key = readFile(form.keyFile, "key");
    if (!key)
        return key.error();
    client::Connection connection{form.server,  *certificate,
                                  *key,         form.secrets.passphrase.bytes(),
                                  *authorities, form.secrets.token.bytes()};
    auto made = m_factory(connection);
    connection.key.clear();
    client::wipe(*key);
    if (!made)
        return made.error();
    m_api = std::move(*made);
    return {};
}

void Session::readClaims(const Secret& token)
{
    const TokenClaims claims = claimsOf(token.bytes());
    m_who = claims.subject;
    m_role = roleWords(claims);
    m_tenant = claims.tenant;
}

void Session::becomeSignedIn()
{
    m_refusal.reset();
    watch();
    setState(State::SignedIn);
    Q_EMIT apiChanged();
}

void Session::signOut()
{
    leave(std::nullopt);
}

void Session::leave(const std::optional<Error>& error)
{
    m_firstCall.cancel();
    m_again.stop();
    const bool wasUsable = api() != nullptr;
    if (m_api) {
        m_api->disconnect(this);
        m_api.release()->deleteLater(); // this may be running in one of its answers
    }
    m_who.clear();
    m_role.clear();
    m_tenant.clear();
    m_refusal = error ? std::optional(refusalOf(*error)) : std::nullopt;
    setState(State::SignedOut);
    if (wasUsable)
        Q_EMIT apiChanged();
}

void Session::watch()
{
    connect(m_api.get(), &client::BillingApi::unreachable, this, &Session::lost);
    connect(m_api.get(), &client::BillingApi::answered, this, &Session::found);
    connect(m_api.get(), &client::BillingApi::signInRefused, this,
            [this](const Error& error) { leave(error); });
}

void Session::lost()
{
    if (m_again.isActive())
        return; // several calls fail at once
    const bool isFirst = m_state == State::SignedIn;
    const auto next = std::min<std::chrono::milliseconds>(longestPause, 2 * m_again.intervalAsDuration());
    m_again.start(isFirst ? std::chrono::milliseconds(firstPause) : next);
    setState(State::Offline);
}

void Session::found()
{
    m_again.stop();
    if (m_state == State::Offline)
        setState(State::SignedIn);
}

void Session::tryAgain()
{
    if (m_state != State::Offline)
        return;
    m_again.stop();
    // The answer arrives by the client's own signals.
    m_api->health(this, [](const Result<void>&) {});
}

void Session::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace billing::console
