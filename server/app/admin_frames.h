// What goes over D/admin.sock: frames of a length (4 bytes, big-endian) and that many bytes, at most 64 KiB.
// A request is one frame of words, each behind its own length (2 bytes); the answer is any number of frames
// of one kind byte and text, the last one the exit code. Blocking sockets whose deadlines their owner has
// set.
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace billing::app {

constexpr std::size_t adminFrameBytesMax = 64 * 1024;
constexpr std::size_t adminWordsMax = 16;

enum class AdminFrame : char
{
    Output = 'o', ///< for standard output
    Errors = 'e', ///< for standard error
    Exit = 'x'    ///< the exit code in digits; the last frame
};

/// Refuses TooManyItems, TooLong.
Result<std::string> encodeWords(const std::vector<std::string>& words);
/// Refuses MalformedBody for anything encodeWords would not have made.
Result<std::vector<std::string>> decodeWords(std::string_view frame);

/// Refuses NetworkFailed when the other side went or its time is over.
Result<void> sendFrame(int socket, std::string_view payload);
/// Refuses NetworkFailed, and BodyTooLarge before a byte of such a payload is read.
Result<std::string> receiveFrame(int socket);

} // namespace billing::app
