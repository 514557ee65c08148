#include "server/rating/matrix.h"

#include <algorithm>

namespace billing {

namespace {

bool prices(const MatrixPrice& cell, const Dimensions& key)
{
    return std::all_of(cell.match.begin(), cell.match.end(), [&](const Dimension& wanted) {
        const std::string* value = findDimension(key, wanted.name);
        return value && *value == wanted.value;
    });
}

} // namespace

const MatrixPrice* findCell(std::span<const MatrixPrice> matrix, const Dimensions& key)
{
    const MatrixPrice* best = nullptr;
    for (const MatrixPrice& cell : matrix)
        if (prices(cell, key) && (!best || cell.match.size() > best->match.size()))
            best = &cell;
    return best;
}

} // namespace billing
