#include "console/models/token_claims.h"

#include "shared/wire/json_reader.h"

#include <QStringList>

namespace billing::console {

TokenClaims claimsOf(const QByteArray& token)
{
    const QList<QByteArray> parts = token.split('.');
    if (parts.size() != 3)
        return {};
    const QByteArray body = QByteArray::fromBase64(parts[1], QByteArray::Base64UrlEncoding);
    const auto document = wire::JsonDocument::parse(body.toStdString());
    if (!document || document->root().kind() != wire::JsonKind::Object)
        return {};
    wire::ObjectReader reader(document->root());
    const auto text = [&](std::string_view name) {
        return QString::fromStdString(reader.optionalString(name)).left(200);
    };
    return {text("sub"), text("role"),
            text("scope").split(QLatin1Char(' ')).contains(QLatin1String("billing:write")), text("tenant")};
}

} // namespace billing::console
