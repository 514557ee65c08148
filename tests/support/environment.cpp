#include "tests/support/environment.h"

#include "shared/kernel/assert.h"

#include <cstdlib>

namespace billing::test {

namespace {

std::filesystem::path required(const char* variable)
{
    const char* const value = std::getenv(variable);
    BILLING_ASSERT(value != nullptr && "run me through ctest");
    return value;
}

} // namespace

std::filesystem::path sourceDirectory()
{
    return required("BILLING_SOURCE_DIR");
}

std::filesystem::path builtProgram(std::string_view name)
{
    return required("BILLING_BIN_DIR") / name;
}

std::optional<std::filesystem::path> sharedDirectory()
{
    const char* const value = std::getenv("BILLING_SHARED_DIR");
    std::error_code ignored;
    if (value == nullptr || !std::filesystem::is_directory(value, ignored))
        return std::nullopt;
    return value;
}

} // namespace billing::test
