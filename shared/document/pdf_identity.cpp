#include "shared/document/pdf_identity.h"

#include <QCryptographicHash>

namespace billing::document {

namespace {

constexpr qsizetype identifierDigits = 32;

/// Writes text over what follows marker. False when the marker is not there, or when what stands there does
/// not end as the text does: then its length differs, as that of a local time with its offset would.
bool overwrite(QByteArray& pdf, const char* marker, const QByteArray& text)
{
    const qsizetype found = pdf.indexOf(marker);
    const qsizetype at = found + static_cast<qsizetype>(qstrlen(marker));
    if (found < 0 || pdf.mid(at + text.size() - 2, 2) != text.last(2))
        return false;
    std::copy(text.begin(), text.end(), pdf.begin() + at);
    return true;
}

/// "2023-12-01T00:00:00", always 19 characters for the years of a LocalDate.
QByteArray secondsOf(Instant created)
{
    return QByteArray::fromStdString(created.toText()).first(19);
}

bool fixDates(QByteArray& pdf, Instant created)
{
    const QByteArray iso = secondsOf(created);
    QByteArray compact = iso;
    compact.replace("-", "").replace("T", "").replace(":", "");
    return overwrite(pdf, "/CreationDate (D:", compact + "Z)") &&
           overwrite(pdf, "xmp:CreateDate=\"", iso + "Z\"") &&
           overwrite(pdf, "xmp:ModifyDate=\"", iso + "Z\"");
}

/// Both halves of /ID [ <first> <second> ]: a digest of the file with the identifiers blank.
bool fixIdentifier(QByteArray& pdf)
{
    constexpr char before[] = "/ID [ <";
    const QByteArray blank(identifierDigits, '0');
    const qsizetype at = pdf.lastIndexOf(before) + static_cast<qsizetype>(sizeof(before)) - 1;
    const qsizetype second = at + identifierDigits + 3;
    if (pdf.lastIndexOf(before) < 0 || second + identifierDigits + 1 > pdf.size() ||
        pdf.mid(at + identifierDigits, 3) != "> <" || pdf.at(second + identifierDigits) != '>')
        return false;
    pdf.replace(at, identifierDigits, blank);
    pdf.replace(second, identifierDigits, blank);
    const QByteArray digest =
        QCryptographicHash::hash(pdf, QCryptographicHash::Sha256).toHex().first(identifierDigits);
    pdf.replace(at, identifierDigits, digest);
    pdf.replace(second, identifierDigits, digest);
    return true;
}

} // namespace

Result<void> fixIdentity(QByteArray& pdf, Instant created)
{
    if (!fixDates(pdf, created) || !fixIdentifier(pdf))
        return Error{ErrorCode::RenderFailed, "document", "not the PDF structure that is known"};
    return {};
}

} // namespace billing::document
