// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/sample_filter.h"

namespace lathe::corpus {

bool SampleFilter::isUnfiltered() const {
    SampleFilter all;
    all.order = order;
    all.descending = descending;
    return *this == all;
}

}  // namespace lathe::corpus
