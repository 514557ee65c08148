#include "console/models/refusal.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <optional>

namespace billing::console {

namespace {

struct Words
{
    ErrorCode code;
    const char* subject; ///< of the error; empty: any
    const char* headline;
    const char* advice;
};

#define WORDS(text) QT_TRANSLATE_NOOP("Refusal", text)

// The first that fits.
constexpr std::array words{
    Words{ErrorCode::Offline, "not_found", WORDS("There is no server of that name"),
          WORDS("Check the address, and whether this computer is on the right network.")},
    Words{ErrorCode::Offline, "refused", WORDS("No billing server answers at that address"),
          WORDS("Check the port. If it is right, the server is not running: ask whoever runs it.")},
    Words{ErrorCode::Offline, "broken", WORDS("The connection broke off"),
          WORDS("Nothing was changed. Try again; if it happens again, check the network.")},
    Words{ErrorCode::Offline, "", WORDS("The server cannot be reached"),
          WORDS("Check this computer's network and try again.")},
    Words{ErrorCode::DeadlineExceeded, "", WORDS("The server took too long to answer"),
          WORDS("It may be busy. Try again in a minute.")},
    Words{
        ErrorCode::TlsFailed, "untrusted", WORDS("This is not the server you trust"),
        WORDS(
            "Its certificate does not come from the authority in the file chosen. Check the address and the "
            "authority file; if both are right, do not go on, and tell whoever runs the server.")},
    Words{ErrorCode::TlsFailed, "wrong_host", WORDS("The server's certificate is for another name"),
          WORDS("Use the name that the certificate was made for, or ask for a certificate with this one.")},
    Words{ErrorCode::TlsFailed, "expired", WORDS("The server's certificate has expired"),
          WORDS("Whoever runs the server has to renew it. Check this computer's date as well.")},
    Words{ErrorCode::TlsFailed, "not_yet_valid", WORDS("The server's certificate is not valid yet"),
          WORDS("Check this computer's date and time.")},
    Words{ErrorCode::TlsFailed, "certificate_refused", WORDS("The server does not accept your certificate"),
          WORDS("It may have expired or been withdrawn, or belong to another server. Ask for a new one.")},
    Words{ErrorCode::TlsFailed, "", WORDS("No secure connection could be made"),
          WORDS("Check the address: the server may not be a billing server.")},
    Words{ErrorCode::InvalidValue, "server", WORDS("The address is not complete"),
          WORDS("It has the form https://name:port, with nothing behind it.")},
    Words{ErrorCode::FileUnreadable, "authorities", WORDS("The authority file cannot be read"),
          WORDS("Choose the file with the certificate of whoever issued the server's.")},
    Words{ErrorCode::FileUnreadable, "certificate", WORDS("The certificate file cannot be read"),
          WORDS("Check that it is there and that you may open it.")},
    Words{ErrorCode::FileUnreadable, "key", WORDS("The key file cannot be read"),
          WORDS("Check that it is there and that you may open it.")},
    Words{ErrorCode::InvalidKey, "authorities", WORDS("The authority file holds no certificate"),
          WORDS("Choose a file in PEM form: it begins with BEGIN CERTIFICATE.")},
    Words{ErrorCode::InvalidKey, "certificate", WORDS("The certificate file holds no certificate"),
          WORDS("Choose a file in PEM form: it begins with BEGIN CERTIFICATE.")},
    Words{ErrorCode::InvalidKey, "pair", WORDS("The key does not belong to the certificate"),
          WORDS("Choose the two files that were made together.")},
    Words{ErrorCode::InvalidToken, "token", WORDS("There is no usable token"),
          WORDS("Paste the whole token, without spaces or line breaks.")},
    Words{ErrorCode::MissingToken, "", WORDS("The server asks for a token"), WORDS("Sign in with one.")},
    Words{ErrorCode::ExpiredToken, "", WORDS("The token has expired"),
          WORDS("Tokens last for an hour. Ask for a new one and sign in again.")},
    Words{ErrorCode::TokenNotBoundToCertificate, "", WORDS("The token belongs to another certificate"),
          WORDS("Choose the certificate that the token was made for, or ask for a token for this one.")},
    Words{ErrorCode::UnknownSigningKey, "", WORDS("The token comes from another server"),
          WORDS("Ask for a token from this one.")},
    Words{ErrorCode::InvalidToken, "", WORDS("The server does not accept this token"),
          WORDS("Check that it was copied whole, or ask for a new one.")},
    Words{ErrorCode::InsufficientScope, "", WORDS("You may not see this"),
          WORDS("Your role does not allow it. Ask an administrator.")},
    Words{ErrorCode::NotFound, "", WORDS("It is not there"),
          WORDS("It may have been removed, or you may not see it.")},
    Words{ErrorCode::DocumentNotReady, "", WORDS("There is no PDF yet"),
          WORDS("That of a new invoice is made within moments.")},
    Words{ErrorCode::DraftHasNoDocument, "", WORDS("A draft has no PDF"),
          WORDS("It gets one when it is finalised; the preview shows what it will look like.")},
    Words{ErrorCode::DocumentSetAside, "", WORDS("The PDF could not be made"),
          WORDS("It is tried again by itself. The code below says why; tell whoever runs the server.")},
    Words{ErrorCode::TooManyRequests, "", WORDS("Too many searches at once"),
          WORDS("Try again in a moment.")},
    Words{ErrorCode::InvalidCursor, "", WORDS("The list has changed on the server"), WORDS("Read it anew.")},
    Words{ErrorCode::StorageBusy, "", WORDS("The server is busy"), WORDS("Try again in a moment.")},
    Words{ErrorCode::StorageUnavailable, "", WORDS("The server cannot reach its database"),
          WORDS("Try again in a minute; if it stays so, tell whoever runs the server.")},
    Words{ErrorCode::ShuttingDown, "", WORDS("The server is being restarted"),
          WORDS("Try again in a moment.")},
    Words{ErrorCode::AnswerTooLarge, "", WORDS("The answer is too large"),
          WORDS("No billing server answers so much. Check the address.")},
    Words{
        ErrorCode::UnusableAnswer, "", WORDS("The answer makes no sense"),
        WORDS(
            "Check the address: something else may be answering there. If it is right, the server may be of "
            "another version.")},
    Words{ErrorCode::FileUnwritable, "", WORDS("The file cannot be written"),
          WORDS("Check that the folder is there, that you may write to it and that the disk is not full.")},
    Words{ErrorCode::Cancelled, "", WORDS("Cancelled"), WORDS("Nothing was left behind.")},
};

#undef WORDS

QString translated(const char* text)
{
    return QCoreApplication::translate("Refusal", text);
}

Refusal inWords(const Error& error, const char* headline, const char* advice)
{
    return {error, translated(headline), translated(advice)};
}

Refusal refusalOfKey(const Error& error)
{
    if (error.detail == "encrypted")
        return inWords(error, QT_TRANSLATE_NOOP("Refusal", "The passphrase does not open the key"),
                       QT_TRANSLATE_NOOP("Refusal", "Type the passphrase of the key file."));
    return inWords(
        error, QT_TRANSLATE_NOOP("Refusal", "The key file holds no key"),
        QT_TRANSLATE_NOOP("Refusal", "Choose a file in PEM form: it begins with BEGIN PRIVATE KEY."));
}

} // namespace

Refusal refusalOf(const Error& error)
{
    if (error.code == ErrorCode::InvalidKey && error.subject == "key")
        return refusalOfKey(error);
    const auto* const found = std::find_if(words.begin(), words.end(), [&](const Words& row) {
        return row.code == error.code && (*row.subject == '\0' || error.subject == row.subject);
    });
    if (found != words.end())
        return inWords(error, found->headline, found->advice);
    return inWords(error, QT_TRANSLATE_NOOP("Refusal", "The server refused"),
                   QT_TRANSLATE_NOOP("Refusal", "Give the code below to whoever runs the server."));
}

} // namespace billing::console
