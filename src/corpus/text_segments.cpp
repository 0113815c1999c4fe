// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/text_segments.h"

#include <unicode/ubrk.h>

#include <memory>

#include "core/log.h"

namespace lathe::corpus {
namespace {

struct CloseIterator {
    void operator()(UBreakIterator* iterator) const { ubrk_close(iterator); }
};
using Iterator = std::unique_ptr<UBreakIterator, CloseIterator>;

Iterator openIterator(UBreakIteratorType type) {
    UErrorCode status = U_ZERO_ERROR;
    Iterator iterator(ubrk_open(type, "", nullptr, 0, &status));
    if (U_FAILURE(status)) {
        logError("text", "ICU has no break iterator: {}", u_errorName(status));
        return {};
    }
    return iterator;
}

/// Opening one reads tables; a thread keeps its own. Null when ICU's data is not there.
UBreakIterator* iteratorOn(UBreakIteratorType type, std::u16string_view text) {
    thread_local const Iterator words = openIterator(UBRK_WORD);
    thread_local const Iterator characters = openIterator(UBRK_CHARACTER);
    UBreakIterator* iterator = type == UBRK_WORD ? words.get() : characters.get();
    UErrorCode status = U_ZERO_ERROR;
    if (iterator)
        ubrk_setText(iterator, text.data(), static_cast<std::int32_t>(text.size()), &status);
    return U_SUCCESS(status) ? iterator : nullptr;
}

}  // namespace

std::vector<TextSegment> wordSegments(std::u16string_view text) {
    std::vector<TextSegment> segments;
    const auto size = static_cast<std::int32_t>(text.size());
    UBreakIterator* iterator = size > 0 ? iteratorOn(UBRK_WORD, text) : nullptr;
    if (!iterator) {
        if (size > 0)
            segments.push_back({0, size, true});
        return segments;
    }
    for (std::int32_t begin = ubrk_first(iterator), end = ubrk_next(iterator); end != UBRK_DONE;
         begin = end, end = ubrk_next(iterator))
        segments.push_back({begin, end, ubrk_getRuleStatus(iterator) >= UBRK_WORD_NONE_LIMIT});
    return segments;
}

std::vector<std::int32_t> graphemeBoundaries(std::u16string_view text) {
    std::vector<std::int32_t> boundaries{0};
    const auto size = static_cast<std::int32_t>(text.size());
    if (UBreakIterator* iterator = size > 0 ? iteratorOn(UBRK_CHARACTER, text) : nullptr) {
        ubrk_first(iterator);
        for (std::int32_t end = ubrk_next(iterator); end != UBRK_DONE; end = ubrk_next(iterator))
            boundaries.push_back(end);
    } else if (size > 0) {
        boundaries.push_back(size);
    }
    return boundaries;
}

}  // namespace lathe::corpus
