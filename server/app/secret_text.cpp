#include "server/app/secret_text.h"

#include "server/secrets/private_file.h"

#include <algorithm>

namespace billing::app {

Result<std::string> readSecretText(const std::filesystem::path& file)
{
    auto text = secrets::readPrivateFile(file);
    if (!text)
        return text.error();
    if (text->ends_with('\n'))
        text->pop_back();
    const bool plain =
        std::none_of(text->begin(), text->end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
    if (text->empty() || text->size() > 1'024 || !plain)
        return Error{ErrorCode::InvalidValue, file.string(), "expected one line of at most 1,024 bytes"};
    return text;
}

Result<void> checkPrivate(const std::filesystem::path& file)
{
    const auto text = secrets::readPrivateFile(file);
    return text ? Result<void>() : text.error();
}

} // namespace billing::app
