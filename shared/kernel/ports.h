// What the world does to us, as ports handed in at the top: time, threads, chance. Nothing else in the system
// reads a clock, sleeps, spawns a thread or rolls a die (tests/tidy checks), so that a test can run a year of
// billing from a seed on one thread. Storage, Bus, Gateway and Mailer are ports too; their headers live in
// their rooms.
#pragma once

#include "shared/kernel/instant.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace billing {

/// Microseconds on a clock that never jumps; only differences mean something.
using MonotonicTime = std::chrono::duration<std::int64_t, std::micro>;

/// Any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    virtual MonotonicTime monotonic() const = 0;
};

/// Runs tasks later. post may be called from any thread; tasks of one executor may run in parallel unless it
/// says not.
class Executor
{
public:
    using Task = std::function<void()>;

    virtual ~Executor() = default;
    virtual void post(Task task) = 0;
    virtual void postAfter(Duration delay, Task task) = 0;
};

/// Chance without secrecy: identifiers, jitter. Any thread.
class Random
{
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;
};

/// Unpredictable bytes: keys, nonces, session tokens. Only OpenSSL's generator implements it outside tests.
/// Any thread.
class SecureRandom
{
public:
    virtual ~SecureRandom() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;
};

} // namespace billing
