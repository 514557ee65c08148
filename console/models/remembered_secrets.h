// The secrets of one server's sign-in as the keyring keeps them, and what to tell the user when it does not.
// A keyring that has lost what it was given (another backend answered, qtkeychain #242) is asked once more,
// never written over unasked, and reported as Lost. GUI thread.
#pragma once

#include "console/models/preferences.h"
#include "console/models/secret_store.h"

namespace billing::console {

struct SignInSecrets
{
    Secret passphrase = {}; ///< of the certificate's key; empty when it has none
    Secret token = {};
};

enum class Recall
{
    Remembered,
    NothingKept, ///< none were ever kept for this server: ask
    Lost,        ///< they were kept, and the keyring does not know them now: ask, and say so
    NoKeyring,   ///< ask each time; saving is not possible here
    NotReadable  ///< locked, cancelled, silent or broken: ask this time
};

class RememberedSecrets : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it.
    RememberedSecrets(SecretStore& store, Preferences& preferences, QObject* parent = nullptr);

    using RecallAnswered = std::function<void(Recall, SignInSecrets)>;

    /// Answers once, from the event loop.
    void recall(const QUrl& server, QObject* context, RecallAnswered answered);
    /// The answer says whether they are kept now; when not, nothing of them is anywhere.
    void keep(const QUrl& server, const SignInSecrets& secrets, QObject* context,
              std::function<void(SecretProblem)> answered);
    void forget(const QUrl& server);

private:
    SecretStore& m_store;
    Preferences& m_preferences;
};

} // namespace billing::console
