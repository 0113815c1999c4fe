// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/augmentation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "train/detail/objective.h"

namespace lathe::train {
namespace {

constexpr std::uintmax_t kMaxSynonymBytes = 256u << 20;

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The code point at \p at of valid UTF-8, and its bytes; anything else counts as one byte.
std::pair<char32_t, std::size_t> codePoint(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (at + length > text.size() || length == 1)
        return {lead, 1};
    char32_t point = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        point = point << 6 | (byte(at + i) & 0x3Fu);
    return {point, length};
}

/// Letters and digits that make words with those beside them; not those of scripts without spaces.
bool joinsWords(char32_t c) {
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool withoutSpaces = (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x2E80 && c <= 0x9FFF) ||
                               (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFFEF) || c >= 0x20000;
    const bool punctuation = (c >= 0x80 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F);
    return !withoutSpaces && !punctuation;
}

bool isBoundary(std::string_view text, std::size_t at) {
    if (at == 0 || at >= text.size())
        return true;
    std::size_t before = at - 1;
    while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0u) == 0x80)
        --before;
    return !joinsWords(codePoint(text, before).first) || !joinsWords(codePoint(text, at).first);
}

bool isSpecial(const Masking& special, std::int64_t id) {
    return std::ranges::binary_search(special.never, id);
}

class AugmentedSource final : public BatchSource {
public:
    AugmentedSource(AugmentedParts parts, AugmentationOptions options, Synonyms synonyms)
        : m_parts(std::move(parts)), m_options(std::move(options)), m_synonyms(std::move(synonyms)) {}
    const std::vector<std::int32_t>& lengths() const override { return m_parts.texts.lengths(); }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        return m_parts.texts.objective(options);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const override {
        TrainBatch batch = m_parts.texts.make(items, salt);
        std::vector<std::vector<std::int64_t>> rows;
        for (std::size_t b = 0; b < items.size(); ++b) {
            const auto item = static_cast<std::size_t>(items[b]);
            Random random(mixSeed(salt, item, 0x61756764ull /* "augd" */));
            rows.push_back(rowOf(batch.input, b, item, random));
            disturbTokens(rows.back(), m_options, m_parts.special, random);
        }
        pad(rows, batch);
        return batch;
    }

private:
    /// The item's ids without padding: those of the batch, or of the text with other words.
    std::vector<std::int64_t> rowOf(const nn::Batch& input, std::size_t row, std::size_t item, Random& random) const {
        if (m_options.replacesWords()) {
            const std::string& text = m_parts.originals[item];
            if (const std::string other = m_synonyms.replace(text, m_options.synonym, random); other != text) {
                const auto ids = encodeText(m_parts.tokenizer, other, -1, m_parts.maxTokens).ids;
                return {ids.begin(), ids.end()};
            }
        }
        const auto* ids = input.ids.data_ptr<std::int64_t>() + static_cast<std::int64_t>(row) * input.ids.size(1);
        return {ids, ids + lengths()[item]};
    }

    void pad(const std::vector<std::vector<std::int64_t>>& rows, TrainBatch& batch) const {
        std::size_t longest = 1;
        batch.tokens = 0;
        for (const auto& row : rows) {
            longest = std::max(longest, row.size());
            batch.tokens += static_cast<std::int64_t>(row.size());
        }
        const bool even = std::ranges::all_of(rows, [&](const auto& row) { return row.size() == longest; });
        const auto count = static_cast<std::int64_t>(rows.size()), width = static_cast<std::int64_t>(longest);
        batch.input.ids = torch::full({count, width}, std::max<std::int64_t>(0, m_parts.padId), torch::kInt64);
        batch.input.mask = even ? torch::Tensor() : torch::zeros({count, width}, torch::kInt64);
        auto* ids = batch.input.ids.data_ptr<std::int64_t>();
        auto* mask = even ? nullptr : batch.input.mask.data_ptr<std::int64_t>();
        for (std::int64_t b = 0; b < count; ++b) {
            const auto& row = rows[static_cast<std::size_t>(b)];
            std::ranges::copy(row, ids + b * width);
            if (mask)
                std::fill_n(mask + b * width, row.size(), 1);
        }
    }

    AugmentedParts m_parts;
    AugmentationOptions m_options;
    Synonyms m_synonyms;
};

}  // namespace

Result<Synonyms> Synonyms::load(const std::filesystem::path& file) {
    LATHE_TRY(const std::string text, readFile(file, kMaxSynonymBytes));
    Synonyms synonyms;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        std::string_view line = trimmed(std::string_view(text).substr(at, end - at));
        at = end + 1;
        ++number;
        if (number == 1 && line.starts_with("\xEF\xBB\xBF"))
            line.remove_prefix(3);
        if (line.empty() || line.starts_with("#"))
            continue;
        const auto split = line.find_first_of(":\t");
        const std::string word = lower(trimmed(line.substr(0, split)));
        std::vector<std::string> others;
        for (std::size_t from = split; from < line.size();) {
            const auto to = std::min(line.find_first_of(",\t", from + 1), line.size());
            if (const auto other = trimmed(line.substr(from + 1, to - from - 1)); !other.empty())
                others.emplace_back(other);
            from = to;
        }
        if (word.empty() || others.empty())
            return fail(ErrorCode::Parse, fmt::format("{}, line {}: write a word, a colon and its synonyms, as in "
                                                      "car: automobile, motor car",
                                                      file.string(), number));
        synonyms.m_longest = std::max(synonyms.m_longest, word.size());
        auto& known = synonyms.m_words[word];
        known.insert(known.end(), others.begin(), others.end());
    }
    return synonyms;
}

std::string Synonyms::replace(std::string_view text, double share, Random& random) const {
    const std::string plain = lower(text);
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto found = [&] {
            if (isBoundary(plain, at))
                for (std::size_t length = std::min(m_longest, plain.size() - at); length > 0; --length)
                    if (const auto word = m_words.find(plain.substr(at, length));
                        word != m_words.end() && isBoundary(plain, at + length))
                        return word;
            return m_words.end();
        }();
        const bool isWord = found != m_words.end();
        const std::size_t length = isWord ? found->first.size() : codePoint(text, at).second;
        if (isWord && random.unit() < share)
            result += found->second[random.below(found->second.size())];
        else
            result += text.substr(at, length);
        at += length;
    }
    return result;
}

void disturbTokens(std::vector<std::int64_t>& ids, const AugmentationOptions& options, const Masking& special,
                   Random& random) {
    if (options.swap > 0)
        for (std::size_t i = 0; i + 1 < ids.size(); ++i)
            if (random.unit() < options.swap && !isSpecial(special, ids[i]) && !isSpecial(special, ids[i + 1])) {
                std::swap(ids[i], ids[i + 1]);
                ++i;  // what was moved is not moved on
            }
    if (options.remove > 0) {
        auto left = std::ranges::count_if(ids, [&](auto id) { return !isSpecial(special, id); });
        std::erase_if(ids, [&](std::int64_t id) {
            const bool goes = random.unit() < options.remove && !isSpecial(special, id) && left > 1;
            left -= goes;
            return goes;
        });
    }
    if (options.mask > 0 && special.maskId >= 0)
        for (auto& id : ids)
            if (random.unit() < options.mask && !isSpecial(special, id))
                id = special.maskId;
}

Result<std::unique_ptr<BatchSource>> makeAugmentedSource(AugmentedParts parts, const AugmentationOptions& options) {
    const auto& lengths = parts.texts.lengths();
    if (!lengths.empty()) {
        const TrainBatch probe = parts.texts.make(std::vector<std::int32_t>{0}, 0);
        const bool plain = !probe.rows.defined() && !probe.input.typeIds.defined() &&
                           !probe.input.decoderIds.defined() && probe.input.ids.size(0) == 1;
        if (!plain || lengths.size() != parts.originals.size())
            return fail(ErrorCode::InvalidInput,
                        "augmentation is for whole texts with labels: of spans, pairs and answers the targets would "
                        "not fit any more; set augment_mask, augment_delete, augment_swap and augment_synonym to 0");
    }
    if (options.mask > 0 && parts.special.maskId < 0)
        return fail(ErrorCode::InvalidInput,
                    "augment_mask needs a model whose tokenizer has a mask token; set it to 0, or augment_delete");
    std::ranges::sort(parts.special.never);
    Synonyms synonyms;
    if (options.replacesWords()) {
        LATHE_TRY(synonyms, Synonyms::load(options.synonyms));
    }
    return std::make_unique<AugmentedSource>(std::move(parts), options, std::move(synonyms));
}

}  // namespace lathe::train
