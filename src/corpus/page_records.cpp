// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/page_records.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "corpus/detail/record_window.h"

namespace lathe::corpus::detail {

Result<PageText> readPage(Utf8Stream& stream) {
    constexpr std::size_t kMaxBad = 1000;
    PageText page;
    std::string text;
    while (text.size() <= static_cast<std::size_t>(kMaxRecordBytes)) {
        LATHE_TRY(const bool any, stream.read(text));
        if (!any)
            break;
    }
    page.bytes = stream.bytesRead();
    if (text.size() > static_cast<std::size_t>(kMaxRecordBytes)) {
        page.isTooLong = true;
        page.text = rowBeginning(text);
        return page;
    }
    const bool isClean = countBadBytes(text) == 0 && text.find('\0') == std::string::npos;
    if (isClean) {
        page.text = std::move(text);
        return page;
    }
    std::int64_t line = 1;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        const std::string_view one = std::string_view(text).substr(at, end - at);
        if (std::string reason = badTextReason(one, stream.encoding()); !reason.empty() && page.bad.size() < kMaxBad)
            page.bad.push_back({line, std::move(reason), rowBeginning(one), "", false});
        page.text += withoutBadBytes(one);
        at = end;
    }
    std::ranges::replace(page.text, '\0', ' ');
    return page;
}

std::string badWithin(const PageText& page, std::int64_t line, std::int64_t nextLine) {
    for (const ImportIssue& bad : page.bad)
        if (bad.line >= line && bad.line < nextLine)
            return bad.line == line ? bad.reason : fmt::format("line {}: {}", bad.line, bad.reason);
    return {};
}

Record tooLongRecord(const PageText& page) {
    Record record;
    record.line = 1;
    record.cells.assign(1, page.text);
    record.error = fmt::format("the file is longer than {}, the limit of a text", humanBytes(kMaxRecordBytes));
    return record;
}

}  // namespace lathe::corpus::detail
