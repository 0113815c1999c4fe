// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BertNormalizer: control characters go, Chinese characters stand alone, accents and capitals go.
#include "text/bert_characters.h"
#include "text/normalizers/normalizer.h"
#include "text/unicode/char_class.h"
#include "text/unicode/normal_form.h"

namespace lathe::text::normalizers {
namespace {

/// Rewrites a text character by character: \p rewrite(c, at, editor) puts what is to stand in its place.
template <class Rewrite>
void rewriteEach(AlignedText& text, const Rewrite& rewrite) {
    const std::string_view old = text.text();
    AlignedText::Editor editor(text);
    for (std::size_t pos = 0; pos < old.size();) {
        const std::size_t at = pos;
        rewrite(nextCodePoint(old, pos), at, editor);
    }
    editor.finish();
}

class BertNormalizerComponent final : public Normalizer {
public:
    explicit BertNormalizerComponent(const BertNormalization& options) : m_options(options) {}

    void normalize(AlignedText& text) const override {
        if (m_options.cleanText)
            rewriteEach(text, [](char32_t c, std::size_t at, AlignedText::Editor& editor) {
                if (c == '\t' || c == '\n' || c == '\r' || (isSpace(c) && !isBertControl(c)))
                    editor.put(U' ', at);
                else if (c != 0 && c != kReplacement && !isBertControl(c))
                    editor.put(c, at);
            });
        if (m_options.chineseCharacters)
            rewriteEach(text, [](char32_t c, std::size_t at, AlignedText::Editor& editor) {
                const bool alone = BertCharacters::isChinese(c);
                if (alone)
                    editor.put(U' ', at);
                editor.put(c, at);
                if (alone)
                    editor.put(U' ', at);
            });
        if (m_options.stripAccents) {
            text::normalize(text, NormalForm::Nfd);
            rewriteEach(text, [](char32_t c, std::size_t at, AlignedText::Editor& editor) {
                if (!isBertAccent(c))
                    editor.put(c, at);
            });
        }
        if (m_options.lowercase)
            rewriteEach(text, [](char32_t c, std::size_t at, AlignedText::Editor& editor) {
                lowerCase(c, [&](char32_t lower) { editor.put(lower, at); });
            });
    }

private:
    BertNormalization m_options;
};

}  // namespace

Result<std::unique_ptr<Normalizer>> BertNormalizer(const ComponentSource& source) {
    BertNormalization options;
    options.cleanText = source.value("clean_text", true);
    options.chineseCharacters = source.value("handle_chinese_chars", true);
    options.lowercase = source.value("lowercase", true);
    options.stripAccents = source.value("strip_accents", options.lowercase);
    return std::make_unique<BertNormalizerComponent>(options);
}

}  // namespace lathe::text::normalizers
