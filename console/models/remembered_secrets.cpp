#include "console/models/remembered_secrets.h"

#include "shared/client/wipe.h"

#include <QPointer>

namespace billing::console {

namespace {

// One entry, so that a sign-in is kept whole or not at all: two lines of Base64, passphrase first.
Secret joined(const SignInSecrets& secrets)
{
    QByteArray passphrase = secrets.passphrase.bytes().toBase64();
    QByteArray token = secrets.token.bytes().toBase64();
    QByteArray lines;
    lines.reserve(passphrase.size() + token.size() + 1); // growing would leave copies behind
    lines += passphrase;
    lines += '\n';
    lines += token;
    Secret secret(lines);
    client::wipe(passphrase);
    client::wipe(token);
    client::wipe(lines);
    return secret;
}

Secret unwrapped(const QByteArray& base64)
{
    auto decoded = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    Secret secret(*decoded);
    client::wipe(*decoded);
    return secret;
}

std::optional<SignInSecrets> split(const Secret& secret)
{
    const QByteArray& lines = secret.bytes();
    const qsizetype end = lines.indexOf('\n');
    if (end < 0)
        return std::nullopt;
    QByteArray passphrase = lines.left(end);
    QByteArray token = lines.mid(end + 1);
    SignInSecrets secrets{unwrapped(passphrase), unwrapped(token)};
    client::wipe(passphrase);
    client::wipe(token);
    return secrets.token.isEmpty() ? std::nullopt : std::optional(std::move(secrets));
}

Recall recallOf(SecretProblem problem)
{
    switch (problem) {
    case SecretProblem::None:
        return Recall::Remembered;
    case SecretProblem::Absent:
        return Recall::Lost;
    case SecretProblem::NoKeyring:
        return Recall::NoKeyring;
    default:
        return Recall::NotReadable;
    }
}

} // namespace

RememberedSecrets::RememberedSecrets(SecretStore& store, Preferences& preferences, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_preferences(preferences)
{
}

void RememberedSecrets::recall(const QUrl& server, QObject* context, RecallAnswered answered)
{
    if (!m_preferences.keepsSecrets(server)) {
        // Nor is a keyring asked, or unlocked, for those who never wanted it.
        QMetaObject::invokeMethod(
            context, [answered] { answered(Recall::NothingKept, {}); }, Qt::QueuedConnection);
        return;
    }
    const auto tell = [answered](const SecretAnswer& answer) {
        auto secrets = answer.problem == SecretProblem::None ? split(answer.secret) : std::nullopt;
        if (secrets)
            answered(Recall::Remembered, std::move(*secrets));
        else
            answered(answer.problem == SecretProblem::None ? Recall::NotReadable : recallOf(answer.problem),
                     {});
    };
    const QString entry = serverName(server);
    m_store.read(
        entry, context,
        [this, self = QPointer(this), entry, context = QPointer(context), tell](const SecretAnswer& answer) {
            if (answer.problem == SecretProblem::Absent && self && context)
                m_store.read(entry, context, tell); // qtkeychain #242: the other backend may answer now
            else
                tell(answer);
        });
}

void RememberedSecrets::keep(const QUrl& server, const SignInSecrets& secrets, QObject* context,
                             std::function<void(SecretProblem)> answered)
{
    const auto done = [this, self = QPointer(this), server,
                       answered = std::move(answered)](const SecretAnswer& answer) {
        if (self) {
            if (answer.problem != SecretProblem::None)
                forget(server);
            else
                m_preferences.setKeepsSecrets(server, true);
        }
        answered(answer.problem);
    };
    m_store.write(serverName(server), joined(secrets), context, done);
}

void RememberedSecrets::forget(const QUrl& server)
{
    m_preferences.setKeepsSecrets(server, false);
    m_store.remove(serverName(server), this, [](const SecretAnswer&) {});
}

} // namespace billing::console
