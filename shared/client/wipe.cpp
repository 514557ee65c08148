#include "shared/client/wipe.h"

#include <openssl/crypto.h>

namespace billing::client {

void wipe(QByteArray& bytes)
{
    // data() would detach a shared array, and the zeros would go into the copy.
    if (!bytes.isEmpty())
        OPENSSL_cleanse(const_cast<char*>(bytes.constData()), static_cast<std::size_t>(bytes.size()));
    bytes.clear();
}

} // namespace billing::client
