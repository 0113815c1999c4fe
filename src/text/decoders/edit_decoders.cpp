// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders that edit each token: Replace, Strip.
#include "core/utf8.h"
#include "text/decoders/decoder.h"
#include "text/pattern.h"

namespace lathe::text::decoders {
namespace {

class ReplaceDecoder final : public Decoder {
public:
    ReplaceDecoder(Pattern pattern, std::string content)
        : m_pattern(std::move(pattern)), m_content(std::move(content)) {}
    void decode(std::vector<std::string>& tokens) const override {
        std::vector<PatternPart> parts;
        for (std::string& token : tokens) {
            m_pattern.parts(token, parts);
            if (parts.size() == 1 && !parts.front().isMatch)
                continue;
            std::string out;
            for (const PatternPart& part : parts)
                out += part.isMatch ? m_content : token.substr(part.begin, part.end - part.begin);
            token = std::move(out);
        }
    }

private:
    Pattern m_pattern;
    std::string m_content;
};

class StripDecoder final : public Decoder {
public:
    StripDecoder(std::string content, std::size_t start, std::size_t stop)
        : m_content(std::move(content)), m_start(start), m_stop(stop) {}
    void decode(std::vector<std::string>& tokens) const override {
        for (std::string& token : tokens) {
            std::string_view rest = token;
            for (std::size_t i = 0; i < m_start && rest.starts_with(m_content); ++i)
                rest.remove_prefix(m_content.size());
            for (std::size_t i = 0; i < m_stop && rest.ends_with(m_content); ++i)
                rest.remove_suffix(m_content.size());
            if (rest.size() != token.size())
                token = std::string(rest);
        }
    }

private:
    std::string m_content;  // one character
    std::size_t m_start, m_stop;
};

}  // namespace

Result<std::unique_ptr<Decoder>> Replace(const ComponentSource& source) {
    LATHE_TRY(Pattern pattern, Pattern::read(source));
    return std::make_unique<ReplaceDecoder>(std::move(pattern), source.json.at("content").get<std::string>());
}

Result<std::unique_ptr<Decoder>> Strip(const ComponentSource& source) {
    const std::string content = source.text("content", " ");
    if (countCodePoints(content) != 1)
        return source.invalid(fmt::format("its content \"{}\" is not one character", content));
    const auto start = source.value<std::int64_t>("start", 0);
    const auto stop = source.value<std::int64_t>("stop", 0);
    if (start < 0 || stop < 0)
        return source.invalid("it is to strip a negative number of characters");
    return std::make_unique<StripDecoder>(content, static_cast<std::size_t>(start), static_cast<std::size_t>(stop));
}

}  // namespace lathe::text::decoders
