// Bytes that are overwritten when they are let go. Guaranteed: this object's own memory is overwritten by
// wipe() and by its destructor, and moving leaves nothing behind. Not guaranteed: copies that others had to
// make (the text field it was typed into, Qt Network's request headers, OpenSSL, the keyring's D-Bus
// messages, swap).
#pragma once

#include <QByteArray>

namespace billing::console {

/// Overwrites the bytes and empties the array. What shares them implicitly is not reached.
void wipe(QByteArray& bytes);

class Secret
{
public:
    Secret() = default;
    /// Takes the bytes; a shared array is copied, and the other owners keep theirs.
    explicit Secret(QByteArray bytes);
    ~Secret() { wipe(); }
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;

    Secret copy() const;
    bool isEmpty() const { return m_bytes.isEmpty(); }
    /// Do not keep the array beyond the call it is for.
    const QByteArray& bytes() const { return m_bytes; }
    void wipe();

private:
    QByteArray m_bytes;
};

} // namespace billing::console
