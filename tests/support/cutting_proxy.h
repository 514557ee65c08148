// A TCP proxy on 127.0.0.1 that lets exactly so many bytes of a reply through and then resets the connection
// on both sides: a network that fails at the worst byte. What is inside (HTTP, TLS, PostgreSQL's protocol) is
// bytes to it. One thread of its own; its functions may be called from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace billing::test {

class CuttingProxy
{
public:
    /// Listens on a free port and forwards to that one of 127.0.0.1. Asserts that it can.
    explicit CuttingProxy(std::uint16_t target);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::uint16_t port() const;
    /// Of what comes back from now on, on whichever connection, that many bytes go through; the byte behind
    /// them resets its connection, once.
    void cutAfter(std::size_t bytes);
    /// Nothing is cut; counting begins anew.
    void passAll();
    /// Until passAll, nothing goes through either way, not even the end of a connection; those there were
    /// meanwhile stay mute for good.
    void swallowAll();

    bool hasCut() const;            ///< since cutAfter
    std::size_t passedBack() const; ///< bytes of replies since cutAfter or passAll

private:
    class Loop;
    std::unique_ptr<Loop> m_loop;
};

} // namespace billing::test
