// Names of files made of texts that others chose, such as an invoice's number "2026/000017". Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace billing {

/// The text as the name of a file, without its extension, on the file systems of Linux, Windows and macOS:
/// "_" for /, \, :, *,
/// ?, ", <, >, | and control characters, no dot or space at either end, not the name of a device of Windows,
/// at most 150 bytes, "document" for what leaves nothing. Two texts can have one name. As the console's
/// exports, console/models/pdf_files.h.
std::string fileNameOf(std::string_view text);

} // namespace billing
