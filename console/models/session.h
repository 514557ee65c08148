// Who is signed in, and where: reads the certificate files, makes the client, and lets a first call decide. A
// refusal is put in words a person can act on. Signed in, it watches the client: when the server cannot be
// reached it is Offline and asks /health at growing intervals until it is back; when the server takes the
// token back it signs out with that refusal. Secrets are wiped at sign-out. GUI thread; `background` outlives
// it.
#pragma once

#include "console/models/refusal.h"
#include "console/models/remembered_secrets.h"
#include "shared/client/billing_api.h"
#include "shared/client/connection.h"
#include "shared/kernel/ports.h"

#include <QTimer>

#include <memory>

namespace billing::console {

struct SignInForm
{
    QUrl server = {};
    QString certificateFile = {}; ///< PEM
    QString keyFile = {};         ///< PEM
    QString authorityFile = {};   ///< PEM: whom the server's certificate must come from
    SignInSecrets secrets = {};
};

class Session : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)

public:
    enum class State
    {
        SignedOut,
        SigningIn,
        SignedIn,
        Offline ///< signed in, and the server cannot be reached at the moment
    };
    Q_ENUM(State)

    using ApiFactory = std::function<Result<std::unique_ptr<client::BillingApi>>(const client::Connection&)>;

    /// Over HTTPS, decoding on `background`.
    explicit Session(Executor& background, QObject* parent = nullptr);
    /// For tests: another way to the server.
    explicit Session(ApiFactory factory, QObject* parent = nullptr);
    ~Session() override;

    /// A sign-in under way is given up. Ends in SignedIn, or in SignedOut with refusal().
    void signIn(SignInForm form);
    void signOut();
    /// Asks now whether the server is back, when Offline.
    void tryAgain();

    State state() const { return m_state; }
    const std::optional<Refusal>& refusal() const { return m_refusal; }
    QString who() const { return m_who; }       ///< the token's subject
    QString role() const { return m_role; }     ///< "Finance", or what the token may do: "Read and write"
    QString tenant() const { return m_tenant; } ///< a token bound to one tenant; else empty
    QUrl server() const { return m_server; }
    /// nullptr unless SignedIn or Offline.
    client::BillingApi* api() const { return m_state >= State::SignedIn ? m_api.get() : nullptr; }

Q_SIGNALS:
    void stateChanged();
    /// api() is another; after a sign-out the former one still lives until the event loop is reached again.
    void apiChanged();

private:
    Result<void> connectTo(const SignInForm& form);
    void readClaims(const Secret& token);
    void becomeSignedIn();
    void leave(const std::optional<Error>& error);
    void watch();
    void lost();
    void found();
    void setState(State state);

    ApiFactory m_factory;
    std::unique_ptr<client::BillingApi> m_api;
    client::PendingCall m_firstCall;
    State m_state = State::SignedOut;
    std::optional<Refusal> m_refusal;
    QString m_who;
    QString m_role;
    QString m_tenant;
    QUrl m_server;
    QTimer m_again; ///< when Offline: the next question
};

} // namespace billing::console
