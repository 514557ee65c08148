#include "server/storage/sqlite/dec_sum.h"

#include "shared/kernel/assert.h"
#include "shared/kernel/decimal.h"

#include <sqlite3.h>

#include <new>

namespace billing::sqlite {

namespace {

// SQLite hands out zeroed memory and frees it itself, so the sum is a plain value in it.
static_assert(std::is_trivially_destructible_v<Decimal>);
static_assert(alignof(Decimal) <= 16);

struct RunningSum
{
    Int128 units; // zero bytes are a sum of zero
};

RunningSum* runningSum(sqlite3_context* context)
{
    // SQLite aligns to 8 only, Int128 wants 16: reserve one alignment more and round up.
    void* memory =
        sqlite3_aggregate_context(context, static_cast<int>(sizeof(RunningSum) + alignof(RunningSum)));
    std::size_t room = sizeof(RunningSum) + alignof(RunningSum);
    return memory == nullptr
               ? nullptr
               : static_cast<RunningSum*>(std::align(alignof(RunningSum), sizeof(RunningSum), memory, room));
}

void refuse(sqlite3_context* context, int code, const char* message)
{
    sqlite3_result_error(context, message, -1);
    sqlite3_result_error_code(context, code);
}

void add(sqlite3_context* context, int, sqlite3_value** values)
{
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    RunningSum* sum = runningSum(context);
    if (sum == nullptr)
        return sqlite3_result_error_nomem(context);
    const auto* text = sqlite3_value_text(values[0]);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
    const auto value = Decimal::parseTotal({reinterpret_cast<const char*>(text), size});
    if (!value)
        return refuse(context, SQLITE_CORRUPT, "dec_sum: a stored text is not a decimal");
    const auto next = Decimal::fromScaled(sum->units).plus(*value);
    if (!next)
        return refuse(context, SQLITE_TOOBIG, "dec_sum: the sum does not fit");
    sum->units = next->scaled();
}

void finish(sqlite3_context* context)
{
    const RunningSum* sum = runningSum(context);
    const std::string text = (sum == nullptr ? Decimal() : Decimal::fromScaled(sum->units)).toText();
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

} // namespace

void registerDecSum(sqlite3* handle)
{
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    const int code =
        sqlite3_create_function_v2(handle, "dec_sum", 1, flags, nullptr, nullptr, add, finish, nullptr);
    BILLING_ASSERT(code == SQLITE_OK);
}

} // namespace billing::sqlite
