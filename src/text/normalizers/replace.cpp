// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Replace: a text or what a regular expression matches, by another text.
#include "text/normalizers/normalizer.h"
#include "text/pattern.h"

namespace lathe::text::normalizers {
namespace {

class ReplaceNormalizer final : public Normalizer {
public:
    ReplaceNormalizer(Pattern pattern, std::string content)
        : m_pattern(std::move(pattern)), m_content(std::move(content)) {}

    void normalize(AlignedText& text) const override {
        if (text.empty())
            return;
        std::vector<PatternPart> parts;
        m_pattern.parts(text.text(), parts);
        if (parts.size() == 1 && !parts.front().isMatch)
            return;
        AlignedText::Editor editor(text);
        for (const PatternPart& part : parts) {
            if (!part.isMatch)
                editor.keep(part.begin, part.end);
            else  // the new text has the origin of the last character that goes
                editor.put(m_content, part.end == 0 ? 0 : part.end - 1);
        }
        editor.finish();
    }

private:
    Pattern m_pattern;
    std::string m_content;
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Replace(const ComponentSource& source) {
    LATHE_TRY(Pattern pattern, Pattern::read(source));
    return std::make_unique<ReplaceNormalizer>(std::move(pattern), source.json.at("content").get<std::string>());
}

}  // namespace lathe::text::normalizers
