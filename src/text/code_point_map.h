// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A small number for each code point: pages of 256, made where something is stored. Thread: any, once filled.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

namespace lathe::text {

class CodePointMap {
public:
    /// -1 where nothing was stored.
    std::int32_t operator[](char32_t c) const {
        if (c > 0x10FFFF)
            return -1;
        const Page* page = m_pages[c >> 8].get();
        return page == nullptr ? -1 : (*page)[c & 0xFF];
    }
    void set(char32_t c, std::int32_t value) {
        if (c > 0x10FFFF)
            return;
        std::unique_ptr<Page>& page = m_pages[c >> 8];
        if (!page) {
            page = std::make_unique<Page>();
            page->fill(-1);
        }
        (*page)[c & 0xFF] = value;
    }

private:
    using Page = std::array<std::int32_t, 256>;
    std::array<std::unique_ptr<Page>, 0x1100> m_pages;
};

}  // namespace lathe::text
