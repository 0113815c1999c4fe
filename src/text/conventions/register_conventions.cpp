// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reads conventions.def; a new family needs no change here.
#include <algorithm>

#include "text/conventions/convention.h"

namespace lathe::text {

namespace conventions_def {
#define CONVENTION(name) Convention name();
#include "text/conventions/conventions.def"
#undef CONVENTION
}  // namespace conventions_def

const std::vector<Convention>& conventions() {
    static const std::vector<Convention> all{
#define CONVENTION(name) conventions_def::name(),
#include "text/conventions/conventions.def"
#undef CONVENTION
    };
    return all;
}

const Convention* findConvention(const OlderFolder& folder, bool fromPieces) {
    const auto find = [fromPieces](const std::string& name,
                                   std::vector<std::string_view> Convention::*list) -> const Convention* {
        for (const Convention& convention : conventions())
            if (convention.fromPieces == fromPieces &&
                std::ranges::find(convention.*list, name) != (convention.*list).end())
                return &convention;
        return nullptr;
    };
    if (const Convention* named = find(folder.tokenizerClass(), &Convention::classes))
        return named;
    return find(folder.modelType(), &Convention::models);
}

}  // namespace lathe::text
