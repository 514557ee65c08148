#include "console/models/secret.h"

#include "shared/client/wipe.h"

#include <utility>

namespace billing::console {

Secret::Secret(const QByteArray& bytes)
    : m_bytes(bytes.constData(), bytes.size())
{
}

Secret::Secret(Secret&& other) noexcept
    : m_bytes(std::exchange(other.m_bytes, {}))
{
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

void Secret::wipe()
{
    client::wipe(m_bytes);
}

} // namespace billing::console
