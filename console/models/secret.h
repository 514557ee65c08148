// Bytes that are overwritten when they are let go. Guaranteed: the memory of the object, and of every array
// that was taken from bytes() and shares it, is overwritten by wipe() and by the destructor; moving leaves
// nothing behind. Not guaranteed: copies that others have to make (the text field it was typed into, Qt
// Network's request headers, OpenSSL, the keyring's D-Bus messages) and what the system may swap out.
#pragma once

#include <QByteArray>

namespace billing::console {

class Secret
{
public:
    Secret() = default;
    /// Copies the bytes; what they came from is the caller's to wipe (shared/client/wipe.h).
    explicit Secret(const QByteArray& bytes);
    ~Secret() { wipe(); }
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;

    Secret copy() const { return Secret(m_bytes); }
    bool isEmpty() const { return m_bytes.isEmpty(); }
    /// Becomes zeros when the secret goes: copy the bytes to keep them.
    const QByteArray& bytes() const { return m_bytes; }
    void wipe();

private:
    QByteArray m_bytes;
};

} // namespace billing::console
