// A TLS server on loopback that asks for a client certificate and answers each HTTP request with the next
// step of a script: an answer, a closed or a reset connection. It records what it was asked. Certificates are
// made anew for each server, in files that live as long as it does. One thread of its own; the methods may be
// called from any.
#pragma once

#include "shared/usage_client/transport.h"
#include "tests/support/temporary_directory.h"

#include <memory>
#include <string>
#include <vector>

namespace billing::test {

struct Step
{
    enum class After
    {
        KeepOpen,
        Reset ///< without an answer
    };

    int status = 202;
    std::string body = {};
    std::vector<std::string> headers = {}; ///< "Retry-After: 7"
    After after = After::KeepOpen;
};

struct SeenRequest
{
    std::string target;
    std::string token; ///< behind "Bearer "
    std::string body;
    int connection = 0; ///< from 1
    bool isGet = false; ///< else POST
};

class ScriptedServer
{
public:
    /// After the last step, the last one is repeated. Asserts a script.
    /// A GET is no step of the script: it is answered with plans, and not recorded.
    explicit ScriptedServer(std::vector<Step> script, Step plans = {403, "{}"});
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    /// Address and files of a client this server takes.
    client::TransportOptions options() const;
    /// A CA that has signed nothing here.
    std::string otherAuthorityFile() const;
    std::string file(std::string_view name) const;

    std::vector<SeenRequest> requests() const;

private:
    struct Machine;

    TemporaryDirectory m_directory;
    std::unique_ptr<Machine> m_machine;
};

} // namespace billing::test
