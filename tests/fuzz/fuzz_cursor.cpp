// Cursors of lists: what was not written by us is refused, what was is read back.
#include "tests/fuzz/fuzz_input.h"

#include "server/api/cursor.h"

using namespace billing;

void fuzz(std::string_view text)
{
    static const api::Cursors cursors("a key of thirty-two bytes, always");
    static const api::Cursors others("another key of thirty-two bytes!!");
    BILLING_ASSERT(!cursors.read("invoices", text));
    const std::size_t half = text.size() / 2;
    const std::vector<std::string> key{std::string(text.substr(0, half)), std::string(text.substr(half))};
    const std::string written = cursors.write("invoices", key);
    BILLING_ASSERT(cursors.read("invoices", written).value() == key);
    BILLING_ASSERT(!cursors.read("tenants", written) && !others.read("invoices", written));
}
