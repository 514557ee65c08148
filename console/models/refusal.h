// A refusal in words for people: what happened, and what they can do about it. For sign-in, lists, documents
// and exports alike. Pure; GUI thread because of translations.
#pragma once

#include "shared/kernel/error.h"

#include <QString>

namespace billing::console {

struct Refusal
{
    Error error;
    QString headline; ///< "The token has expired"
    QString advice;   ///< "Ask for a new one and sign in again."
};

Refusal refusalOf(const Error& error);

} // namespace billing::console
