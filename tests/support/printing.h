// Lets a failed QCOMPARE show standard strings and our refusals instead of "<null>". Include it before the
// first QCOMPARE of such a type.
#pragma once

#include "shared/kernel/result.h"

#include <QTest>

#include <string>

namespace billing::test {

/// The value's text, or the refusal's code: what a table test compares in one column.
template <class T, class F>
std::string outcome(const Result<T>& result, F&& toText)
{
    return result ? std::string(toText(*result)) : std::string(wireName(result.error().code));
}

} // namespace billing::test

namespace QTest {

template <>
inline char* toString(const std::string& text)
{
    return qstrdup(std::string(1, '"').append(text).append(1, '"').c_str());
}

template <>
inline char* toString(const std::string_view& text)
{
    return toString(std::string(text));
}

template <>
inline char* toString(const billing::ErrorCode& code)
{
    return toString(billing::wireName(code));
}

} // namespace QTest
