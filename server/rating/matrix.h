// Which cell of a price matrix prices a dimension key: the one that agrees in most dimensions. Pure, any
// thread.
#pragma once

#include "shared/model/plan.h"

#include <span>

namespace billing {

/// The cell whose listed dimensions all have the listed values, the one with most dimensions first; a cell
/// without dimensions is the last resort. nullptr when none prices the key. A catalogue that was checked has
/// no ties.
const MatrixPrice* findCell(std::span<const MatrixPrice> matrix, const Dimensions& key);

} // namespace billing
