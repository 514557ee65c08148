#include "tests/support/temporary_directory.h"

#include "shared/kernel/assert.h"

#include <cstdlib>
#include <string>

namespace billing::test {

TemporaryDirectory::TemporaryDirectory()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "billing-test-XXXXXX").string();
    BILLING_ASSERT(::mkdtemp(pattern.data()) != nullptr);
    m_path = pattern;
}

TemporaryDirectory::~TemporaryDirectory()
{
    std::error_code ignored; // a file that a killed child still writes must not hide the test's own verdict
    std::filesystem::remove_all(m_path, ignored);
}

} // namespace billing::test
