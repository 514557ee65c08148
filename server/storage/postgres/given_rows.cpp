#include "server/storage/postgres/given_rows.h"

#include "server/storage/postgres/wire_types.h"

namespace billing::postgres {

namespace {

std::string_view arrayType(Oid type)
{
    switch (static_cast<Type>(type)) {
    case Type::Int8:
        return "bigint[]";
    case Type::Bytes:
        return "bytea[]";
    default:
        return "text[]";
    }
}

std::string_view castTo(Oid type)
{
    return type == static_cast<Oid>(Type::Numeric) ? "::numeric" : "";
}

} // namespace

std::string givenRows(std::span<const GivenColumn> columns)
{
    std::string arrays;
    std::string names;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        arrays += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::";
        arrays += arrayType(columns[i].type);
        names += columns[i].name;
        names += ", ";
    }
    return "unnest(" + arrays + ") WITH ORDINALITY AS given (" + names + "given_row)";
}

std::string givenValue(const GivenColumn& column)
{
    return std::string("given.").append(column.name).append(castTo(column.type));
}

} // namespace billing::postgres
