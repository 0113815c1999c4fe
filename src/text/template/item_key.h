// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What filters sort, select and compare items by: an attribute such as "function.name", in lower case unless told.
#pragma once

#include "text/template/context.h"

namespace lathe::text::jinja {

class ItemKey {
public:
    /// \param attribute None: the item itself; a str with dots for what lies deeper; an int.
    explicit ItemKey(const Value& attribute, bool ignoreCase = false, Value fallback = {});
    Value of(Context& context, const Value& item) const;
    int nesting() const { return m_fallback.nesting(); }

private:
    Values m_parts;
    bool m_ignoreCase;
    Value m_fallback;
};

/// Lower case, if it is a str.
Value withoutCase(Context& context, const Value& value);

}  // namespace lathe::text::jinja
