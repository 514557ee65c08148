// How the operator wants the log.
#pragma once

namespace billing {

enum class LogLevel
{
    Info,
    Warning,
    Error
};

enum class LogFormat
{
    Json,
    Text
};

struct LogSettings
{
    LogLevel level = LogLevel::Info;
    LogFormat format = LogFormat::Json;
};

} // namespace billing
