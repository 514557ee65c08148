// Result<T>: a value or the Error that refused it, in the shape of C++23's std::expected (which GCC 12 does
// not offer in C++20), so that it can be replaced by it later. Discarding one is a warning, hence an error.
// Reading the value of a refusal is our own mistake and asserts.
//
//     Result<Money> total = price.plus(tax);
//     if (!total)
//         return total.error();
#pragma once

#include "shared/kernel/assert.h"
#include "shared/kernel/error.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace billing {

template <class T>
class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }
    Result(ErrorCode code)
        : Result(Error{code})
    {
    }

    bool has_value() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& value() &
    {
        BILLING_ASSERT(has_value());
        return *std::get_if<0>(&m_state);
    }
    const T& value() const&
    {
        BILLING_ASSERT(has_value());
        return *std::get_if<0>(&m_state);
    }
    /// By value, so that what is made of a temporary outlives it.
    T value() && { return std::move(value()); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const&
    {
        BILLING_ASSERT(!has_value());
        return *std::get_if<1>(&m_state);
    }

    template <class U>
    T value_or(U&& other) const&
    {
        return has_value() ? value() : static_cast<T>(std::forward<U>(other));
    }

    template <class F>
    auto and_then(F&& next) const& -> std::invoke_result_t<F, const T&>
    {
        if (!has_value())
            return error();
        return std::forward<F>(next)(value());
    }

    template <class F>
    auto transform(F&& next) const& -> Result<std::invoke_result_t<F, const T&>>
    {
        if (!has_value())
            return error();
        return std::forward<F>(next)(value());
    }

    friend bool operator==(const Result&, const Result&) = default;

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void>
{
public:
    using value_type = void;

    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
    {
    }
    Result(ErrorCode code)
        : Result(Error{code})
    {
    }

    bool has_value() const noexcept { return !m_error; }
    explicit operator bool() const noexcept { return has_value(); }

    const Error& error() const&
    {
        BILLING_ASSERT(m_error.has_value());
        return *m_error;
    }

    template <class F>
    auto and_then(F&& next) const& -> std::invoke_result_t<F>
    {
        if (!has_value())
            return error();
        return std::forward<F>(next)();
    }

    friend bool operator==(const Result&, const Result&) = default;

private:
    std::optional<Error> m_error;
};

} // namespace billing
