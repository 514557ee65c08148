// Where secrets may outlive the program: a keyring, or nowhere. There is no plain-text fallback: without a
// keyring the user is asked each time. Calls never block and answer once, from the event loop, unless
// `context` is gone. A port; KeychainStore is the real one. GUI thread.
#pragma once

#include "console/models/secret.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>

namespace billing::console {

enum class SecretProblem
{
    None,
    Absent,    ///< the keyring answers and holds none of that name
    NoKeyring, ///< no service on this machine
    Locked,    ///< the keyring is locked and stayed so, or refused access
    Cancelled, ///< the user closed the keyring's own question
    NoAnswer,  ///< silent beyond the deadline; a late answer is thrown away
    TooLarge,  ///< beyond secretLimit
    Failed
};

inline constexpr qsizetype secretLimit = 64 * 1024;

struct SecretAnswer
{
    SecretProblem problem = SecretProblem::None;
    Secret secret = {}; ///< of read, when there is no problem; may be empty or any bytes
};

class SecretStore
{
public:
    using Answered = std::function<void(const SecretAnswer&)>;

    virtual ~SecretStore() = default;
    virtual void read(const QString& name, QObject* context, Answered answered) = 0;
    virtual void write(const QString& name, const Secret& secret, QObject* context, Answered answered) = 0;
    virtual void remove(const QString& name, QObject* context, Answered answered) = 0;
};

/// The desktop's keyring through QtKeychain (Secret Service or KWallet), under the service
/// "enis-billing-console".
class KeychainStore : public SecretStore
{
public:
    explicit KeychainStore(std::chrono::milliseconds deadline = std::chrono::seconds(20));

    void read(const QString& name, QObject* context, Answered answered) override;
    void write(const QString& name, const Secret& secret, QObject* context, Answered answered) override;
    void remove(const QString& name, QObject* context, Answered answered) override;

private:
    std::chrono::milliseconds m_deadline;
};

} // namespace billing::console
